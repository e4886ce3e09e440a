import json
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.config.settings import Settings
from gateway.lists.facets import SPREADS, VALUES
from indexer.article import Provider
from indexer.search.engine import SearchEngine
from schema.cost.plain_lists import cost_of_list
from schema.limits.limits import Limits
from tests.engine_place import PlainPlace, UrlPlace
from tests.gateway.http_client import serving, without_index
from tests.gateway.twice import Twice, steps
from tests.replacing import replace
from tests.samples import DAY, MOMENT, NOW, full, plain
from tests.schema.engines import CountingEngine

WEEKLY = Provider(domain="weekly.example", name="The Weekly")
ARTICLES = (
    replace(plain("apples"), title="Apples are ripe", topics=("Fruit",)),
    replace(plain("pears"), title="Pears are ripe", topics=("Fruit", "AI"), published_date_time=NOW - 2 * DAY),
    replace(plain("robots"), title="Robots pick apples", topics=("AI",), published_date_time=NOW - 3 * DAY),
    replace(plain("clouds"), title="Clouds", provider=WEEKLY, published_date_time=NOW - 4 * DAY),
    replace(plain("draft"), title="Apples unseen", topics=("Fruit",), published=False),
    replace(plain("future"), title="Apples to come", topics=("Fruit",), published_date_time=NOW + 365_000 * DAY),
)


async def ask(http: AsyncClient, **parameters: str | list[str]) -> Any:
    response = await http.get("/search.json", params=parameters)
    assert response.status_code == 200, response.text
    return response.json()


async def keys(**parameters: str | list[str]) -> list[str]:
    async with serving(ARTICLES) as http:
        return [hit["key"] for hit in (await ask(http, **parameters))["hits"]]


@pytest.mark.parametrize("signs", ["#", "&&", "...", "?", '""', "\U0001f1e9\U0001f1ea"])
async def test_signs_alone_find_nothing(signs: str):
    async with serving(ARTICLES) as http:
        answer = await ask(http, q=signs)
        feed = (await http.get("/feed.json", params={"q": signs})).json()
    assert (answer["query"], answer["total"], answer["hits"], answer["didYouMean"]) == (signs, 0, [], None)
    assert feed["items"] == []


async def test_a_hit_has_what_a_search_box_shows():
    async with serving([full("a")], Settings(asset_base_url="https://img.example")) as http:
        answer = await ask(http, q=" opens ")
    [hit] = answer.pop("hits")
    assert {"query": "opens", "total": 1, "next": None}.items() <= answer.items()
    assert hit.pop("score") > 0
    expected = {
        "key": "a",
        "title": "C++ café opens in 東京",
        "excerpt": "Runners ran.\nThey run\tagain: <b>A.I.</b> & GPT-4",
        "publishedDateTime": "2024-05-30T12:00:00.123457Z",
        "webUrl": "https://naive.example/a",
        "topics": ["AI", "Machine Learning", "東京"],
        "provider": {"name": "Naïve & Sons", "domain": "naïve.example"},
        "image": {
            "url": "https://img.example/assets/portrait.png",
            "width": 640,
            "height": 480,
            "title": "A “portrait”",
        },
    }
    assert expected.items() <= hit.items()


async def test_what_an_article_has_not_is_null():
    async with serving([plain("a")]) as http:
        [hit] = (await ask(http))["hits"]
    assert (hit["excerpt"], hit["image"], hit["score"], hit["topics"]) == (None, None, None, [])


