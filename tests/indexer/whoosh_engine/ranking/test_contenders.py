"""The best of many alternatives, found without scoring all of them."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.memory import Memory
from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Word, leaves
from indexer.scoring.bm25f import Statistics
from indexer.scoring.term_weights import TermWeights
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.matching.scores import Scorer
from indexer.whoosh_engine.postings.words import Words
from indexer.whoosh_engine.ranking.contenders import FEWEST, contenders
from indexer.whoosh_engine.ranking.ranked import ByValues, RankedDocument
from indexer.whoosh_engine.segment.doc_set import DocSet
from indexer.whoosh_engine.segment.segment import SegmentArrays
from tests.indexer.whoosh_engine.crowds import crowd
from tests.indexer.whoosh_engine.segments import STEMS, open_segment
from tests.indexer.whoosh_engine.ways import WAYS, words_by

SIZE = 6_000
COMMON, LESS, RARE, RAREST = Word("run"), Word("the"), Word("harbour5"), Word("walks2")
ALTERNATIVES = (COMMON, LESS, RARE, RAREST, Word("cafe"), Word("walking4"), Word("nobody"), Prefix("harb"), Word("it"))


class Many(NamedTuple):
    """A segment with some deletions, and its words."""

    segment: SegmentArrays
    words: Words

    def weights(self, query: Query) -> TermWeights:
        counts = {leaf.name: len(self.words.documents(leaf)) for leaf in leaves(query)}
        return TermWeights.of(query, Statistics(SIZE, {"title": 2.5, "excerpt": 5.5}, counts))

    def best(self, query: Query, matches: DocSet, count: int) -> list[RankedDocument]:
        documents = matches.documents
        scores = Scorer(self.words, self.weights(query), size=SIZE).scores(documents)
        return ByValues(self.segment, documents, scores).first(count, None, None)


@pytest.fixture(scope="module", params=WAYS)
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Many]:
    articles = crowd(Random(11), SIZE)  # noqa: S311  # the same each time
    gone = {article.key for article in articles[::13]}
    with open_segment(tmp_path_factory.mktemp("index"), articles, without=gone) as stored:
        yield Many(stored.segment, words_by(request.param)(stored.segment, STEMS, Memory()))


@settings(max_examples=150)
@given(
    alternatives=st.lists(st.sampled_from(ALTERNATIVES), min_size=1, max_size=5),
    count=st.sampled_from((1, 2, 3, 11, 21, 60)),
    share=st.sampled_from((1.0, 0.7, 0.2, 0.01)),
    seed=st.integers(0, 99),
)
def test_the_best_are_the_best_of_all(
    many: Many, alternatives: list[Word | Prefix], count: int, share: float, seed: int
) -> None:
    query = Some(tuple(alternatives))
    chosen = np.random.default_rng(seed).random(SIZE) < share
    allowed = DocSet.marked(many.segment.live & chosen)
    found = contenders(query, many.words, many.weights(query), allowed, count, fewest=0)
    if found is not None:
        matches = allowed.among(Matcher(many.words, size=SIZE).documents(query))
        assert found.count <= matches.count
        assert many.best(query, found, count) == many.best(query, matches, count)


def test_matches_of_a_common_word_alone_are_left_out(many: Many) -> None:
    query = Some((COMMON, RAREST))
    allowed = DocSet.marked(many.segment.live)
    found = contenders(query, many.words, many.weights(query), allowed, 3, fewest=0)
    assert found is not None
    assert found.documents.tolist() == many.words.documents(RAREST).tolist()
    assert len(many.words.documents(COMMON)) > 3 * found.count


@pytest.mark.parametrize(
    ("query", "count"),
    [
        (Every((COMMON, RAREST)), 3),
        (Some((COMMON, Phrase(("run", "the")))), 3),
        (Some((COMMON, RAREST)), SIZE),
        (Some((COMMON,)), 3),
        (Some(()), 3),
    ],
    ids=["all of them", "a phrase", "very many wanted", "one word", "nothing"],
)
def test_everything_else_is_scored_as_a_whole(many: Many, query: Query, count: int) -> None:
    allowed = DocSet.marked(many.segment.live)
    assert contenders(query, many.words, many.weights(query), allowed, count, fewest=0) is None


def test_few_postings_are_all_scored(many: Many) -> None:
    query = Some((COMMON, RAREST))
    assert sum(map(many.words.postings, (COMMON, RAREST))) < FEWEST
    assert contenders(query, many.words, many.weights(query), DocSet.marked(many.segment.live), 3) is None
