"""The field `articles`: the articles that it lists, and their order."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Provider
from indexer.search.ranking import Ranking
from schema.inputs.bad_input import BadUserInput
from schema.inputs.cursor_seal import CursorSeal
from schema.inputs.filters import ArticleFilter
from schema.limits.limits import Limits
from schema.loading.context import RequestContext
from schema.results.article_page import ArticlePage
from schema.types.article_lists import ArticleListArguments, _scope
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client
from tests.seal import SEAL

CORPUS = (
    replace(plain("a"), title="Robots march", published_date_time=NOW - 1 * DAY, topics=("AI", "Robots"), quality=10),
    replace(plain("b"), title="Harvest", published_date_time=NOW - 2 * DAY, topics=("ai",), quality=90, heat=1),
    replace(plain("c"), title="Robots and robots", published_date_time=NOW - 30 * DAY, topics=("Robots",), heat=100),
    replace(plain("d"), title="Robots dance", published_date_time=NOW - 4 * DAY, provider=Provider(domain="w.example")),
)


async def listed(arguments: str, *articles: Article) -> list[str]:
    """The keys that `articles` lists with these arguments."""
    client = Client(PlainEngine(articles or CORPUS))
    data = await client.data(f"{{ articles{arguments} {{ nodes {{ key }} }} }}")
    return [node["key"] for node in data["articles"]["nodes"]]


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        ("", "abdc"),
        ("(ranking: NEWEST)", "abdc"),
        ("(ranking: OLDEST)", "cdba"),
        ("(ranking: QUALITY)", "badc"),
        ("(ranking: HEAT)", "cbad"),
        ("(ranking: TRENDING)", "bcad"),
        ("(ranking: RELEVANCE)", "abdc"),
        ("(ranking: null)", "abdc"),
        ('(search: "robots")', "cad"),
        ('(search: "robots", ranking: RELEVANCE)', "cad"),
        ('(search: "robots", ranking: OLDEST)', "cda"),
        ('(search: "robots da", typing: true)', "d"),
        ('(search: "ROBOTS m", typing: true)', "a"),
        ('(search: "robots da ", typing: true)', ""),
        ('(search: "robots da", typing: false)', ""),
        ('(search: "robots da", typing: null)', ""),
        ('(search: " ", typing: true)', "abdc"),
        ('(search: "   ")', "abdc"),
        ('(search: "", ranking: OLDEST)', "cdba"),
        ('(topic: "ai")', "ab"),
        ('(topic: "AI", search: "robots")', "a"),
        ('(topic: "ai", filter: {topics: {any: ["robots"]}})', "a"),
        ('(topic: "ai", ranking: QUALITY, filter: {qualityAtLeast: 50})', "b"),
        ('(filter: {provider: {any: ["W.Example"]}})', "d"),
    ],
)
async def test_articles_are_chosen_and_ordered_by_the_arguments(arguments: str, keys: str):
    assert "".join(await listed(arguments)) == keys


async def test_a_score_is_there_where_there_are_words_to_look_for():
    client = Client(PlainEngine(CORPUS))
    data = await client.data(
        '{ some: articles(search: "robots") { edges { score } } all: articles { edges { score } } }'
    )
    assert all(edge["score"] > 0 for edge in data["some"]["edges"])
    assert {edge["score"] for edge in data["all"]["edges"]} == {None}


async def test_a_search_that_is_too_long_is_refused():
    client = Client(PlainEngine(CORPUS), limits=Limits(max_search_length=6))
    assert (await client.data('{ articles(search: " robots ") { totalCount } }'))["articles"] == {"totalCount": 3}
    message = await client.refusal('{ articles(search: "robots!") { totalCount } }')
    assert message == "search: 7 characters, and at most 6 are allowed; search for fewer words"


async def test_totals_count_all_pages():
    data = await Client(PlainEngine(CORPUS)).data('{ articles(search: "robots", first: 1) { totalCount } }')
    assert data["articles"]["totalCount"] == 3


async def test_an_error_is_where_the_argument_is():
    (error,) = await Client(PlainEngine(CORPUS)).errors("{ articles(first: -1) { nodes { key } } }")
    assert (error["path"], error["locations"]) == (["articles"], [{"line": 1, "column": 3}])


PARENTS = (None, "AI", "ai", "robots", Provider(domain="daily.example"), Provider(domain="daily.example", name="Daily"))
GOOD = ArticleFilter(**{**dict.fromkeys(field.name for field in fields(ArticleFilter)), "quality_at_least": 50})
ARGUMENTS: tuple[dict[str, object], ...] = (
    {},
    {"search": " robots "},
    {"topic": "ai", "first": 1},
    {"matching": GOOD, "ranking": Ranking.QUALITY},
    {"last": 2},
)


def context(*, longest: int = 500) -> RequestContext:
    limits = Limits(max_search_length=longest)
    return RequestContext(engine=PlainEngine(CORPUS), now=NOW, limits=limits, seal=SEAL)


def told(page: ArticlePage) -> tuple[object, ...]:
    return page.page, page.request, page.scope


@given(st.lists(st.tuples(st.sampled_from(range(len(ARGUMENTS))), st.sampled_from(PARENTS)), max_size=20))
def test_what_is_wanted_serves_any_number_of_requests(asked: list[tuple[int, Provider | str | None]]):
    kept = {
        (number, parent): ArticleListArguments(_scope(parent), **arguments)
        for number, arguments in enumerate(ARGUMENTS)
        for parent in PARENTS
    }
    for number, parent in asked:
        anew = ArticleListArguments(_scope(parent), **ARGUMENTS[number])
        assert told(kept[number, parent](parent, context())) == told(anew(parent, context()))


@pytest.mark.parametrize("arguments", [{"first": -1}, {"last": 101}, {"after": "nonsense"}, {"first": 1, "last": 1}])
def test_arguments_without_sense_are_refused_each_time(arguments: dict[str, object]):
    wanted = ArticleListArguments(**arguments)
    for _ in range(2):
        with pytest.raises(BadUserInput):
            wanted(None, context())


def test_each_request_has_its_own_limits():
    wanted = ArticleListArguments(search="robots")
    for longest in (6, 5, 6):
        if longest < 6:
            with pytest.raises(BadUserInput):
                wanted(None, context(longest=longest))
        else:
            assert wanted(None, context(longest=longest)).request.text == "robots"


def test_another_seal_seals_other_cursors():
    wanted = ArticleListArguments(first=1)
    one, other = (replace(context(), seal=seal) for seal in (SEAL, CursorSeal(b"x" * 32)))
    assert [wanted(None, each).page.listing for each in (one, other, one)] == [wanted(None, one).page.listing] * 3
    assert [wanted(None, each).page.seal for each in (one, other, one)] == [one.seal, other.seal, one.seal]