async def test_drafts_and_later_articles_are_neither_found_nor_counted():
    async with serving(ARTICLES) as http:
        found, everything = await ask(http, q="apples"), await ask(http)
    assert ({hit["key"] for hit in found["hits"]}, found["total"]) == ({"apples", "robots"}, 2)
    assert everything["total"] == 4


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"topic": "ai"}, ["pears", "robots"]),
        ({"topic": ["ai", "FRUIT"]}, ["apples", "pears", "robots"]),
        ({"provider": "Weekly.Example"}, ["clouds"]),
        ({"provider": ["weekly.example", "daily.example"], "topic": "ai"}, ["pears", "robots"]),
        ({"ranking": "oldest", "first": "2"}, ["clouds", "robots"]),
        ({"ranking": "OLDEST", "first": "1"}, ["clouds"]),
        ({"first": "0"}, []),
        ({"q": "", "topic": "", "from": " ", "first": "", "after": ""}, ["apples", "pears", "robots", "clouds"]),
        ({"from": "2024-05-30"}, ["apples", "pears"]),
        ({"from": "2024-05-31T12:00:00Z"}, ["apples"]),
        ({"from": "2024-05-31T12:00:00.000001Z"}, []),
        ({"to": "2024-05-29"}, ["robots", "clouds"]),
        ({"to": "2024-05-29T12:00:00Z"}, ["robots", "clouds"]),
        ({"to": "2024-05-29T11:59:59Z"}, ["clouds"]),
        ({"from": "2024-05-29", "to": "2024-05-29"}, ["robots"]),
        ({"to": "9999-12-31"}, ["apples", "pears", "robots", "clouds"]),
        ({"to": "9999-12-31T23:59:59.999999Z"}, ["apples", "pears", "robots", "clouds"]),
        ({"to": "2024-05-29T13:00:00+01:00"}, ["robots", "clouds"]),
    ],
)
async def test_articles_are_narrowed_and_ordered(parameters: dict[str, str | list[str]], expected: list[str]):
    assert await keys(**parameters) == expected


async def test_a_day_ends_with_its_last_moment():
    midnight = NOW.replace(hour=0)
    around = [
        replace(plain(f"{place}"), published_date_time=midnight + place * MOMENT, web_url=f"https://d.example/{place}")
        for place in (-1, 0)
    ]
    async with serving(around) as http:
        assert [hit["key"] for hit in (await ask(http, to="2024-05-31"))["hits"]] == ["-1"]


async def test_a_zone_may_be_written_with_a_plus_that_is_not_escaped():
    async with serving(ARTICLES) as http:
        response = await http.get("/search.json?to=2024-05-29T13:00:00+01:00")
    assert [hit["key"] for hit in response.json()["hits"]] == ["robots", "clouds"]


async def test_pages_follow_each_other():
    seen: list[str] = []
    after: str | None = ""
    async with serving(ARTICLES) as http:
        for _ in range(4):
            page = await ask(http, first="1", after=after or "")
            assert page["total"] == 4
            seen += [hit["key"] for hit in page["hits"]]
            after = page["next"]
    assert (seen, after) == (["apples", "pears", "robots", "clouds"], None)


async def test_matches_are_marked_in_html(tmp_path: Path):
    article = replace(plain("a"), title="Q&A: <b>apples</b>", excerpt=f"{'Pears & plums. ' * 40}An apple. {'x ' * 200}")
    other = replace(plain("b"), title="<i>Plums</i>")
    async with serving([article, other], place=UrlPlace(f"whoosh://{tmp_path}/index")) as http:
        [found] = (await ask(http, q="apples"))["hits"]
        everything = (await ask(http))["hits"]
    assert found["highlights"]["title"] == "Q&amp;A: &lt;b&gt;<mark>apples</mark>&lt;/b&gt;"
    assert re.fullmatch(r"….*&amp; plums\. An <mark>apple</mark>\. x .*…", found["highlights"]["excerpt"])
    assert len(found["highlights"]["excerpt"]) < 300
    assert [hit["highlights"]["title"] for hit in everything] == [
        "Q&amp;A: &lt;b&gt;apples&lt;/b&gt;",
        "&lt;i&gt;Plums&lt;/i&gt;",
    ]
    assert everything[1]["highlights"]["excerpt"] is None


