"""Questions that are asked at the same time, put together."""

import asyncio
from collections.abc import Awaitable, Callable, Generator, Hashable, Sequence
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")
_Known_co = TypeVar("_Known_co", covariant=True)
_Shaped = TypeVar("_Shaped")

Answers = Callable[[list[_Key]], Awaitable[Sequence[_Value | BaseException]]]
"""Answers questions in their order; an exception is the answer of the question that it stands for."""


Coming: TypeAlias = Awaitable[_Value] | _Value
"""What is waited for, or is there already."""


async def come(value: Coming[_Value]) -> _Value:
    """What is there already, or was waited for."""
    return await value if isinstance(value, Awaitable) else value


class Pending(Awaitable[_Known_co], Protocol[_Known_co]):
    """What is on its way from a loader: awaited like anything else, or its batch is settled and the result taken."""

    @property
    def batch(self) -> "Batch":
        """What it is asked for with."""

    def result(self) -> _Known_co:
        """What has come, once the batch is settled. Raises what went wrong."""


class Batch(Protocol):
    """What is asked for together."""

    is_settled: bool

    async def settle(self) -> None:
        """Ask. Whatever its loader is asked for from now on belongs to another batch. Nobody else may wait for it."""


class Loader(Generic[_Key, _Value]):
    """Collects keys, and asks for them together as soon as one of them is waited for. Asks for each key once."""

    def __init__(self, answers: Answers[_Key, _Value]) -> None:
        """Take what answers all keys of a batch."""
        self._answers = answers
        self._loadings: dict[_Key, Loading[_Key, _Value]] = {}
        self._batch: _Batch[_Key, _Value] | None = None

    def load(self, key: _Key) -> "Loading[_Key, _Value]":
        """What is known by the key, or will be."""
        loading = self._loadings.get(key)
        if loading is None:
            batch = self._batch
            if batch is None or batch.is_begun:
                batch = self._batch = _Batch(self._answers)
            loading = self._loadings[key] = Loading(key, batch)
            batch.loadings.append(loading)
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
            yield from asyncio.shield(self.batch.task()).__await__()  # others wait for the same
        return self.result()

    def result(self) -> _Value:
        """See `Pending`."""
        if self.error is not None:
            raise self.error
        return self.value


class Shaped(Generic[_Value, _Shaped]):
    """`shape` of something that is pending, and itself `Pending`."""

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
    """Keys that are asked for together."""

    __slots__ = ("_answers", "_task", "is_begun", "is_settled", "loadings")

    def __init__(self, answers: Answers[_Key, _Value]) -> None:
        self._answers = answers
        self._task: asyncio.Task[None] | None = None
        self.loadings: list[Loading[_Key, _Value]] = []
        self.is_begun = False
        self.is_settled = False

    def task(self) -> "asyncio.Task[None]":
        """The asking, begun when whoever is about to ask has done so."""
        if self._task is None:
            self._task = asyncio.ensure_future(self.settle())
        return self._task

    async def settle(self) -> None:
        """See `Batch`."""
        self.is_begun = True
        loadings = self.loadings
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
