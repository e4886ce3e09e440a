"""The garbage collector, kept away from what is there after the start."""

import gc

_YOUNG = 50_000
"""New objects until the collector looks at them. A request leaves few behind, and most are freed without it."""


def spare_what_is_there() -> None:
    """Let the collector never look again at what is there now: modules, the schema, an open index.

    They are some hundred thousand objects that stay. What is kept later forms no circles, and is freed without the
    collector.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, *gc.get_threshold()[1:])
