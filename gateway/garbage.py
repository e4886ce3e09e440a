"""The garbage collector, kept away from what is kept on purpose."""

import gc
from collections.abc import Mapping

_YOUNG = 50_000
"""Objects that come before the collector looks at them. A request leaves few behind, and most are freed without it."""
_OLDEST = 2


def spare_what_is_kept() -> None:
    """Never look again at what has outlived a full collection.

    An index and its caches are some hundred thousand objects that refer to each other in no circle: they are freed as
    soon as nobody needs them, and to look through them for garbage takes a tenth of a second, in which no request is
    answered.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
    if _freeze not in gc.callbacks:
        gc.callbacks.append(_freeze)


def _freeze(phase: str, about: Mapping[str, int]) -> None:
    if phase == "stop" and about["generation"] == _OLDEST:
        gc.freeze()
