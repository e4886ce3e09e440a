"""Calls that end together."""

import asyncio

import pytest

from indexer.opensearch_engine.storage.together import together


async def slow(ended: list[str]) -> str:
    try:
        await asyncio.sleep(60)
    finally:
        ended.append("slow")
    return "never"


async def wrong() -> str:
    await asyncio.sleep(0)
    raise ValueError("wrong")


async def quick(answer: str) -> str:
    return answer


async def test_answers_are_in_the_order_of_the_calls() -> None:
    assert await together([quick("a"), quick("b")]) == ["a", "b"]


async def test_nothing_goes_on_after_the_error_of_one() -> None:
    ended: list[str] = []
    with pytest.raises(ValueError, match="wrong"):
        await together([slow(ended), wrong()])
    assert ended == ["slow"]


async def test_whoever_gives_up_ends_all_calls() -> None:
    ended: list[str] = []
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await together([slow(ended), slow(ended)])
    assert ended == ["slow", "slow"]
