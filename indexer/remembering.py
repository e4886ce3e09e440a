"""A method that remembers its answers."""

from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar
from weakref import WeakMethod

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


def remembering(size: int | None, method: Callable[_Asked, _Answer]) -> Callable[..., _Answer]:
    """The method, with its last `size` answers remembered (None for all), for the object that it belongs to to keep.

    A cache that held its owner, and was held by it, would be a circle: its owner, and all that it keeps, would stay
    until the garbage collector comes by, which is hardly ever for what it was told to spare.
    """
    weakly = WeakMethod(method)

    def answer(*asked: _Asked.args, **named: _Asked.kwargs) -> _Answer:
        bound = weakly()
        assert bound is not None  # noqa: S101 - it is the owner that asks
        return bound(*asked, **named)

    return lru_cache(size)(answer)
