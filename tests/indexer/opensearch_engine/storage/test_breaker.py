"""The breaker: calls fail at once while nothing answers, but for a trial now and then."""

import pytest

from indexer.errors import IndexUnreachable, RequestError
from indexer.opensearch_engine.storage.breaker import Breaker


class Line:
    """A line that is up or down, behind a breaker on a clock that stands still."""

    def __init__(self) -> None:
        self.now = 0.0
        self.is_up = True
        self.calls = 0
        self.breaker = Breaker(seconds=1.0, clock=lambda: self.now)

    def call(self) -> None:
        with self.breaker.watch():
            self.calls += 1
            if not self.is_up:
                raise IndexUnreachable("nothing answers")


def test_calls_go_through_until_one_reaches_nothing() -> None:
    line = Line()
    line.call()
    line.is_up = False
    for _ in range(3):
        with pytest.raises(IndexUnreachable, match="nothing answers"):
            line.call()
    assert line.calls == 2
    assert line.breaker.is_open


def test_one_call_is_a_trial_after_a_while_and_all_go_through_once_it_succeeds() -> None:
    line = Line()
    line.is_up = False
    for now in (0.0, 0.9, 1.0, 1.1, 2.0):
        line.now = now
        with pytest.raises(IndexUnreachable):
            line.call()
    assert line.calls == 3  # at 0, 1 and 2
    line.is_up, line.now = True, 3.0
    line.call()
    line.call()
    assert (line.calls, line.breaker.is_open) == (5, False)


def test_while_a_trial_lasts_others_fail_at_once() -> None:
    line = Line()
    line.is_up = False
    with pytest.raises(IndexUnreachable):
        line.call()
    line.is_up, line.now = True, 1.0
    with line.breaker.watch(), pytest.raises(IndexUnreachable):
        line.call()
    line.call()
    assert line.calls == 2


def test_other_errors_say_nothing_of_the_line() -> None:
    line = Line()
    with pytest.raises(RequestError), line.breaker.watch():
        raise RequestError("no sense")
    assert not line.breaker.is_open
