"""Query trees: what of them is scored and what has to be looked up."""

import pytest

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, TextField, Without, Word, is_scored, leaves

A, B = Word("a"), Word("b", (TextField.TOPIC,))


@pytest.mark.parametrize("query", [A, Prefix("a"), Phrase(("a", "b")), Some((Without(A), B)), Every((Without(A), B))])
def test_what_looks_for_something_is_scored(query: Query) -> None:
    assert is_scored(query)


@pytest.mark.parametrize("query", [Every(), Without(A), Every((Without(A), Without(B))), Some((Every(), Without(A)))])
def test_what_only_excludes_is_not_scored(query: Query) -> None:
    assert not is_scored(query)


def test_the_leaves_are_all_words_and_prefixes_wherever_they_stand() -> None:
    query = Every((A, Some((Prefix("p"), Phrase(("x", "y"), (TextField.TITLE,)))), Without(B), Every()))
    title = (TextField.TITLE,)
    assert list(leaves(query)) == [A, Prefix("p"), Word("x", title), Word("y", title), B]
