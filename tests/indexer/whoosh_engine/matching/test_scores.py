"""Matches and their scores, whichever way they are evaluated: one document after another, or all at once."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.memory import Memory
from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Without, Word, leaves
from indexer.scoring.bm25f import Statistics
from indexer.scoring.term_weights import TermWeights
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.matching.scores import Scorer
from indexer.whoosh_engine.postings.words import Words
from indexer.whoosh_engine.segment.arrays import Documents
from tests.indexer.whoosh_engine.crowds import crowd
from tests.indexer.whoosh_engine.plain_matching import matches
from tests.indexer.whoosh_engine.queries import queries
from tests.indexer.whoosh_engine.segments import STEMS, open_segment
from tests.indexer.whoosh_engine.ways import WAYS, words_by

SIZE = 1_500


class Crowd(NamedTuple):
    """A segment of many articles, some of them deleted."""

    articles: list[Article]
    live: Documents
    words: Words

    @property
    def matcher(self) -> Matcher:
        return Matcher(self.words, size=SIZE)

    def evaluation(self, query: Query) -> Scorer:
        counts = {leaf.name: len(self.words.occurrences(leaf).documents) for leaf in leaves(query)}
        statistics = Statistics(SIZE, {"title": 2.5, "excerpt": 5.5}, counts)
        return Scorer(self.matcher, TermWeights.of(query, statistics))


@pytest.fixture(scope="module", params=WAYS)
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    """So many that some words are found one by one and others all at once."""
    articles = crowd(Random(5), SIZE)  # noqa: S311  # the same each time
    gone = {article.key for article in articles[::7]}
    live = [number for number, article in enumerate(articles) if article.key not in gone]
    with open_segment(tmp_path_factory.mktemp("index"), articles, without=gone) as stored:
        yield Crowd(articles, np.array(live, dtype=np.int32), words_by(request.param)(stored.segment, STEMS, Memory()))


def some_of(documents: Documents, seed: int, count: int) -> Documents:
    chosen = Random(seed).sample(documents.tolist(), min(count, len(documents)))  # noqa: S311  # drawn
    return np.array(sorted(chosen), dtype=np.int32)


RARE, COMMON = Word("harbour5"), Word("run")


@settings(max_examples=60)
@given(queries, st.integers(0, 999))
@example(Every(), 1)
@example(Every((Without(RARE), COMMON)), 1)
@example(Every((COMMON, Some((RARE, Word("walk5"), Word("nobody"))))), 1)
@example(Every((Prefix(""), Without(Phrase(("run", "running"))), RARE)), 1)
@example(Some((Every((COMMON, Word("nobody"))), RARE)), 1)
@example(Without(Without(Word("nobody"))), 1)
def test_what_matches_is_what_holds_of_few_documents_and_of_many(many: Crowd, query: Query, seed: int) -> None:
    found = many.matcher.documents(query)
    assert (np.diff(found) > 0).all()
    expected = np.array([matches(many.articles[number], query) for number in many.live.tolist()], dtype=bool)
    assert many.live[expected].tolist() == found[np.isin(found, many.live)].tolist()
    for count in (0, 1, 3, 40, SIZE):
        documents = some_of(many.live, seed, count)
        holds = many.matcher.holds(query, documents)
        assert holds.dtype == np.bool_
        assert holds.tolist() == np.isin(documents, found).tolist()


@settings(max_examples=60)
@given(queries, st.integers(0, 999))
@example(Every((COMMON, Word("running"), RARE)), 1)
@example(Some((Phrase(("run", "running")), Word("runs"), Prefix("ru"))), 1)
def test_a_document_has_the_same_score_to_the_last_bit_among_few_and_among_many(
    many: Crowd, query: Query, seed: int
) -> None:
    found = many.matcher.documents(query)
    scores = many.evaluation(query).scores(found)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    for count in (0, 1, 3, 40, SIZE // 2):
        documents = some_of(found, seed, count)
        assert many.evaluation(query).scores(documents).tolist() == scores[np.isin(found, documents)].tolist()


def test_words_that_only_exclude_add_nothing_to_the_score(many: Crowd) -> None:
    plain, without = (
        Every((COMMON, Word("the"))),
        Every((COMMON, Without(RARE), Word("the"), Without(Phrase(("a", "b"))))),
    )
    found = many.matcher.documents(without)
    assert len(found)
    statistics = many.evaluation(without)
    assert statistics.scores(found).tolist() == many.evaluation(plain).scores(found).tolist()
    nothing = Without(RARE)
    found = many.matcher.documents(nothing)
    assert not many.evaluation(nothing).scores(found).any()
