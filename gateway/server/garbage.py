"""The garbage collector, kept away from what is kept on purpose."""

import gc
from collections.abc import Mapping

_YOUNG = 50_000
"""Objects that come before the collector looks at them. A request leaves few behind, and most are freed without it."""
_OLDEST = 2
_EACH = 16
"""So many full collections until one looks at everything again: of what is kept, little becomes garbage."""


def spare_what_is_kept() -> None:
    """Hardly ever look again at what has outlived a full collection.

    An index and its caches are some hundred thousand objects that refer to each other in no circle: they are freed as
    soon as nobody needs them, and to look through them for garbage takes a tenth of a second, in which no request is
    answered. Documents and what is compiled of them do refer to each other in circles, so that those which gave way to
    others are looked for now and then.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    if not any(isinstance(each, _Sparing) for each in gc.callbacks):
        gc.callbacks.append(_Sparing())


class _Sparing:
    """What the collector calls before and after it works."""

    def __init__(self) -> None:
        self._times = 0

    def __call__(self, phase: str, about: Mapping[str, int]) -> None:
        if about["generation"] != _OLDEST:
            return
        if phase == "stop":
            gc.freeze()
            return
        self._times += 1
        if self._times % _EACH == 0:
            gc.unfreeze()