async def test_the_lead_stands_in_for_an_excerpt_that_is_missing(tmp_path: Path):
    article = replace(plain("a"), lead="Owls & mice.", body="Owls & *mice*.")
    async with serving([article], place=UrlPlace(f"whoosh://{tmp_path}/index")) as http:
        [hit] = (await ask(http, q="mouse OR mice"))["hits"]
        graphql = await http.post("/graphql", json={"query": "{ articles { nodes { excerpt body } } }"})
    assert (hit["excerpt"], hit["highlights"]["excerpt"]) == ("Owls & mice.", "Owls &amp; <mark>mice</mark>.")
    assert graphql.json()["data"]["articles"]["nodes"] == [{"excerpt": None, "body": "Owls & *mice*."}]


@settings(max_examples=20)
@given(title=st.text(), typed=st.text(alphabet="ab<>&\"'; ", max_size=12))
async def test_no_title_brings_markup_of_its_own(tmp_path_factory: pytest.TempPathFactory, title: str, typed: str):
    article = replace(plain("a"), title=f"{title} ab <mark> {typed}", excerpt=title)
    async with serving([article], place=UrlPlace(f"whoosh://{tmp_path_factory.mktemp('index')}/index")) as http:
        hits = [hit for query in ("ab", typed) for hit in (await ask(http, q=query))["hits"]]
    for hit in hits:
        shown = hit["highlights"]["title"].replace("<mark>", "").replace("</mark>", "")
        assert not set("<>\"'") & set(shown)
        assert unescape(shown) == article.title
    assert "<mark>" in hits[0]["highlights"]["title"]


async def test_a_misspelt_word_is_forgiven_and_a_correction_offered(tmp_path: Path):
    async with serving(ARTICLES, place=UrlPlace(f"whoosh://{tmp_path}/index")) as http:
        answer = await ask(http, q="robosts")
        [corrected] = (await ask(http, q=answer["didYouMean"]))["hits"]
    assert [hit["key"] for hit in answer["hits"]] == ["robots"]
    assert (answer["total"], answer["didYouMean"], corrected["key"]) == (1, "robots", "robots")


async def test_where_nothing_has_all_words_those_that_were_given_up_are_named(tmp_path: Path):
    async with serving(ARTICLES, place=UrlPlace(f"whoosh://{tmp_path}/index")) as http:
        answer = await ask(http, q="clouds robots pick")
    assert answer["hits"]
    assert (answer["total"], answer["relaxed"]) == (len(answer["hits"]), True)
    assert set(answer["leftOut"]) < {"clouds", "robots", "pick"}


async def test_without_words_nothing_was_corrected_or_given_up():
    async with serving(ARTICLES) as http:
        answer = await ask(http, topic="ai")
    assert (answer["didYouMean"], answer["relaxed"], answer["leftOut"]) == (None, False, [])


async def test_a_cursor_is_one_of_graphql_and_the_other_way_round():
    arguments = 'search: "ripe", topic: "Fruit", ranking: OLDEST, first: 1'
    async with serving(ARTICLES) as http:
        page = await ask(http, q="ripe", topic="Fruit", ranking="oldest", first="1")
        query = f'{{ articles({arguments}, after: "{page["next"]}") {{ nodes {{ key }} }} }}'
        there = (await http.post("/graphql", json={"query": query})).json()
        query = f"{{ articles({arguments}) {{ nodes {{ key }} pageInfo {{ endCursor }} }} }}"
        first = (await http.post("/graphql", json={"query": query})).json()["data"]["articles"]
        after = first["pageInfo"]["endCursor"]
        here = await ask(http, q="ripe", topic="Fruit", ranking="oldest", first="1", after=after)
    assert [hit["key"] for hit in page["hits"]] == ["pears"]
    assert there["data"]["articles"]["nodes"] == [{"key": "apples"}]
    assert [hit["key"] for hit in here["hits"]] == ["apples"]


