"""A query as text is one that a person could have typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.as_typed import as_typed
from indexer.query.parser import parse
from indexer.query.tree import Every, Prefix, Some, TextField, Without, Word

TITLE = (TextField.TITLE,)


@pytest.mark.parametrize(
    "text", ["owl", "owl*", '"night owl"', "-owl bird", "owl OR bird", 'title:owl* -provider:"daily owl"', ""]
)
def test_a_query_is_written_as_it_was_typed(text: str) -> None:
    assert as_typed(parse(text)) == text


TYPED = st.lists(
    st.sampled_from(["owl", "Bird", "U.S.", "-", '"', "*", " ", " ", "title:", " OR ", "東京"]), max_size=12
)


@given(TYPED.map("".join))
def test_the_text_of_a_query_stays_the_same_when_it_is_read_again(text: str) -> None:
    written = as_typed(parse(text))
    assert as_typed(parse(written)) == written


def test_fields_can_be_left_out() -> None:
    query = Every((Without(Word("owl", TITLE)), Some((Prefix("bi", TITLE), Word("bird")))))
    assert as_typed(query, with_fields=False) == "-owl bi* OR bird"
