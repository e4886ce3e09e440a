"""Whole numbers in few bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.varints import packed, unpacked


@given(st.lists(st.integers(0, 2**64 - 1)))
def test_numbers_come_back_as_they_went_in(numbers: list[int]) -> None:
    assert unpacked(packed(numbers)) == numbers


def test_small_numbers_are_single_bytes() -> None:
    assert packed([0, 127, 128, 300]) == bytes([0, 127, 128, 1, 0xAC, 2])


@pytest.mark.parametrize("data", [b"\x80", b"\x01\xff", b"\xff" * 9 + b"\x02", b"\xff" * 1000 + b"\x01"])
def test_half_a_number_and_one_too_large_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="number"):
        unpacked(data)
