"""Questions that are asked at the same time, put together."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Hashable, Sequence
from typing import Any, Generic, Protocol, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")
_Known_co = TypeVar("_Known_co", covariant=True)
_Shaped = TypeVar("_Shaped")

Answers = Callable[[list[_Key]], Awaitable[Sequence[_Value | BaseException]]]
"""Answers questions in their order; an exception is the answer of the question that it stands for."""


class Pending(Awaitable[_Known_co], Protocol[_Known_co]):
    """What is on its way from a loader: awaited like anything else, or settled and then taken at once."""

    @property
    def is_settled(self) -> bool:
        """Whether it has come."""

    async def settle(self) -> None:
        """Ask for it, together with all that its loader was asked for meanwhile. Nobody else may wait for it."""

    def result(self) -> _Known_co:
        """What has come. Raises what went wrong."""


class Loader(Generic[_Key, _Value]):
    """Collects keys, and asks for them together as soon as one of them is waited for. Asks for each key once."""

    def __init__(self, answers: Answers[_Key, _Value]) -> None:
        """Take what answers all keys of a batch."""
        self.answers = answers
        self._loadings: dict[_Key, Loading[_Key, _Value]] = {}
        self.batch: _Batch[_Key, _Value] = _Batch(self)

    def load(self, key: _Key) -> "Loading[_Key, _Value]":
        """What is known by the key, or will be."""
        loading = self._loadings.get(key)
        if loading is None:
            loading = self._loadings[key] = Loading(key, self.batch)
            self.batch.loadings.append(loading)
        return loading


class Loading(Generic[_Key, _Value]):
    """The value of one key; see `Pending`."""

    __slots__ = ("_batch", "error", "is_settled", "key", "value")

    def __init__(self, key: _Key, batch: "_Batch[_Key, _Value]") -> None:
        self.key = key
        self.is_settled = False
        self.value: _Value
        self.error: BaseException | None = None
        self._batch = batch

    def __await__(self) -> Generator[Any, None, _Value]:
        if not self.is_settled:
            yield from self._batch.task().__await__()
        return self.result()

    async def settle(self) -> None:
        """See `Pending`."""
        if not self.is_settled:
            await self._batch.settle()

    def result(self) -> _Value:
        """See `Pending`."""
        if self.error is not None:
            raise self.error
        return self.value


class Shaped(Generic[_Value, _Shaped]):
    """`shape` of something that is pending, and itself `Pending`."""

    __slots__ = ("_pending", "_shape")

    def __init__(self, pending: Pending[_Value], shape: Callable[[_Value], _Shaped]) -> None:
        self._pending = pending
        self._shape = shape

    @property
    def is_settled(self) -> bool:
        """See `Pending`."""
        return self._pending.is_settled

    def __await__(self) -> Generator[Any, None, _Shaped]:
        return self._shape((yield from self._pending.__await__()))

    async def settle(self) -> None:
        """See `Pending`."""
        await self._pending.settle()

    def result(self) -> _Shaped:
        """See `Pending`."""
        return self._shape(self._pending.result())


class _Batch(Generic[_Key, _Value]):
    """Keys that are asked for together."""

    __slots__ = ("_loader", "_task", "loadings")

    def __init__(self, loader: Loader[_Key, _Value]) -> None:
        self._loader = loader
        self._task: asyncio.Task[None] | None = None
        self.loadings: list[Loading[_Key, _Value]] = []

    def task(self) -> "asyncio.Task[None]":
        """The asking, begun when whoever is about to ask has done so."""
        if self._task is None:
            self._task = asyncio.ensure_future(self.settle())
        return self._task

    async def settle(self) -> None:
        """Ask; from now on, keys belong to another batch."""
        self._loader.batch = _Batch(self._loader)
        for loading, answer in zip(self.loadings, await self._answers(), strict=True):
            if isinstance(answer, BaseException):
                loading.error = answer
            else:
                loading.value = answer
            loading.is_settled = True

    async def _answers(self) -> Sequence[_Value | BaseException]:
        try:
            return await self._loader.answers([loading.key for loading in self.loadings])
        except Exception as error:  # noqa: BLE001 - raised again by whoever waits for it
            return [error] * len(self.loadings)
