"""Calls that are made at the same time, and end together."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")
_First = TypeVar("_First")
_Second = TypeVar("_Second")


async def together(calls: Iterable[Coroutine[Any, Any, _Answer]]) -> list[_Answer]:
    """The answers of all calls, in order. Where one fails, the others are given up before its error is raised."""
    tasks = [asyncio.ensure_future(call) for call in calls]
    try:
        return await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def both(first: Coroutine[Any, Any, _First], second: Coroutine[Any, Any, _Second]) -> tuple[_First, _Second]:
    """The answers of two calls of different kinds, likewise."""
    calls: tuple[Coroutine[Any, Any, Any], ...] = (first, second)
    answers = await together(calls)
    return answers[0], answers[1]