async def test_a_cursor_of_another_list_is_refused():
    async with serving(ARTICLES) as http:
        after = (await ask(http, first="1"))["next"]
        for parameters, problem in (
            ({"after": after, "topic": "ai"}, "after: this cursor is from another list; "),
            ({"after": after, "ranking": "heat"}, "after: this cursor is from a list ordered by newest"),
            ({"after": "nonsense"}, "after: 'nonsense' is no cursor of this API; "),
        ):
            response = await http.get("/search.json", params=parameters)
            assert response.status_code == 400
            assert response.json()["errors"][0]["message"].startswith(problem)


async def test_other_sites_may_search_and_nothing_is_kept():
    async with serving(ARTICLES) as http:
        response = await http.get("/search.json", headers={"origin": "https://site.example"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["cache-control"] == "no-cache"
    assert response.headers["content-type"] == "application/json; charset=utf-8"


async def test_only_reading_is_possible():
    async with serving(ARTICLES) as http:
        posted, head = await http.post("/search.json"), await http.head("/search.json")
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD")
    assert head.status_code == 200


async def test_without_an_index_the_search_is_unavailable_for_now():
    async with without_index() as http:
        response = await http.get("/search.json?q=apples")
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json()["errors"][0]["extensions"]["code"] == "INDEX_UNAVAILABLE"
    assert "attic" not in response.text


@given(steps=steps)
async def test_answers_are_the_same_whether_results_are_at_hand_or_not(steps: list[tuple[str, int, bool, timedelta]]):
    both, following = Twice(), dict[str, str]()
    for asked, first, goes_on, passing in steps:
        after = f"&after={following[asked]}" if goes_on and asked in following else ""
        answer = (await both.get(f"/search.json?{asked}&first={first}{after}", passing=passing)).json()
        if answer["next"]:
            following[asked] = answer["next"]


TYPED = (
    replace(plain("clearview"), title="Clearview <AI> is fined"),
    replace(plain("clear"), title="Clear skies"),
    replace(plain("number"), title="1,250 people"),
)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"q": "clearv", "typing": "1"}, ["clearview"]),
        ({"q": "clear", "typing": "1"}, ["clear", "clearview"]),
        ({"q": "clear ", "typing": "1"}, ["clear"]),
        ({"q": " clear", "typing": " 1 "}, ["clear", "clearview"]),
        ({"q": "clear", "typing": "0"}, ["clear"]),
        ({"q": "clear", "typing": ""}, ["clear"]),
        ({"q": "clear"}, ["clear"]),
        ({"q": "1,2", "typing": "1"}, ["number"]),
        ({"q": "1\u00a0", "typing": "1"}, ["number"]),
        ({"typing": "1", "first": "1"}, ["clear"]),
    ],
)
async def test_a_search_box_finds_what_the_last_word_may_become(
    tmp_path: Path, parameters: dict[str, str], expected: list[str]
):
    async with serving(TYPED, place=UrlPlace(f"whoosh://{tmp_path}/index")) as http:
        answer = await ask(http, **parameters)
    assert [hit["key"] for hit in answer["hits"]] == expected
    assert answer["query"] == parameters.get("q", "").strip()


async def test_what_was_typed_is_marked(tmp_path: Path):
    async with serving(TYPED, place=UrlPlace(f"whoosh://{tmp_path}/index")) as http:
        [whole] = (await ask(http, q="fined clearv", typing="1"))["hits"]
        [last] = (await ask(http, q="clearview f", typing="1"))["hits"]
    assert whole["highlights"]["title"] == "<mark>Clearv</mark>iew &lt;AI&gt; is <mark>fined</mark>"
    assert last["highlights"]["title"] == "<mark>Clearview</mark> &lt;AI&gt; is <mark>f</mark>ined"


