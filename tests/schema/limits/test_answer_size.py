"""Answers are the same in pieces, and none is larger than is sent."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.compiler.parts import Part
from schema.limits.answer_size import AnswerBuffer, AnswerTooLarge, write_pieces, written

leaves = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=5)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
values = st.recursive(
    leaves.filter(lambda leaf: not isinstance(leaf, str) or leaf.isprintable()),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(texts, inner, max_size=4) | st.lists(inner).map(tuple),
    max_leaves=30,
)
objects = st.dictionaries(texts, values, max_size=4)


@given(objects, st.sampled_from([0, 1, 1.5, 2, 3, 7, 50, float("inf")]))
def test_in_any_number_of_pieces_an_object_is_written_as_at_once(value: dict[str, Any], pieces: float) -> None:
    body = orjson.dumps(value)
    assert written(value, most=len(body), pieces=pieces) == body
    for most in (len(body) - 1, len(body) // 2, 0):
        with pytest.raises(AnswerTooLarge, match=f"The answer is larger than {most} bytes, the most that is sent"):
            written(value, most=most, pieces=pieces)


def test_encoded_parts_are_pieces_like_others() -> None:
    part = Part(None, [b'{"key":"a"}']).json
    value = {"data": {"nodes": [part, part], "part": part}}
    assert written(value, most=100, pieces=4) == written(value, most=100) == orjson.dumps(value)


def test_no_more_is_made_of_an_answer_than_is_sent_and_one_piece() -> None:
    entry = {"a" * 100: "x" * 1000, "topics": ["y" * 100] * 10}
    huge = {"data": {"articles": {"nodes": [{"similar": [entry] * 100}] * 100}}}
    buffer, made = AnswerBuffer(100_000), []

    def write(piece: bytes) -> None:
        made.append(len(piece))
        buffer.write(piece)

    with pytest.raises(AnswerTooLarge):
        write_pieces(huge, 40, write)
    size = len(orjson.dumps(huge))
    assert size > 20_000_000
    assert max(made) <= size / 40
    assert sum(made) <= 100_000 + max(made)
