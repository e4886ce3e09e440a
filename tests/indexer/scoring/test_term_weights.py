"""What is known of a query's matches before it is asked where its words are."""

import pytest

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Without, Word
from indexer.scoring.bm25f import Statistics
from indexer.scoring.term_weights import TermWeights

HALF, FIFTH, TENTH = Word("half"), Word("fifth"), Prefix("tenth")
COUNTS = {HALF.name: 50, FIFTH.name: 20, TENTH.name: 10}


@pytest.mark.parametrize(
    ("query", "share"),
    [
        (HALF, 0.5),
        (TENTH, 0.1),
        (Word("unknown"), 0),
        (Every(()), 1),
        (Some(()), 0),
        (Every((HALF, FIFTH, TENTH)), 0.01),
        (Some((FIFTH, TENTH)), 0.3),
        (Some((HALF, HALF, FIFTH)), 1),
        (Phrase(("half", "fifth")), 0.1),
        (Without(FIFTH), 0.8),
        (Every((HALF, Without(Some((FIFTH, TENTH))))), 0.35),
    ],
)
def test_words_are_taken_to_stand_together_by_chance(query: Query, share: float) -> None:
    assert TermWeights.of(query, Statistics(100, {}, COUNTS)).share == pytest.approx(share)


def test_nothing_matches_in_an_empty_index() -> None:
    assert TermWeights.of(HALF, Statistics(0, {}, {HALF.name: 0})).share == 0
