"""The pairs of words in a query."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.query.tree import SEARCHED, Every, Prefix, TextField, Word
from indexer.scoring.pairs import Pair, pairs
from tests.indexer.whoosh_engine.plain_bm25f import typed_near
from tests.indexer.whoosh_engine.queries import leaves


@given(st.lists(leaves, max_size=6))
def test_pairs_are_of_different_words_typed_near_each_other(words: list[Word | Prefix]) -> None:
    assert {(pair.first, pair.second): pair.gap for pair in pairs(words)} == typed_near(Every(tuple(words)))


def test_a_pair_has_the_smallest_gap_it_was_typed_with() -> None:
    a, b, c = map(Word, "abc")
    assert {*pairs([a, b, c])} == {Pair(a, b, 1), Pair(b, c, 1), Pair(a, c, 2)}
    assert {*pairs([a, b, a, c])} == {Pair(a, b, 1), Pair(b, a, 1), Pair(a, c, 1), Pair(b, c, 2)}
    assert {*pairs([a, a])} == set()
    assert {*pairs([a, Prefix("x"), b, Word("d", (TextField.TITLE,)), Word("e", SEARCHED)])} == {
        Pair(a, b, 2),
        Pair(b, Word("e"), 2),
    }
