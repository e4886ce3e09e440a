"""Clients take turns, whatever each of them has waiting."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from indexer.turns import Turns


@given(st.lists(st.sampled_from("abc") | st.none(), max_size=60))
def test_each_client_has_as_many_turns_as_any_other_that_waits(steps: list[str | None]):
    """A letter is something new of that client, and None the next turn; the oracle looks at all that ever waited."""
    turns: Turns[tuple[str, int]] = Turns()
    waiting: list[tuple[str, int]] = []
    last: Counter[str] = Counter()  # the step of a client's last turn, or of its coming where nothing of it waited
    for number, client in enumerate(steps, 1):
        if client:
            if not any(other == client for other, _ in waiting):
                last[client] = number
            turns.add(client, (client, number))
            waiting.append((client, number))
        else:
            first = min(waiting, key=lambda item: (last[item[0]], item[1]), default=None)
            assert turns.next() == first
            if first:
                waiting.remove(first)
                last[first[0]] = number
        assert len(turns) == len(waiting)
        assert sorted(turns) == sorted(waiting)
        assert turns.oldest("a") == next((item for item in waiting if item[0] == "a"), None)


def test_clients_that_are_not_ready_keep_their_turn():
    turns: Turns[int] = Turns()
    for client, number in [("a", 1), ("b", 2), ("a", 3)]:
        turns.add(client, number)
    assert turns.next(lambda client: client == "b") == 2
    assert turns.next(lambda client: client == "b") is None
    assert (turns.next(), turns.next(), turns.next()) == (1, 3, None)
