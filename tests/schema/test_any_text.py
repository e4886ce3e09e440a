"""Whatever people type: no text is an error, except a long one."""

from collections.abc import AsyncIterator

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine_place import UrlPlace, write
from tests.replacing import replace
from tests.samples import plain
from tests.schema.client import Client

QUERY = """query ($text: String!) {
  articles(search: $text, first: 3) {
    totalCount nodes { key similar(first: 1) { key } whyNot(search: $text) { rank } }
    edges { score explain { score } highlights { title { html } excerpt { fragment { html } } } }
    facets { topics { values { value } } months { values { value } } }
    search { didYouMean relaxed leftOut words { word match found } }
  }
  suggest(prefix: $text) { kind text ranges { start end } count }
}"""
ARTICLES = [
    replace(
        plain("a"),
        title="Müller's C++ and .NET",
        excerpt="GPT-4 in the U.S. \U0001f469‍\U0001f4bb",
        topics=("AI", "Café"),
    ),
    replace(plain("b"), title="東京の \u202eנגלה <b>x</b>", excerpt='OR -minus "quoted" star*', topics=("5G",)),
]
pieces = st.sampled_from(
    [
        '"',
        "*",
        "-",
        " ",
        "OR",
        "title:",
        "topic:",
        "(",
        ")",
        "\x00",
        "\u202e",
        "é",
        "e\u0301",
        "GPT-4",
        "mulelr",
    ]
)
typed = st.lists(pieces | st.text(max_size=5), max_size=12).map("".join) | st.text()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> UrlPlace:
    place = UrlPlace(f"whoosh://{tmp_path_factory.mktemp('any')}/index")
    write(place, ARTICLES)
    return place


@pytest.fixture
async def client(place: UrlPlace) -> AsyncIterator[Client]:
    engine = await place.open_engine()
    yield Client(engine)
    await engine.close()


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed)
async def test_no_text_is_an_error(client: Client, text: str) -> None:
    body = orjson.loads((await client.answer(QUERY, text=text)).body)
    assert "errors" not in body, body["errors"]


@pytest.mark.parametrize("query", ["articles(search: $text) { totalCount }", "suggest(prefix: $text) { text }"])
@pytest.mark.parametrize("text", ["x" * 10_000, "a " * 5_000, '"((-' * 2_500])
async def test_a_text_that_is_too_long_is_named(client: Client, query: str, text: str) -> None:
    message = await client.refusal(f"query ($text: String!) {{ {query} }}", text=text)
    assert "10000 characters, and at most 500 are allowed" in message or "9999 characters" in message
