"""Loaders: they collect keys, and load all of them with one call."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Hashable, Sequence
from typing import Any, Generic, Protocol, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")
_Value_co = TypeVar("_Value_co", covariant=True)
_Shaped = TypeVar("_Shaped")

Answers = Callable[[list[_Key]], Awaitable[Sequence[_Value | BaseException]]]
"""Loads the values of all keys, in their order. An exception in the place of a value is raised for its key alone."""


class Pending(Awaitable[_Value_co], Protocol[_Value_co]):
    """A value on its way from a loader: await it, or settle its batch and take the result."""

    @property
    def batch(self) -> "Batch":
        """The batch that the value is loaded with."""

    def result(self) -> _Value_co:
        """The value, once the batch is settled. Raises the error of the loading."""


class Batch(Protocol):
    """Keys that are loaded together."""

    is_settled: bool

    async def settle(self) -> None:
        """Load the values. Keys that come from now on belong to another batch. Nobody else may wait for this one."""


class Loader(Generic[_Key, _Value]):
    """Collects keys, and loads them together as soon as one of them is awaited. Each key is loaded once."""

    def __init__(self, answers: Answers[_Key, _Value]) -> None:
        """Load batches by `answers`."""
        self._answers = answers
        self._loadings: dict[_Key, Loading[_Key, _Value]] = {}
        self._batch: _Batch[_Key, _Value] | None = None

    def load(self, key: _Key) -> "Loading[_Key, _Value]":
        """The value of the key, loaded with the batch that is being collected unless the key is known."""
        batch = self._batch
        if batch is None or batch.is_begun:
            batch = self._batch = _Batch(self._answers)
        new = Loading(key, batch)
        loading = self._loadings.setdefault(key, new)  # once: the hash of a search takes microseconds
        if loading is new:
            batch.loadings.append(new)
        return loading


class Loading(Generic[_Key, _Value]):
    """The value of one key; see `Pending`."""

    __slots__ = ("batch", "error", "key", "value")

    def __init__(self, key: _Key, batch: "_Batch[_Key, _Value]") -> None:
        self.key = key
        self.batch = batch
        self.value: _Value
        self.error: BaseException | None = None

    def __await__(self) -> Generator[Any, None, _Value]:
        if not self.batch.is_settled:
            yield from asyncio.shield(self.batch.task()).__await__()  # others may await the same
        return self.result()

    def result(self) -> _Value:
        """See `Pending`."""
        if self.error is not None:
            raise self.error
        return self.value


class Shaped(Generic[_Value, _Shaped]):
    """`shape` of a pending value, and itself `Pending`."""

    __slots__ = ("_pending", "_shape", "batch")

    def __init__(self, pending: Pending[_Value], shape: Callable[[_Value], _Shaped]) -> None:
        self.batch = pending.batch
        self._pending = pending
        self._shape = shape

    def __await__(self) -> Generator[Any, None, _Shaped]:
        return self._shape((yield from self._pending.__await__()))

    def result(self) -> _Shaped:
        """See `Pending`."""
        return self._shape(self._pending.result())


class _Batch(Generic[_Key, _Value]):
    """See `Batch`."""

    __slots__ = ("_answers", "_task", "is_begun", "is_settled", "loadings")

    def __init__(self, answers: Answers[_Key, _Value]) -> None:
        self._answers = answers
        self._task: asyncio.Task[None] | None = None
        self.loadings: list[Loading[_Key, _Value]] = []
        self.is_begun = False
        self.is_settled = False

    def task(self) -> "asyncio.Task[None]":
        """The settling, which begins when all tasks that are about to load have done so."""
        if self._task is None:
            self._task = asyncio.ensure_future(self.settle())
        return self._task

    async def settle(self) -> None:
        """See `Batch`."""
        self.is_begun = True
        loadings, self.loadings = self.loadings, []  # each knows its batch, and a circle would wait for the collector
        try:
            answers = await self._answers([loading.key for loading in loadings])
            answered = list(zip(loadings, answers, strict=True))
        except Exception as error:  # noqa: BLE001 - raised again by whoever waits for it
            answered = [(loading, error) for loading in loadings]
        for loading, answer in answered:
            if isinstance(answer, BaseException):
                loading.error = answer
            else:
                loading.value = answer
        self.is_settled = True
