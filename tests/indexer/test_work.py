"""Work ends at its deadline, or when nobody waits for it any more."""

from collections.abc import Iterator

import pytest

from indexer import work
from indexer.errors import ClientGone, DeadlineExceeded
from indexer.work import Work, checkpoint


@pytest.fixture(autouse=True)
def _back_to_none() -> Iterator[None]:
    yield
    work.begin(Work())


def test_work_without_an_end_goes_on():
    assert work.current().seconds_left == float("inf")
    checkpoint()


def test_work_may_take_until_its_deadline_and_no_longer():
    times = iter([9.0, 10.0, 10.5])
    work.begin(Work(deadline=10.0, now=lambda: next(times)))
    checkpoint()
    checkpoint()
    with pytest.raises(DeadlineExceeded, match="took too long and was given up; ask for less"):
        checkpoint()


def test_work_ends_when_its_client_has_gone():
    answers = iter([False, True])
    work.begin(Work(is_gone=lambda: next(answers)))
    checkpoint()
    with pytest.raises(ClientGone):
        checkpoint()


def test_a_part_of_work_ends_with_it_and_can_be_given_up_alone():
    is_gone = False
    whole = Work("a", deadline=5.0, is_gone=lambda: is_gone, now=lambda: 2.0)
    one, other = whole.part(), whole.part()
    assert (one.client, one.seconds_left) == ("a", 3.0)
    one.give_up()
    with pytest.raises(ClientGone):
        one.check()
    other.check()
    whole.check()
    is_gone = True
    with pytest.raises(ClientGone):
        other.check()
