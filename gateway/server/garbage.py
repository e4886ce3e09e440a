"""The garbage collector, kept away from long-lived objects."""

import gc
from collections.abc import Mapping

_YOUNG = 50_000
"""New objects until the collector looks at them. A request leaves few behind, and most are freed without it."""
_OLDEST = 2
_EACH = 16
"""Full collections until one looks at all objects again: few long-lived objects become garbage."""


def spare_survivors() -> None:
    """Let the collector rarely look again at objects that have survived a full collection.

    An index and its caches are some hundred thousand objects without circles: they are freed as soon as nobody needs
    them, and a look through them takes a tenth of a second, in which no request is answered. Documents and their plans
    do form circles, so all objects are looked at now and then.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    if not any(isinstance(each, _Sparing) for each in gc.callbacks):
        gc.callbacks.append(_Sparing())


class _Sparing:
    """A callback of the collector, before and after each collection."""

    def __init__(self) -> None:
        self._times = 0

    def __call__(self, phase: str, info: Mapping[str, int]) -> None:
        if info["generation"] != _OLDEST:
            return
        if phase == "stop":
            gc.freeze()
            return
        self._times += 1
        if self._times % _EACH == 0:
            gc.unfreeze()
