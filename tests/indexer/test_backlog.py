"""Patience with what waits ends when there is more than can be done, and with those first who have the most of it."""

import pytest

from indexer.backlog import Backlog, Waiting


def overloaded(*, request: float, call: float) -> Backlog:
    """A backlog that a crowd has just left, of which one was refused."""
    backlog = standing(request=request, call=call)
    enter(backlog.requests, "crowd", 100)
    assert backlog.refuses("crowd", 0, 0)
    for _ in range(100):
        backlog.requests.leave("crowd")
    return backlog


def standing(*, request: float, call: float) -> Backlog:
    """A backlog in which something has been waiting for long, where requests and calls take so many seconds."""
    backlog = Backlog(0.1)
    backlog.calls.mean = call
    backlog.requests.enter("other")
    for _ in range(200):
        backlog.answered(1, request)
        backlog.pause()
    backlog.requests.leave("other")
    assert backlog.requests.mean == pytest.approx(request)
    return backlog


def enter(kind: Waiting, client: str, number: int) -> None:
    for _ in range(number):
        kind.enter(client)


def test_a_few_requests_wait_and_no_more():
    backlog = overloaded(request=0.005, call=0.005)
    enter(backlog.requests, "a", 2)
    assert not backlog.refuses("a", 0, 0)
    enter(backlog.requests, "a", 1)
    assert backlog.refuses("a", 0, 0)


def test_a_call_that_waits_is_no_overload_by_itself_however_short_requests_are():
    backlog = overloaded(request=0.001, call=0.08)
    enter(backlog.calls, "a", 2)
    assert not backlog.refuses("a", 0, 0)
    enter(backlog.calls, "a", 1)
    assert backlog.refuses("a", 0, 0)


def test_a_client_waits_for_as_much_of_each_other_as_it_has_itself():
    backlog = overloaded(request=0.005, call=0.02)
    enter(backlog.calls, "a", 50)
    enter(backlog.requests, "b", 1)
    assert backlog.refuses("a", 0, 0)
    assert not backlog.refuses("b", 0, 0)
    enter(backlog.requests, "b", 3)
    assert not backlog.refuses("b", 0, 0)
    enter(backlog.requests, "b", 1)
    assert backlog.refuses("b", 0, 0)


def test_many_clients_with_little_are_refused_too():
    backlog = overloaded(request=0.005, call=0.02)
    for number in range(4):
        backlog.requests.enter(f"{number}")
        assert not backlog.refuses(f"{number}", 0, 0)
    backlog.requests.enter("one more")
    assert backlog.refuses("one more", 0, 0)


def test_what_has_waited_for_long_is_refused_unless_it_is_the_last_of_its_client():
    backlog = overloaded(request=0.005, call=0.02)
    assert not backlog.refuses("a", 1.0, 0)
    enter(backlog.requests, "a", 1)
    assert backlog.refuses("a", 1.0, 0)
    assert not backlog.refuses("a", 0.01, 0)


def test_calls_count_with_the_request_that_made_them():
    backlog = Backlog(0.1)
    for _ in range(200):
        backlog.called(0.02)
        backlog.answered(1, 0.001)
    assert backlog.requests.mean == pytest.approx(0.021)
    assert backlog.calls.mean == pytest.approx(0.02)


def test_after_a_break_patience_begins_anew():
    backlog = standing(request=0.005, call=0.005)
    backlog.pause()
    enter(backlog.requests, "a", 100)
    assert not backlog.refuses("a", 0, 0)


def test_requests_that_differ_may_wait_for_longer():
    backlog = overloaded(request=0.005, call=0.005)
    for number in range(200):
        backlog.answered(1, 0.001 if number % 2 else 0.009)
    enter(backlog.requests, "a", 4)
    assert not backlog.refuses("a", 0, 0)
    enter(backlog.requests, "a", 3)
    assert backlog.refuses("a", 0, 0)


def test_clients_who_wait_for_their_answers_are_no_overload_however_long_they_go_on():
    backlog = Backlog(0.1)
    enter(backlog.requests, "a", 31)
    for _ in range(10_000):
        enter(backlog.requests, "a", 1)
        assert not backlog.refuses("a", 0.16, 0)
        backlog.requests.leave("a")
        backlog.answered(1, 0.005)
        backlog.pause()
