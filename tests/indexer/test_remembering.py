"""A method that remembers its answers."""

from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.remembering import remembering


class Squares:
    """Squares numbers, and remembers which it had to think about."""

    def __init__(self, size: int | None) -> None:
        self.thought: list[int] = []
        self.of = remembering(size, self._of)

    def _of(self, number: int, *, is_negative: bool = False) -> int:
        self.thought.append(number)
        if number == 13:
            raise LookupError
        return -number * number if is_negative else number * number


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans())), st.sampled_from([0, 1, 3, None]))
def test_answers_are_the_same_as_without(asked: list[tuple[int, bool]], size: int | None) -> None:
    squares = Squares(size)
    for number, is_negative in asked:
        assert squares.of(number, is_negative=is_negative) == number * number * (-1 if is_negative else 1)


def test_the_last_answers_are_remembered() -> None:
    squares = Squares(2)
    for number in (1, 2, 1, 3, 1, 2, 2):
        squares.of(number)
    assert squares.thought == [1, 2, 3, 2]


def test_what_fails_fails_each_time() -> None:
    squares = Squares(None)
    for _ in range(2):
        with pytest.raises(LookupError):
            squares.of(13)
    assert squares.thought == [13, 13]


@pytest.mark.usefixtures("no_collector")
def test_what_remembers_goes_as_soon_as_nobody_needs_it() -> None:
    squares = Squares(None)
    squares.of(3)
    gone = ref(squares)
    del squares
    assert gone() is None