async def test_a_page_and_a_tag_are_of_a_text_that_goes_on_or_of_one_that_does_not():
    async with serving(TYPED) as http:
        first = await http.get("/search.json", params={"q": "clear", "typing": "1", "first": "1"})
        again = {"if-none-match": first.headers["etag"]}
        typed, whole, spaced = [
            await http.get("/search.json", params={"q": text, "first": "1", **typing}, headers=again)
            for text, typing in (("clear", {"typing": "1"}), ("clear", {}), ("clear ", {"typing": "1"}))
        ]
        after = {"q": "clear", "first": "1", "after": first.json()["next"]}
        refused, following = await http.get("/search.json", params=after), await ask(http, **after, typing="1")
    assert [response.status_code for response in (typed, whole, spaced, refused)] == [304, 200, 200, 400]
    assert [hit["key"] for hit in following["hits"]] == ["clearview"]


@pytest.mark.parametrize("value", ["yes", "2", "true", "\u0661", "1" * 1000])
async def test_typing_is_one_or_nought(value: str):
    async with serving(TYPED) as http:
        response = await http.get("/search.json", params={"q": "clear", "typing": value})
        feed = await http.get("/feed.json", params={"q": "clear", "typing": "1"})
    assert response.status_code == feed.status_code == 400
    message = response.json()["errors"][0]["message"]
    assert message.startswith("typing: '")
    assert message.endswith("is neither 1 nor 0; write typing=1, or leave it out")
    assert feed.json()["errors"][0]["message"].startswith("'typing': there is no such parameter; ")


BEYOND = (
    "offset: 10001 is more than can be passed over; pass over at most 10000 entries, and go on from there with after"
)
FACETS = "topics, providers, categories, types, authors, months, quality and heat"
SECTIONED = (
    *(replace(plain(f"n{number:02}"), category="News", quality=number * 10, topics=("AI",)) for number in range(7)),
    replace(full("long"), category="Reviews", type="Video", published_date_time=NOW - 9 * DAY),
    replace(plain("bare"), category="news", type="article", published_date_time=NOW - 10 * DAY),
)


@pytest.mark.parametrize(
    ("parameters", "condition"),
    [
        ({"category": "NEWS"}, 'category: {any: ["news"]}'),
        (
            {"category": ["news", "reviews"], "type": "video"},
            'category: {any: ["news", "reviews"]}, type: {any: ["video"]}',
        ),
        ({"hasImage": "1"}, "hasImage: true"),
        ({"hasImage": "0"}, "hasImage: false"),
        ({"qualityAtLeast": "40"}, "qualityAtLeast: 40"),
        ({"qualityAtLeast": "-5", "type": "nothing"}, 'qualityAtLeast: -5, type: {any: ["nothing"]}'),
        ({"offset": "0"}, ""),
        ({"offset": "3", "first": "4"}, ""),
        ({"offset": "9999"}, ""),
        ({"offset": "2", "first": "3", "q": "harvest", "category": "news"}, 'category: {any: ["news"]}'),
    ],
)
async def test_it_lists_what_graphql_does(parameters: dict[str, Any], condition: str) -> None:
    arguments = {"first": parameters.get("first", "20"), "offset": parameters.get("offset", "null")}
    listed = ", ".join(f"{name}: {value}" for name, value in arguments.items())
    query = f"""query ($q: String) {{ articles({listed}, search: $q, filter: {{{condition}}}) {{
      totalCount nodes {{ key }} pageInfo {{ hasNextPage endCursor }} }} }}"""
    async with serving(SECTIONED) as http:
        variables = json.dumps({"q": parameters.get("q")})
        expected = (await http.get("/graphql", params={"query": query, "variables": variables})).json()
        answer = await ask(http, **parameters)
    articles = expected["data"]["articles"]
    assert [hit["key"] for hit in answer["hits"]] == [node["key"] for node in articles["nodes"]]
    assert answer["total"] == articles["totalCount"]
    assert answer["next"] == (articles["pageInfo"]["endCursor"] if articles["pageInfo"]["hasNextPage"] else None)


