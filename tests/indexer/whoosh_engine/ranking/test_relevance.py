"""The parts of scores, against the formula written out."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.query.parser import parse
from indexer.query.tree import Every, Phrase, Prefix, Query, Some, TextField, Word, leaves, within
from indexer.search.ranking import Ranking, Tuning, Window
from indexer.search.requests import Explanation, Hit, SearchRequest
from indexer.whoosh_engine.engine import WhooshEngine
from tests.asking import ALL, ask
from tests.indexer.whoosh_engine.crowds import crowds
from tests.indexer.whoosh_engine.plain_bm25f import PlainBm25f, has_phrase
from tests.indexer.whoosh_engine.segments import ENGLISH, WITH_BODIES, split, write_segments
from tests.indexer.whoosh_engine.typed import searches
from tests.plain_filter import is_visible
from tests.plain_tuning import tuned_score
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.strategies import corpora

tunings = st.builds(
    Tuning,
    text=st.sampled_from((0.0, 1.0, 2.5)),
    recency=st.sampled_from((0.0, 1.0)),
    quality=st.sampled_from((0.0, 0.5)),
    heat=st.sampled_from((0.0, 3.0)),
    max_per_provider=st.sampled_from((None, 2)),
)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[WhooshEngine]:
    engine = await WhooshEngine.open(folder)
    try:
        yield engine
    finally:
        await engine.close()


def parts_of(explanation: Explanation) -> dict[str, float]:
    names = ("title", "excerpt", "body", "topic", "provider", "nearness", "recency", "quality", "heat")
    return {name: getattr(explanation, name) for name in names}


def plain_parts(oracle: PlainBm25f, article: Article, query: Query) -> Mapping[str, float]:
    """The worth of words by field: each word in proportion to its frequencies there, as the formula weighs them."""
    parts: Counter[str] = Counter()
    match query:
        case Word() | Prefix():
            for field in query.fields:
                if whole := oracle.frequency(article, query):
                    share = oracle.frequency(article, replace(query, fields=(field,))) / whole
                    parts[field] += share * (oracle.single(article, query) or 0.0)
        case Phrase() if has_phrase(article, query):
            for word in query.words():
                parts.update(plain_parts(oracle, article, word))
        case Every(queries) | Some(queries):
            for part in queries:
                if oracle.single(article, part) is not None:
                    parts.update(plain_parts(oracle, article, part))
    return parts


def explained(hits: Sequence[Hit]) -> list[tuple[Article, float, Explanation]]:
    """The hits that have a score; all others have nothing to explain."""
    assert all((hit.score is None) == (hit.explanation is None) for hit in hits)
    return [(hit.article, hit.score, hit.explanation) for hit in hits if hit.score is not None and hit.explanation]


@settings(max_examples=50)
@given(st.data())
async def test_parts_are_those_of_the_formula_and_add_up_to_the_score(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    articles = data.draw(corpora() | crowds | crowds)
    built = data.draw(st.sampled_from((ENGLISH, WITH_BODIES)))
    batches = split(articles, data.draw(st.integers(1, 3)))
    folder = write_segments(tmp_path_factory.mktemp("index"), batches, built=built)
    ranking = data.draw(st.sampled_from((Ranking.RELEVANCE, Ranking.OLDEST)))
    oracle = PlainBm25f([article for article in articles if is_visible(article, NOW)])
    async with opened(folder) as engine:
        for text in data.draw(searches(articles)):
            request = SearchRequest(now=NOW, text=text, ranking=ranking, window=Window(size=9), explanations=True)
            for article, score, explanation in explained((await ask(engine, request)).hits):
                query = within(parse(text), built.searched)
                found, expected = parts_of(explanation), plain_parts(oracle, article, query)
                assert explanation.score == score == pytest.approx(sum(found.values()), rel=1e-5, abs=1e-9)
                for field in TextField:
                    assert found[field] == pytest.approx(expected.get(field, 0.0), rel=1e-4, abs=1e-6)
                assert found["nearness"] == pytest.approx(oracle.near(article, query), rel=1e-4, abs=1e-6)


@settings(max_examples=30)
@given(st.data())
async def test_parts_of_a_tuned_score_are_weighed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    articles, tuning = data.draw(crowds.filter(bool)), data.draw(tunings)
    articles = [replace(one, quality=place * 7, heat=place * 31) for place, one in enumerate(articles)]
    async with opened(write_segments(tmp_path_factory.mktemp("index"), split(articles, 2))) as engine:
        oracle = PlainBm25f([article for article in articles if is_visible(article, NOW)])
        for text in ("", *data.draw(searches(articles))):
            request = SearchRequest(
                now=NOW, text=text, ranking=Ranking.RELEVANCE, tuning=tuning, window=ALL, explanations=True
            )
            best = sum(oracle.rarity(leaf) for leaf in leaves(parse(text)))
            is_weighed = replace(tuning, max_per_provider=None) != Tuning()
            for article, score, explanation in explained((await ask(engine, request)).hits):
                found = parts_of(explanation)
                assert explanation.score == score == pytest.approx(sum(found.values()), rel=1e-5, abs=1e-6)
                scale = (tuning.text / best if best else 0.0) if is_weighed else 1.0
                words = sum(found[field] for field in TextField) + found["nearness"]
                assert words == pytest.approx(scale * (oracle.score(article, parse(text)) or 0.0), rel=1e-4, abs=1e-6)
                for name in ("recency", "quality", "heat"):
                    alone = Tuning(text=0.0, **{name: getattr(tuning, name)})
                    expected = tuned_score(article, replace(request, tuning=alone), text=0.0) if is_weighed else 0.0
                    assert found[name] == pytest.approx(expected, rel=1e-5)


async def test_a_word_in_several_fields_is_shared_among_them(tmp_path: Path) -> None:
    articles = [
        replace(plain("both"), title="Owl house", excerpt="An owl in a house"),
        replace(plain("title"), title="Owl house", excerpt="Nothing else of it"),
        replace(plain("topic"), title="Nothing", topics=("Owls",)),
    ]
    async with opened(write_segments(tmp_path / "index", [articles])) as engine:
        request = SearchRequest(now=NOW, text="owl OR topic:owls", ranking=Ranking.RELEVANCE, explanations=True)
        found = {article.key: explanation for article, _, explanation in explained((await ask(engine, request)).hits)}
        assert found["both"].title > found["both"].excerpt > 0.0
        assert (found["title"].title > 0.0, found["title"].excerpt, found["title"].topic) == (True, 0.0, 0.0)
        assert (found["topic"].title, found["topic"].excerpt, found["topic"].topic > 0.0) == (0.0, 0.0, True)


async def test_asking_for_explanations_changes_nothing_else(tmp_path: Path) -> None:
    articles = [replace(plain(f"{number}"), title="An owl " * (1 + number % 3), quality=number) for number in range(20)]
    async with opened(write_segments(tmp_path / "index", split(articles, 3))) as engine:
        for ranking in Ranking:
            for tuning in (Tuning(), Tuning(recency=1.0, half_life_hours=DAY.total_seconds())):
                request = SearchRequest(now=NOW, text="owl", ranking=ranking, tuning=tuning, total=True, scores=True)
                without = await ask(engine, request)
                explaining = await ask(engine, replace(request, explanations=True))
                assert {hit.explanation for hit in without.hits} == {None}
                assert (
                    replace(explaining, hits=tuple(replace(hit, explanation=None) for hit in explaining.hits))
                    == without
                )


async def test_nothing_is_explained_where_nothing_is_scored(tmp_path: Path) -> None:
    async with opened(write_segments(tmp_path / "index", [[plain("a")]])) as engine:
        for text in ("", "-owl"):
            for ranking in (Ranking.RELEVANCE, Ranking.NEWEST):
                request = SearchRequest(now=NOW, text=text, ranking=ranking, explanations=True)
                assert [hit.explanation for hit in (await ask(engine, request)).hits] == [None]


async def test_words_that_are_meant_besides_are_explained_too(tmp_path: Path) -> None:
    articles = [
        *(replace(plain(f"{number}"), title=f"Recognition of number {number}") for number in range(120)),
        replace(plain("typo"), title="Recognitoin of a face"),
    ]
    async with opened(write_segments(tmp_path / "index", split(articles, 2))) as engine:
        for text in ("recognitoin", "recogniton", "recognition nowhere"):
            request = SearchRequest(
                now=NOW, text=text, ranking=Ranking.RELEVANCE, window=ALL, forgiving=True, explanations=True
            )
            found = explained((await ask(engine, request)).hits)
            assert len(found) >= 120
            for _, score, explanation in found:
                assert explanation.title == pytest.approx(score, rel=1e-5)
