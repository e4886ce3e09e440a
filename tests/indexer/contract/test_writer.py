"""Engine contract: a build becomes one new generation, or nothing at all."""

from collections.abc import Callable

import pytest

from indexer.errors import ContentProblem, IndexBusy
from indexer.search.build_problems import NO_PROBLEMS, BuildProblems
from indexer.search.engine import IndexWriter
from tests.asking import found
from tests.engine_place import Place, write
from tests.replacing import replace
from tests.samples import NOW, plain


async def served(place: Place) -> list[str]:
    """The keys of all articles in the index, as an engine opened now sees them."""
    engine = await place.open_engine()
    found_keys = await found(engine)
    await engine.close()
    return found_keys


async def test_generations_are_numbered_upwards(place: Place) -> None:
    numbers = [write(place, [plain(key)]) for key in "abc"]
    assert numbers == sorted(set(numbers))
    assert await served(place) == ["a", "b", "c"]


async def test_a_build_of_nothing_is_an_empty_index(place: Place) -> None:
    write(place)
    assert await served(place) == []


@pytest.mark.parametrize("state", [b"", b"\x00\xff\n" * 5, b"x" * 3_000_000])
def test_the_state_comes_back_byte_for_byte(place: Place, state: bytes) -> None:
    with place.open_writer() as writer:
        assert writer.state == b""
        writer.commit(state)
    with place.open_writer() as writer:
        assert writer.state == state


def test_every_commit_replaces_the_state(place: Place) -> None:
    write(place, state=b"first")
    write(place, state=b"second")
    with place.open_writer() as writer:
        assert writer.state == b"second"


async def test_every_commit_replaces_the_problems_and_they_make_no_generation(place: Place) -> None:
    problem = ContentProblem(path="b.md", line=2, reason="is blank", remedy="write one")
    number = write(place, [plain("a")])
    engine = await place.open_engine()
    told = []
    for problems in (BuildProblems.of([problem]), NO_PROBLEMS):
        with place.open_writer() as writer:
            assert writer.commit(writer.state, problems) == number
        assert not await engine.refresh()
        told.append((await engine.status(now=NOW)).problems)
    assert [each.listed for each in told] == [(problem,), ()]
    await engine.close()


async def test_an_article_replaces_the_one_with_its_key(place: Place) -> None:
    write(place, map(plain, "abc"))
    other = replace(plain("b"), title="Robots", topics=("AI",), web_url="https://daily.example/moved")
    write(place, [other])
    engine = await place.open_engine()
    assert await found(engine) == ["a", "b", "c"]
    assert await found(engine, "harvest") == ["a", "c"]
    assert await found(engine, "robots") == ["b"]
    assert await engine.fetch(["b"], now=NOW) == [other]
    assert await engine.fetch_by_url([plain("b").web_url, other.web_url], now=NOW) == [None, other]
    assert (await engine.status(now=NOW)).article_count == 3
    await engine.close()


async def test_of_one_key_added_twice_in_a_build_the_later_article_stays(place: Place) -> None:
    later = replace(plain("a"), title="Later")
    write(place, [plain("a"), plain("b"), later])
    engine = await place.open_engine()
    assert await found(engine) == ["a", "b"]
    assert await engine.fetch(["a"], now=NOW) == [later]
    await engine.close()


async def test_what_is_deleted_is_gone_and_unknown_keys_are_ignored(place: Place) -> None:
    write(place, map(plain, "abcd"))
    write(place, without=["b", "nowhere", "d", "b"])
    assert await served(place) == ["a", "c"]


async def test_deleting_is_by_whole_keys(place: Place) -> None:
    write(place, map(plain, ("a", "a/b", "a b", "A")))
    write(place, without=["a"])
    assert await served(place) == ["A", "a b", "a/b"]


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda writer: (writer.delete(["a"]), writer.add([plain("a")])), ["a"]),
        (lambda writer: (writer.add([plain("a")]), writer.delete(["a"])), []),
        (lambda writer: (writer.add([plain("b")]), writer.delete(["b"]), writer.add([plain("b")])), ["a", "b"]),
        (lambda writer: (writer.add([]), writer.delete([])), ["a"]),
    ],
)
async def test_changes_of_one_build_take_effect_in_their_order(
    place: Place, build: Callable[[IndexWriter], object], expected: list[str]
) -> None:
    write(place, [plain("a")])
    with place.open_writer() as writer:
        build(writer)
        writer.commit(b"")
    assert await served(place) == expected


async def test_articles_may_come_from_a_generator(place: Place) -> None:
    # A corpus of 100,000 files is never in memory as a whole.
    write(place, (plain(f"{number:05}") for number in range(300)))
    assert await served(place) == [f"{number:05}" for number in range(300)]


async def test_a_writer_left_without_commit_changes_nothing(place: Place) -> None:
    number = write(place, map(plain, "ab"), state=b"kept")
    with place.open_writer() as writer:
        writer.add([plain("c"), replace(plain("a"), title="Other")])
        writer.delete(["b"])
    assert await served(place) == ["a", "b"]
    with place.open_writer() as writer:
        assert writer.state == b"kept"
        assert writer.commit(writer.state) == number
    assert await served(place) == ["a", "b"]


async def test_a_build_that_fails_changes_nothing_and_lets_the_next_one_work(place: Place) -> None:
    write(place, [plain("a")])
    numbers = (1 // (2 - number) for number in range(5))
    with pytest.raises(ZeroDivisionError), place.open_writer() as writer:
        writer.add(plain(f"{number}") for number in numbers)
    assert await served(place) == ["a"]
    write(place, [plain("c")])
    assert await served(place) == ["a", "c"]


def test_a_second_writer_is_refused_until_the_first_is_left(place: Place) -> None:
    with place.open_writer() as writer:
        with pytest.raises(IndexBusy), place.open_writer():
            pass
        writer.commit(b"first")
    with place.open_writer() as writer:
        assert writer.state == b"first"


async def test_a_refused_writer_does_not_disturb_the_first(place: Place) -> None:
    with place.open_writer() as writer:
        writer.add([plain("a")])
        with pytest.raises(IndexBusy), place.open_writer():
            pass
        writer.add([plain("b")])
        writer.commit(b"")
    assert await served(place) == ["a", "b"]
