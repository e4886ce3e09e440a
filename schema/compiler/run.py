"""One run of a compiled operation: the answer as it grows, and what it waits for."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, cast

from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from schema.loading.loader import Loading, Pending, Shaped

Json = dict[str, object]

_PENDING = frozenset({Loading, Shaped})


class Bail(Exception):
    """The run met something out of the ordinary. The stock executor has to answer."""


class Hole(NamedTuple):
    """An entry of the answer that waits for `awaited`: `owner[key]`."""

    awaited: Awaitable[object]
    owner: Json
    key: str
    complete: "Complete"
    path: Path | None


@dataclass(slots=True, eq=False)
class Run:
    """The state of one run. `holes` are open, and nobody waits for them yet."""

    context: object
    variables: VariableValues
    holes: list[Hole] = field(default_factory=list)
    has_failed: bool = False
    _is_shared: bool = False

    async def fill(self) -> None:
        """Wait for all holes at once, and for those that open behind them. Raises what any of them raises.

        After a failure nothing new is begun, and what was begun is waited for, so that no error goes unseen.
        """
        while self.holes:
            holes, self.holes = self.holes, []
            if not self._is_shared and all(type(hole.awaited) in _PENDING for hole in holes):
                await self._settle(holes)
            elif len(holes) == 1:
                await self._fill(holes[0])
            else:
                await self._fill_all(holes)

    async def _settle(self, holes: Sequence[Hole]) -> None:
        """Fill holes that wait for loaders only, without a task for each."""
        pending = [cast("Pending[object]", hole.awaited) for hole in holes]
        for value in pending:
            if not value.batch.is_settled:
                await value.batch.settle()
        for value, (_, owner, key, complete, path) in zip(pending, holes, strict=True):
            owner[key] = complete(value.result(), path, self)

    async def _fill_all(self, holes: Sequence[Hole]) -> None:
        """Fill holes in tasks, side by side, of which none may settle what others are still about to ask for."""
        was_shared, self._is_shared = self._is_shared, True
        await _all(self._fill_through(hole) for hole in holes)
        self._is_shared = was_shared

    async def abandon(self) -> None:
        """Wait for what was begun, whatever comes of it."""
        self.has_failed = True
        holes, self.holes = self.holes, []
        await asyncio.gather(*(hole.awaited for hole in holes), return_exceptions=True)

    async def _fill_through(self, hole: Hole) -> None:
        """Fill the hole and those behind it, while its siblings are still waited for."""
        try:
            await self._fill(hole)
            if self.holes:
                await self.fill()
        except BaseException:
            self.has_failed = True
            raise

    async def _fill(self, hole: Hole) -> None:
        awaited, owner, key, complete, path = hole
        value = await awaited
        if self.has_failed:
            raise Bail
        owner[key] = complete(value, path, self)


Complete = Callable[[object, Path | None, Run], object]
"""Turns a value into its part of the answer. Raises `Bail` where the value does not fit its type."""


async def _all(fillings: Iterable[Coroutine[object, object, None]]) -> None:
    ended = await asyncio.gather(*fillings, return_exceptions=True)
    for each in ended:
        if isinstance(each, BaseException):
            raise each
