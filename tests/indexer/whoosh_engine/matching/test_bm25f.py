"""Scores, against the formula written out for one document after another."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.query.parser import parse
from indexer.query.tree import SEARCHED, WITH_BODY, TextField, within
from indexer.search.engine import BodySearch
from indexer.search.ranking import Ranking, Window
from indexer.search.requests import SearchRequest, SearchResult
from indexer.text.language import Language
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.writing.writer import WhooshWriter
from tests.asking import ALL, ask, keys
from tests.indexer.whoosh_engine.crowds import crowds
from tests.indexer.whoosh_engine.plain_bm25f import PlainBm25f
from tests.indexer.whoosh_engine.segments import ENGLISH, WITH_BODIES, split, write_segments
from tests.indexer.whoosh_engine.typed import searches
from tests.plain_filter import is_visible
from tests.replacing import replace
from tests.samples import NOW, plain
from tests.strategies import corpora

any_corpus = corpora() | crowds | crowds


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[WhooshEngine]:
    engine = await WhooshEngine.open(folder)
    try:
        yield engine
    finally:
        await engine.close()


async def by_relevance(engine: WhooshEngine, text: str, statistics: bytes = b"") -> SearchResult:
    request = SearchRequest(now=NOW, text=text, ranking=Ranking.RELEVANCE, window=ALL, statistics=statistics)
    return await ask(engine, request)


def scores(result: SearchResult) -> list[tuple[str, float | None]]:
    return [(hit.article.key, hit.score) for hit in result.hits]


async def assert_scores_are_those_of_the_formula(
    engine: WhooshEngine, live: Sequence[Article], text: str, searched: tuple[TextField, ...] = SEARCHED
) -> None:
    visible, query = [article for article in live if is_visible(article, NOW)], within(parse(text), searched)
    oracle = PlainBm25f(visible)
    result = await by_relevance(engine, text)
    expected = {article.key: oracle.score(article, query) for article in visible}
    assert {hit.article.key for hit in result.hits} == {key for key, score in expected.items() if score is not None}
    for hit in result.hits:
        if hit.score is not None:
            assert hit.score == pytest.approx(expected[hit.article.key], rel=1e-5)


@settings(max_examples=60)
@given(st.data())
async def test_scores_are_those_of_the_formula_in_any_number_of_segments(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    articles = data.draw(any_corpus)
    gone = {article.key for article in articles if data.draw(st.sampled_from((True, False, False, False)))}
    batches = split(articles, data.draw(st.integers(1, 3)))
    live = [article for article in articles if article.key not in gone]
    built = data.draw(st.sampled_from((ENGLISH, WITH_BODIES)))
    folder = write_segments(tmp_path_factory.mktemp("index"), batches, without=gone, built=built)
    async with opened(folder) as engine:
        for text in data.draw(searches(articles)):
            await assert_scores_are_those_of_the_formula(engine, live, text, built.searched)


@settings(max_examples=20)
@given(st.data())
async def test_scores_are_those_of_the_formula_after_builds_that_merge_and_replace(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder, live = tmp_path_factory.mktemp("index"), dict[str, Article]()
    bodies = data.draw(st.sampled_from((BodySearch.ON, BodySearch.OFF)))
    searched = WITH_BODY if bodies is BodySearch.ON else SEARCHED
    for _ in range(data.draw(st.integers(1, 5))):
        articles = data.draw(any_corpus)
        if bodies is BodySearch.OFF:
            articles = [replace(article, text=None) for article in articles]
        gone = data.draw(st.lists(st.sampled_from(sorted(live)), max_size=3)) if live else []
        with WhooshWriter(folder, language=Language.ENGLISH, bodies=bodies) as writer:
            writer.delete(gone)
            writer.add(articles)
            writer.commit(b"")
        live = {key: article for key, article in live.items() if key not in gone}
        live |= {article.key: article for article in articles}
    async with opened(folder) as engine:
        for text in data.draw(searches([*live.values()])):
            await assert_scores_are_those_of_the_formula(engine, [*live.values()], text, searched)


@settings(max_examples=25)
@given(st.data())
async def test_scores_are_the_same_to_the_last_bit_however_articles_are_divided(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    # A merge between two pages must not move an article across the cursor.
    articles = data.draw(any_corpus)
    one = write_segments(tmp_path_factory.mktemp("one"), split(articles, 1))
    many = write_segments(tmp_path_factory.mktemp("many"), split(articles, data.draw(st.integers(2, 8))))
    fewer = write_segments(tmp_path_factory.mktemp("fewer"), [articles[::2]])
    texts = data.draw(searches(articles))
    async with opened(one) as whole, opened(many) as divided, opened(fewer) as half:
        for text in texts:
            first = await by_relevance(whole, text)
            second = await by_relevance(divided, text)
            assert (first.statistics, scores(first)) == (second.statistics, scores(second))
            later = await by_relevance(half, text, first.statistics)
            kept = {article.key for article in articles[::2]}
            if first.statistics:
                assert scores(later) == [(key, score) for key, score in scores(first) if key in kept]


async def test_no_number_of_occurrences_makes_scores_depend_on_what_else_is_in_a_segment(tmp_path: Path) -> None:
    # More than 16 bits count: then the column of frequencies of the whole segment is of another type.
    rounded = [replace(plain(f"{count}"), excerpt="owls " * count + "mill " * (200 - count)) for count in range(1, 200)]
    articles = [replace(plain("long"), excerpt="mill " * 70_000), *rounded]
    one = write_segments(tmp_path / "one", [articles])
    many = write_segments(tmp_path / "many", [articles[:1], articles[1:]])
    async with opened(one) as whole, opened(many) as divided:
        for text in ("owl", "owls mill", "mills owl", "ow*"):
            assert scores(await by_relevance(whole, text)) == scores(await by_relevance(divided, text))


@settings(max_examples=20)
@given(st.data())
async def test_an_article_has_the_same_score_in_every_ranking_and_on_every_page(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    # Few documents are looked up one by one, many all at once.
    articles = data.draw(any_corpus)
    folder = write_segments(tmp_path_factory.mktemp("index"), split(articles, data.draw(st.integers(1, 3))))
    async with opened(folder) as engine:
        for text in data.draw(searches(articles)):
            expected = dict(scores(await by_relevance(engine, text)))
            for ranking in (Ranking.NEWEST, Ranking.HEAT):
                request = SearchRequest(now=NOW, text=text, ranking=ranking, window=Window(size=3), scores=True)
                found = scores(await ask(engine, request))
                assert found == [(key, expected[key]) for key, _ in found]


async def test_equal_scores_are_in_the_order_of_keys_across_segments(tmp_path: Path) -> None:
    articles = [replace(plain(key), title="An owl") for key in ("d", "b", "a/2", "c", "a", "B")]
    for parts in (1, 2, 3, 6):
        async with opened(write_segments(tmp_path / f"{parts}", split(articles, parts))) as engine:
            result = await by_relevance(engine, "owl")
            assert keys(result) == ["B", "a", "a/2", "b", "c", "d"]
            assert len({hit.score for hit in result.hits}) == 1


async def test_a_long_text_counts_less_and_the_typed_form_more(tmp_path: Path) -> None:
    titles = {"b": "runs", "a": "running", "c": "a marathon that runs on", "d": "rested", "e": "slept"}
    articles = [replace(plain(key), title=title) for key, title in titles.items()]
    async with opened(write_segments(tmp_path / "index", [articles])) as engine:
        assert keys(await by_relevance(engine, "runs")) == ["b", "a", "c"]


async def test_words_that_stand_as_they_were_typed_count_more(tmp_path: Path) -> None:
    excerpts = {
        "c": "owl and a house and a mill for a barn",
        "b": "owl or mill by a house and a barn for",
        "a": "owl mill by a house and a barn for or",
        "d": "mill owl by a house and a barn for or",
    }
    others = [replace(plain(f"{number}"), excerpt="nothing of that kind " * 3) for number in range(40)]
    articles = [replace(plain(key), excerpt=excerpt) for key, excerpt in excerpts.items()] + others
    async with opened(write_segments(tmp_path / "index", [articles])) as engine:
        near = dict(scores(await by_relevance(engine, "owl mill")))
        assert near["a"] > near["b"] == near["c"] == near["d"]
        reach = dict(scores(await by_relevance(engine, "owl barn mill")))
        assert reach["a"] == reach["b"] > reach["c"] == reach["d"]


async def test_words_that_are_everywhere_count_no_more_for_being_near(tmp_path: Path) -> None:
    near = [replace(plain(f"{number}"), excerpt="owl mill barn") for number in range(4)]
    apart = [replace(plain(f"x{number}"), excerpt="mill barn owl") for number in range(4)]
    rare = [replace(plain(f"y{number}"), excerpt="nothing") for number in range(24)]
    for count, is_common in ((24, True), (56, False)):
        others = [*rare, *(replace(plain(f"z{number}"), excerpt="nothing") for number in range(count - 24))]
        async with opened(write_segments(tmp_path / f"{count}", [[*near, *apart, *others]])) as engine:
            found = dict(scores(await by_relevance(engine, "owl mill")))
            assert (found["0"] == found["x0"]) is is_common


async def test_a_rare_word_near_a_common_one_counts_more(tmp_path: Path) -> None:
    excerpts = ["owl mill", "mill owl", *(["mill"] * 20), *(["nothing"] * 18)]
    articles = [replace(plain(f"{number}"), excerpt=excerpt) for number, excerpt in enumerate(excerpts)]
    async with opened(write_segments(tmp_path / "index", [articles])) as engine:
        found = dict(scores(await by_relevance(engine, "owl mill")))
        assert found["0"] > found["1"]
