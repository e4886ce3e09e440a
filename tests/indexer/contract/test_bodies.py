"""Engine contract: bodies, where an index was built with them and where it was not."""

from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.query.tree import WITH_BODY, TextField, Word
from indexer.search.engine import BodySearch, SearchEngine
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest
from indexer.search.suggestions import SuggestRequest
from indexer.search.why_not import Unmatched
from tests import strategies
from tests.asking import ALL, ask, found, keys
from tests.engine_place import NewPlace, Place, PlainPlace, UrlPlace, write
from tests.plain_engine import PlainEngine
from tests.plain_index import PlainIndex
from tests.replacing import replace
from tests.samples import NOW, plain

OWL = replace(
    plain("owl"), title="Birds of the night", excerpt="A walk", body="# *Owls* hoot", text="Owls hoot\nin the old mill."
)
MILL = replace(plain("mill"), title="The mill", excerpt="An old one", body="Nothing", text="Nothing of that sort here")
BARE = replace(plain("bare"), title="Owlish")


@pytest.fixture
def place(new_place: NewPlace) -> Place:
    """A place for an index with bodies."""
    return new_place(bodies=BodySearch.ON)


@pytest.fixture
async def engine(place: Place) -> AsyncIterator[SearchEngine]:
    write(place, [OWL, MILL, BARE])
    engine = await place.open_engine()
    yield engine
    await engine.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("owl", ["owl"]),
        ("hooting", ["owl"]),
        ("mill", ["mill", "owl"]),
        ("night owl", ["owl"]),
        ("old mill", ["mill", "owl"]),
        ('"hoot in the old"', ["owl"]),
        ('"old mill"', ["owl"]),
        ('"walk owls"', []),
        ("hoo*", ["owl"]),
        ("mill -hoot", ["mill"]),
        ("body:mill", ["owl"]),
        ("body:mi*", ["owl"]),
        ('BODY:"old mill"', ["owl"]),
        ("body:night", []),
        ("title:owl", []),
        ("-body:mill", ["bare", "mill"]),
        ("nothing OR night", ["mill", "owl"]),
    ],
)
async def test_words_are_found_in_bodies(engine: SearchEngine, text: str, expected: list[str]):
    assert sorted(await found(engine, text)) == expected


async def test_a_word_in_the_title_counts_more_than_one_in_the_body(engine: SearchEngine):
    assert await found(engine, "mill", ranking=Ranking.RELEVANCE) == ["mill", "owl"]


async def test_what_keeps_an_article_out_may_be_in_its_body(engine: SearchEngine):
    request = SearchRequest(now=NOW, text="title:hoot stork")
    answer = await engine.why_not("owl", request)
    assert answer is not None
    assert answer.unmatched == (
        Unmatched(Word("hoot", (TextField.TITLE,)), (TextField.BODY,)),
        Unmatched(Word("stork", WITH_BODY)),
    )


async def test_a_word_of_bodies_is_suggested_with_the_number_of_articles_that_it_finds(place: Place):
    write(place, [OWL, replace(OWL, key="other", text="", excerpt="Hoots and hoot")])
    engine = await place.open_engine()
    suggestions = await engine.suggest(SuggestRequest(prefix="hoo", size=5, now=NOW))
    assert [(suggestion.text, suggestion.count) for suggestion in suggestions] == [("hoot", 2)]
    await engine.close()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(articles=strategies.corpora(), asked=st.lists(strategies.requests, min_size=1, max_size=6))
async def test_answers_are_those_of_the_plain_engine(
    tmp_path_factory: pytest.TempPathFactory, articles: list, asked: list[SearchRequest]
):
    place = UrlPlace(f"whoosh://{tmp_path_factory.mktemp('index')}/index", bodies=BodySearch.ON)
    write(place, articles[::2])
    write(place, articles[1::2])
    engine, oracle = await place.open_engine(), PlainEngine(articles, index=PlainIndex(searches_bodies=True))
    for request in asked:
        listed = replace(request, ranking=Ranking.NEWEST, window=ALL, total=True)
        answer, expected = await ask(engine, listed), await ask(oracle, listed)
        assert (keys(answer), answer.total) == (keys(expected), expected.total)
        for article in articles[:2]:
            reasons, plain_reasons = [await one.why_not(article.key, request) for one in (engine, oracle)]
            assert (reasons and reasons.unmatched) == (plain_reasons and plain_reasons.unmatched)
    await engine.close()


@pytest.mark.parametrize("bodies", [BodySearch.OFF, BodySearch.KEPT])
async def test_without_bodies_nothing_is_found_in_them(tmp_path_factory: pytest.TempPathFactory, bodies: BodySearch):
    url = f"whoosh://{tmp_path_factory.mktemp('index')}/index"
    for place in (UrlPlace(url, bodies=bodies), PlainPlace()):
        write(place, [OWL, MILL, BARE])
        engine = await place.open_engine()
        for text in ("hoot", "body:hoot", "body:h*", 'body:"owls hoot"', "night hoot", "night body:hoot"):
            assert await found(engine, text) == []
        assert await found(engine, "mill") == ["mill"]
        assert sorted(await found(engine, "-body:mill")) == ["bare", "mill", "owl"]
        answer = await engine.why_not("owl", SearchRequest(now=NOW, text="title:hoot"))
        assert answer is not None
        assert answer.unmatched == (Unmatched(Word("hoot", (TextField.TITLE,))),)
        [article] = await engine.fetch(["owl"], now=NOW)
        assert article == replace(OWL, text=None)
        await engine.close()