async def test_cursors_go_on_from_a_page_by_number() -> None:
    async with serving(SECTIONED) as http:
        everything = [hit["key"] for hit in (await ask(http))["hits"]]
        for offset in range(len(everything)):
            page = await ask(http, offset=str(offset), first="2")
            rest = await ask(http, after=page["next"]) if page["next"] else {"hits": []}
            assert [hit["key"] for hit in [*page["hits"], *rest["hits"]]] == everything[offset:]


async def test_facets_are_counted_on_request() -> None:
    names = "topics, providers,categories,types,authors,months,quality,heat,topics"
    counted = " ".join(f"{name} {{ values {{ value name count }} totalCount }}" for name in VALUES)
    counted += " ".join(f" {name} {{ min max mean count }}" for name in SPREADS)
    query = f'{{ articles(filter: {{category: {{any: ["news"]}}}}) {{ facets {{ {counted} }} }} }}'
    async with serving(SECTIONED) as http:
        expected = (await http.get("/graphql", params={"query": query})).json()["data"]["articles"]["facets"]
        answer = await ask(http, category="news", facets=names)
        assert answer["facets"] == expected
        assert [each["value"] for each in answer["facets"]["categories"]["values"]] == ["news", "reviews"]
        assert (await ask(http, category="news", facets="heat"))["facets"] == {"heat": None}
        assert "facets" not in await ask(http, category="news", facets=" , ")


class CountingPlace(PlainPlace):
    """An index whose engine counts what it is asked."""

    async def open_engine(self) -> SearchEngine:
        self.engine = CountingEngine(await super().open_engine())
        return self.engine


async def test_facets_and_the_page_are_one_search() -> None:
    place = CountingPlace()
    async with serving(SECTIONED, place=place) as http:
        place.engine.calls.clear()
        await ask(http, facets="months,quality,heat")
    assert place.engine.calls.count("search") == 1


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("offset=-1", "offset: -1 is negative; pass over 0 to 10000 entries"),
        ("offset=x", "offset: 'x' is no whole number; ask for 0 to 10000 entries"),
        (
            "offset=10001",
            BEYOND,
        ),
        ("facets=topics,topic", "facets: 'topic' is no facet; did you mean topics?"),
        ("facets=zzz", f"facets: 'zzz' is no facet; there are {FACETS}"),
        ("first=1&first=1", "first: it is given more than once; only topic, provider, category and type may be"),
        ("hasImages=1", "'hasImages': there is no such parameter; did you mean hasImage?"),
    ],
)
async def test_what_makes_no_sense_is_refused(address: str, message: str) -> None:
    async with serving(SECTIONED) as http:
        answer = await http.get(f"/search.json?{address}")
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, message)


async def test_offset_and_cursors_exclude_each_other() -> None:
    async with serving(SECTIONED) as http:
        cursor = (await ask(http, first="1"))["next"]
        answer = await http.get("/search.json", params={"offset": "1", "after": cursor})
    assert answer.json()["errors"][0]["message"] == "offset: offset and after exclude each other; give one of them"


async def test_facets_and_offsets_have_their_price() -> None:
    bare = cost_of_list(text="", conditions=0, size=20)
    priced = {
        "facets=topics,months,heat": cost_of_list(text="", conditions=0, size=20, values=22, facets=3),
        "offset=1001": cost_of_list(text="", conditions=0, size=20, offset=1001),
        "hasImage=0&category=a&category=b": cost_of_list(text="", conditions=3, size=20),
    }
    async with serving(SECTIONED, Settings(limits=Limits(max_cost=bare))) as http:
        assert (await http.get("/search.json")).status_code == 200
        for address, cost in priced.items():
            answer = await http.get(f"/search.json?{address}")
            assert (answer.status_code, f"The query costs {cost}," in answer.text) == (400, True), answer.text
