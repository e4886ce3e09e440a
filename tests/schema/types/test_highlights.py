"""Highlights as clients ask for them."""

import html
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article
from indexer.query.parser import parse
from indexer.query.tree import Word, leaves
from indexer.query.understanding import Match, Understanding, UnderstoodWord
from indexer.search.engine import SearchEngine
from indexer.search.requests import SearchRequest, SearchResult
from schema.execution.executor import Execution
from schema.limits.error_codes import Code
from tests.engine_place import UrlPlace, write
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import plain
from tests.schema.client import Client
from tests.schema.engines import CountingEngine

EVERYTHING = """query ($search: String, $length: Int, $mark: String) { articles(search: $search) { edges {
  highlights(fragmentLength: $length, mark: $mark) {
    title { ranges { start end } html }
    excerpt { ranges { start end } html fragment { start end ranges { start end } html } }
  }
} } }"""
HOSTILE = replace(
    plain("a"), title='<script>run</script> & "run"', excerpt="Many words and then they run 👍🏽 <b>into</b> each other"
)


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    """A client of an index with one article."""
    place = UrlPlace(f"whoosh://{tmp_path}/index")
    write(place, [replace(plain("a"), title="Müller's face recognition app", excerpt="Faces recognised in Café U.S.")])
    engine = await place.open_engine()
    yield Client(engine)
    await engine.close()


class UnderstandingEngine(CountingEngine):
    """Understands every word as itself where it is asked how it understood, and remembers what it was asked."""

    def __init__(self, engine: SearchEngine) -> None:
        super().__init__(engine)
        self.requests: list[SearchRequest] = []

    async def search(self, requests: Sequence[SearchRequest]) -> Sequence[SearchResult]:
        self.requests += requests
        results = await super().search(requests)
        return [
            replace(result, understanding=understood(request.text) if request.understanding else None)
            for request, result in zip(requests, results, strict=True)
        ]


def understood(text: str) -> Understanding:
    query = parse(text)
    words = [
        UnderstoodWord(leaf, Match.EXACT, (leaf.term,) if isinstance(leaf, Word) else ()) for leaf in leaves(query)
    ]
    return Understanding(query=query, words=tuple(words))


async def highlights(article: Article, **variables: object) -> Any:
    client = Client(UnderstandingEngine(PlainEngine([article])))
    (edge,) = (await client.data(EVERYTHING, **variables))["articles"]["edges"]
    return edge["highlights"]


async def test_what_was_found_is_marked_in_title_and_excerpt():
    assert await highlights(HOSTILE, search="run", length=14, mark="em") == {
        "title": {
            "ranges": [{"start": 8, "end": 11}, {"start": 24, "end": 27}],
            "html": "&lt;script&gt;<em>run</em>&lt;/script&gt; &amp; &quot;<em>run</em>&quot;",
        },
        "excerpt": {
            "ranges": [{"start": 25, "end": 28}],
            "html": "Many words and then they <em>run</em> 👍🏽 &lt;b&gt;into&lt;/b&gt; each other",
            "fragment": {
                "start": 20,
                "end": 31,
                "ranges": [{"start": 25, "end": 28}],
                "html": "…they <em>run</em> 👍🏽…",
            },
        },
    }


async def test_offsets_count_what_the_client_counts():
    article = replace(plain("a"), title="👍🏽 run", excerpt="Many 👍🏽 words and then they run 👍🏽")
    within = "ranges(unit: $unit) { start end }"
    query = f"""query ($unit: TextUnit) {{ articles(search: "run") {{ edges {{ highlights(fragmentLength: 8) {{
      title {{ {within} }} excerpt {{ {within} fragment {{ start(unit: $unit) end(unit: $unit) {within} }} }}
    }} }} }} }}"""
    for execution in Execution:
        client = Client(UnderstandingEngine(PlainEngine([article])), execution=execution)
        for unit, more in (("UTF16", 2), ("CODE_POINTS", 0), (None, 0)):
            [edge] = (await client.data(query, unit=unit))["articles"]["edges"]
            title, excerpt = edge["highlights"]["title"], edge["highlights"]["excerpt"]
            assert title == {"ranges": [{"start": 3 + more, "end": 6 + more}]}
            assert excerpt["ranges"] == excerpt["fragment"]["ranges"] == [{"start": 28 + more, "end": 31 + more}]
            assert excerpt["fragment"]["start"] == 28 + more
        assert (await client.refusal(query, unit="BYTES", code=Code.BAD_USER_INPUT)).startswith("Variable '$unit'")


