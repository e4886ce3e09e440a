"""Values that were used lately stay, within bounds; nobody notices but by speed."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.recent import Memory, Shelf

USES = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(1, 400)), max_size=60)


def held(shelf: Shelf[object, int]) -> dict[object, int]:
    return {**shelf._old, **shelf._young}  # noqa: SLF001 - to look without using


@given(USES, st.integers(0, 1000))
def test_what_was_used_last_is_there_and_all_of_it_is_bounded(uses: list[tuple[int, int, int]], most: int) -> None:
    memory = Memory(most)
    shelves = [memory.shelf(lambda size: size) for _ in range(2)]
    recent: dict[tuple[int, int], int] = {}  # in the order of use
    for place, key, size in uses:
        shelf, known = shelves[place], (place, key)
        found = shelf.find(key)
        assert found in (None, recent.get(known))
        if found is None:
            shelf.put(key, size)
        recent[known] = recent.pop(known, size) if found is not None else size
        recent[known] = recent.pop(known)
    assert sum(sum(held(shelf).values()) for shelf in shelves) <= most + 2 * 400
    used = 0
    for (place, key), size in reversed(recent.items()):
        used += size
        if used > most // 2:
            break
        assert shelves[place].find(key) == size


def test_a_shelf_that_nobody_uses_any_more_takes_no_memory() -> None:
    memory = Memory(1000)
    memory.shelf(len).put("a", "text")
    assert not list(memory._shelves)  # noqa: SLF001 - as above


def test_forgetting_gives_everything_up_and_takes_anew() -> None:
    memory = Memory(1000)
    shelf = memory.shelf(len)
    shelf.put("a", "text")
    memory.forget()
    assert (shelf.find("a"), shelf.young("a")) == (None, None)
    shelf.put("a", "other")
    assert (shelf.find("a"), shelf.young("a")) == ("other", "other")


def test_a_value_that_is_old_is_young_again_once_it_is_used() -> None:
    memory = Memory(8)
    shelf = memory.shelf(len)
    shelf.put("a", "aaaa")
    shelf.put("b", "bbbb")
    assert shelf.young("a") is None
    assert shelf.find("a") == "aaaa"
    assert shelf.young("a") == "aaaa"
