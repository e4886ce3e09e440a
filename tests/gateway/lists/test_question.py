import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.config.settings import Settings
from gateway.lists.question import PARAMETERS, read_question
from schema.inputs.bad_input import BadUserInput
from schema.limits.limits import Limits
from tests.engine_place import Place, PlainPlace, UrlPlace, write
from tests.gateway.http_client import application, serving, status_of
from tests.library import LIBRARY
from tests.samples import plain


def test_a_question_is_the_same_in_whatever_order_its_parameters_are_given():
    one, other = read_question(b"topic=b&q=x&topic=a&first="), read_question(b"q=x&first=&topic=b&topic=a")
    assert one == other
    assert one.query_string(after=None) == "?q=x&topic=b&topic=a"


def test_the_address_of_another_page_is_that_of_the_same_question():
    question = read_question(b"q=C%2B%2B%20%26&after=here&ranking=heat")
    assert question.after == "here"
    assert question.query_string(after=None) == "?q=C%2B%2B+%26&ranking=heat"
    assert question.query_string(after="there") == "?q=C%2B%2B+%26&ranking=heat&after=there"
    assert read_question(b"").query_string(after=None) == ""


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("first=ten", "first: 'ten' is no whole number; ask for 0 to 100 entries"),
        ("first=%D9%A1", "first: '\u0661' is no whole number; ask for 0 to 100 entries"),
        (f"first={'9' * 5000}", f"first: '{'9' * 40}…' is no whole number; ask for 0 to 100 entries"),
        ("from=soon", "from: 'soon' is no timestamp; write one like 2020-02-06T01:27:00Z or 2020-02-06"),
        ("to=2024-13-01", "to: '2024-13-01' is no timestamp; write one like 2020-02-06T01:27:00Z or 2020-02-06"),
        ("ranking=newst", "ranking: 'newst' is no ranking; did you mean newest?"),
        (
            "ranking=x",
            "ranking: 'x' is no ranking; choose one of relevance, newest, oldest, quality, heat and trending",
        ),
        ("topics=ai", "'topics': there is no such parameter; did you mean topic?"),
        (
            "zzz=",
            f"'zzz': there is no such parameter; there are {', '.join(PARAMETERS[:-1])} and after",
        ),
        ("topic=" + "a" * 501, "topic: 501 characters, and at most 500 are allowed"),
        ("provider=" + "a" * 501, "provider: 501 characters, and at most 500 are allowed"),
        ("q=a&q=b", "q: it is given more than once; only topic, provider, category and type may be"),
        ("hasImage=yes", "hasImage: 'yes' is neither 1 nor 0; write hasImage=1, or leave it out"),
        ("qualityAtLeast=high", "qualityAtLeast: 'high' is no whole number; ask for a quality like 50"),
        ("offset=1", f"'offset': there is no such parameter; there are {', '.join(PARAMETERS[:-1])} and after"),
        ("q=%FF", "address: it must be percent-encoded UTF-8, with at most 100 parameters"),
        ("q=%ED%A0%80", "address: it must be percent-encoded UTF-8, with at most 100 parameters"),
        ("&".join(["topic=a"] * 101), "address: it must be percent-encoded UTF-8, with at most 100 parameters"),
    ],
)
def test_what_makes_no_sense_is_named_with_its_remedy(query: str, message: str):
    with pytest.raises(BadUserInput) as error:
        read_question(query.encode())
    assert str(error.value) == message


async def test_a_long_text_is_refused_as_in_graphql():
    async with serving([plain("a")], Settings(limits=Limits(max_search_length=5))) as http:
        response = await http.get("/search.json?q=apples&first=1")
    assert response.status_code == 400
    assert response.json()["errors"] == [
        {
            "message": "q: 6 characters, and at most 5 are allowed; search for fewer words",
            "extensions": {"code": "BAD_USER_INPUT"},
        }
    ]


@pytest.mark.parametrize(("first", "problem"), [("101", "more than a page holds"), ("-1", "negative")])
async def test_a_page_has_the_sizes_it_has_in_graphql(first: str, problem: str):
    async with serving([plain("a")]) as http:
        response = await http.get(f"/search.json?first={first}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"].startswith(f"first: {first} is {problem}; ask for")


@pytest.mark.parametrize("door", ["search.json", "feed.atom", "feed.json"])
async def test_a_list_that_costs_more_than_an_operation_may_is_refused_as_in_graphql(door: str):
    settings = Settings(limits=Limits(max_cost=1100))
    async with serving([plain("a")], settings) as http:
        fine, dear = [await http.get(f"/{door}?first=50&q={'x' * length}") for length in (40, 60)]
    assert fine.status_code == 200
    assert dear.status_code == 400
    [error] = dear.json()["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert error["message"].startswith("The query costs 1133, and at most 1100 is allowed. Ask for fewer articles")


NAMES = st.sampled_from([b"q", b"topic", b"provider", b"from", b"to", b"ranking", b"first", b"after", b"other", b""])
ESCAPES = st.binary(max_size=30).map(lambda octets: b"".join(b"%%%02X" % octet for octet in octets))
TYPED = (
    st.text(max_size=20)
    .map(lambda text: text.encode("utf-8", "replace"))
    .map(lambda octets: b"".join(b"%%%02X" % octet for octet in octets))
)
VALUES = st.one_of(
    ESCAPES,
    TYPED,
    st.binary(max_size=30),
    st.dates().map(lambda day: day.isoformat().encode()),
    st.datetimes(timezones=st.timezones() | st.none()).map(lambda instant: instant.isoformat().encode()),
    st.sampled_from([b"%ED%A0%80", b"%00", b"a" * 10_000, b"%22" * 99, b"0001-01-01", b"9999-12-31", b"newest", b"5"]),
)
QUERY_STRINGS = st.lists(st.tuples(NAMES, VALUES).map(b"=".join), max_size=4).map(b"&".join) | st.binary(max_size=60)


@pytest.fixture(scope="module", params=["plain", "whoosh"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An index of the articles, of each kind."""
    place = PlainPlace() if request.param == "plain" else UrlPlace(f"whoosh://{tmp_path_factory.mktemp('index')}/index")
    write(place, LIBRARY)
    return place


@settings(max_examples=15)
@given(query_strings=st.lists(QUERY_STRINGS, min_size=1, max_size=20))
async def test_no_address_makes_a_search_or_feed_fail(place: Place, query_strings: list[bytes]):
    async with application((), place=place) as app:
        for query_string in query_strings:
            statuses = {
                await status_of(app, path, query_string) for path in ("/search.json", "/feed.atom", "/feed.json")
            }
            assert statuses in ({200}, {400})