async def test_the_lead_is_marked_where_it_stands_in_for_the_excerpt():
    found = await highlights(replace(plain("a"), title="Harvest", lead="They run & ran"), search="run")
    assert (found["title"], found["excerpt"]["html"]) == (None, "They <mark>run</mark> &amp; ran")


async def test_a_field_without_a_match_or_without_text_is_null():
    assert await highlights(replace(plain("a"), title="Harvest", excerpt="They run"), search="harvest") == {
        "title": {"ranges": [{"start": 0, "end": 7}], "html": "<mark>Harvest</mark>"},
        "excerpt": None,
    }
    assert (await highlights(replace(plain("a"), title="Harvest"), search="harvest"))["excerpt"] is None
    assert await highlights(plain("a"), search="topic:ai OR -x") == {"title": None, "excerpt": None}


@pytest.mark.parametrize("search", [None, "", "  "])
async def test_without_words_to_look_for_there_are_none(search: str | None):
    assert await highlights(plain("a"), search=search) is None


async def test_null_arguments_are_the_defaults():
    long = replace(plain("a"), excerpt="word " * 100 + "run")
    given = await highlights(long, search="run", length=None, mark=None)
    assert given == await highlights(long, search="run", length=200, mark="mark")
    assert given["excerpt"]["fragment"]["html"].endswith(" word <mark>run</mark>")
    assert given["excerpt"]["fragment"]["start"] == 305


@pytest.mark.parametrize("mark", ["", "b i", "a-b", "h1", "märk", "x" * 21, "><img src=x", "script", "STYLE"])
async def test_a_mark_that_is_no_harmless_element_is_refused(mark: str):
    client = Client(UnderstandingEngine(PlainEngine([plain("a")])))
    message = await client.refusal(EVERYTHING, search="harvest", mark=mark)
    assert message == f"mark: {mark[:20]!r} cannot mark text; give an element's name in letters, such as mark or em"


@pytest.mark.parametrize("length", [0, -1, 2001])
async def test_a_length_without_sense_is_refused(length: int):
    client = Client(UnderstandingEngine(PlainEngine([plain("a")])))
    message = await client.refusal(EVERYTHING, search="harvest", length=length)
    assert message == f"fragmentLength: {length} is out of range; ask for 1 to 2000 code points"


async def test_arguments_are_looked_at_without_words_too():
    client = Client(UnderstandingEngine(PlainEngine([plain("a")])))
    assert (await client.refusal(EVERYTHING, mark="b i")).startswith("mark: ")


async def test_marking_asks_the_engine_nothing_more():
    engine = UnderstandingEngine(PlainEngine([plain("a")]))
    query = """{ articles(search: "harvest") {
      nodes { key } edges { highlights { title { html } } } pageInfo { endCursor }
    } }"""
    await Client(engine).data(query)
    assert len(engine.requests) == 1


async def test_a_list_without_words_is_not_asked_how_they_were_understood():
    engine = UnderstandingEngine(PlainEngine([plain("a")]))
    await Client(engine).data("{ articles { edges { cursor } } }")
    assert [request.understanding for request in engine.requests] == [False]


@pytest.mark.parametrize(
    ("search", "title", "excerpt"),
    [
        ("apps", "Müller's face recognition <em>app</em>", None),
        (
            "recognised mueler microsoft*",
            "<em>Müller</em>'s face recognition app",
            "Faces <em>recognised</em> in Café U.S.",
        ),
        ('"face recognition" zebra', "Müller's <em>face recognition</em> app", None),
        (
            "title:face cafe US",
            "Müller's <em>face</em> recognition app",
            "Faces recognised in <em>Café</em> <em>U.S</em>.",
        ),
        ("recog* -zebra", "Müller's face <em>recognition</em> app", "Faces <em>recognised</em> in Café U.S."),
    ],
)
async def test_what_an_index_found_is_what_is_marked(client: Client, search: str, title: str, excerpt: str | None):
    (edge,) = (await client.data(EVERYTHING, search=search, mark="em"))["articles"]["edges"]
    found = {name: each and html.unescape(each["html"]) for name, each in edge["highlights"].items()}
    assert found == {"title": title, "excerpt": excerpt}
