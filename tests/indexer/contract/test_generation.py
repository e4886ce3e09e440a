"""Engine contract: which generation is served, and from when."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from indexer.errors import SearchIndexError
from indexer.search.requests import SearchRequest
from tests.asking import found, keys
from tests.engine_place import Place, write
from tests.samples import NOW, plain


async def test_the_status_tells_generation_count_and_when_it_was_built(place: Place) -> None:
    before = datetime.now(UTC)
    number = write(place, map(plain, "abc"))
    after = datetime.now(UTC)
    engine = await place.open_engine()
    status = await engine.status(now=NOW)
    assert (status.generation, status.article_count) == (number, 3)
    assert before - timedelta(seconds=1) <= status.built_at <= after
    await engine.close()


async def test_a_new_generation_is_served_from_refresh_on_and_not_before(place: Place) -> None:
    first = write(place, [plain("a"), plain("b")])
    engine = await place.open_engine()
    second = write(place, [plain("c")], without=["a"])
    assert await found(engine) == ["a", "b"]
    assert await engine.fetch(["a", "c"], now=NOW) == [plain("a"), None]
    assert (await engine.status(now=NOW)).generation == first
    assert await engine.refresh()
    assert await found(engine) == ["b", "c"]
    assert await engine.fetch(["a", "c"], now=NOW) == [None, plain("c")]
    assert (await engine.status(now=NOW)).generation == second
    await engine.close()


async def test_refresh_without_a_new_generation_changes_nothing(place: Place) -> None:
    write(place, [plain("a")])
    engine = await place.open_engine()
    assert not await engine.refresh()
    assert await found(engine) == ["a"]
    await engine.close()


async def test_refresh_passes_over_generations_in_between(place: Place) -> None:
    # A server that looks once a minute may miss several builds, and old generations may have been tidied away.
    write(place, [plain("a")])
    engine = await place.open_engine()
    for key in "bcdef":
        number = write(place, [plain(key)])
    assert await engine.refresh()
    assert not await engine.refresh()
    assert (await engine.status(now=NOW)).generation == number
    assert await found(engine) == list("abcdef")
    await engine.close()


async def test_every_call_is_answered_from_one_generation(place: Place) -> None:
    write(place, [plain("a")])
    engine = await place.open_engine()
    write(place, [plain("b")])
    calls = [engine.search([SearchRequest(now=NOW)] * 3) for _ in range(10)]
    results, _, more = await asyncio.gather(asyncio.gather(*calls[:5]), engine.refresh(), asyncio.gather(*calls[5:]))
    for answers in (*results, *more):
        lists = [keys(answer) for answer in answers]
        assert lists in ([["a"]] * 3, [["a", "b"]] * 3)
    await engine.close()


async def test_two_engines_serve_one_index(place: Place) -> None:
    # Several worker processes do: each refreshes on its own.
    write(place, [plain("a")])
    one, other = await place.open_engine(), await place.open_engine()
    write(place, [plain("b")])
    assert await one.refresh()
    assert (await found(one), await found(other)) == (["a", "b"], ["a"])
    await one.close()
    assert await found(other) == ["a"]
    await other.close()


async def test_the_engine_as_it_was_stays_with_its_generation_as_long_as_somebody_has_it(place: Place) -> None:
    write(place, [plain("a")])
    engine = await place.open_engine()
    present = engine.present()
    write(place, [plain("b")], without=["a"])
    assert await engine.refresh()
    assert (await found(present), await found(engine)) == (["a"], ["b"])
    assert [article and article.key for article in await present.fetch(["a", "b"], now=NOW)] == ["a", None]
    assert (await present.status(now=NOW)).generation < (await engine.status(now=NOW)).generation
    assert await found(present.present()) == ["a"]
    await engine.close()


async def test_an_engine_can_be_open_while_its_index_is_written(place: Place) -> None:
    write(place, [plain("a")])
    engine = await place.open_engine()
    with place.open_writer() as writer:
        writer.add([plain("b")])
        assert await found(engine) == ["a"]
        assert not await engine.refresh()
    assert await found(engine) == ["a"]
    await engine.close()


async def test_a_closed_engine_says_that_it_cannot_be_used(place: Place) -> None:
    write(place, [plain("a")])
    engine = await place.open_engine()
    await engine.close()
    calls: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: engine.search([SearchRequest(now=NOW)]),
        lambda: engine.fetch(["a"], now=NOW),
        lambda: engine.fetch_by_url(["https://daily.example/a"], now=NOW),
        lambda: engine.status(now=NOW),
        engine.refresh,
    )
    for call in calls:
        with pytest.raises(SearchIndexError):
            await call()
