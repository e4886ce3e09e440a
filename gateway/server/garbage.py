"""The garbage collector: kept away from what is there after the start, and its pauses measured."""

import gc
from collections.abc import Mapping, Sequence
from time import perf_counter

_YOUNG = 300
"""New objects until the collector looks at them, a tenth of a millisecond. A new search leaves some hundred that are
kept, and a page that was asked for before none."""
_LOOKS = 2
"""Looks at new objects until those that have stayed are looked at once more, for some tenths of a millisecond. Garbage
in circles nearly always goes by then: few requests leave any, and only what is under way then stays."""
_SECOND_LOOKS = 2_500
"""Second looks until all objects are looked at, which takes some hundredths of a second: after some thousand new
searches or documents. Kept values form no circles; what was under way at both looks may."""


class Collector:
    """The collector of this process, and how long it has stopped everything else."""

    def __init__(self) -> None:
        self._pauses = 0
        self._seconds = 0.0
        self._longest = 0.0
        self._began = 0.0

    def spare_what_is_there(self) -> None:
        """Let the collector never look again at what is there now: modules, the schema, an open index.

        They are some hundred thousand objects that stay. What is kept later forms no circles, and is freed without the
        collector. From now on, its pauses are measured.
        """
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG, _LOOKS, _SECOND_LOOKS)
        if self._measure not in gc.callbacks:
            gc.callbacks.append(self._measure)

    def meters(self) -> Sequence[str]:
        """Counters and a gauge, as lines that Prometheus reads."""
        return [
            "# HELP newsstand_collector_pauses_total Times that the garbage collector stopped the process.",
            "# TYPE newsstand_collector_pauses_total counter",
            f"newsstand_collector_pauses_total {self._pauses}",
            "# HELP newsstand_collector_pause_seconds_total Seconds that they took together.",
            "# TYPE newsstand_collector_pause_seconds_total counter",
            f"newsstand_collector_pause_seconds_total {self._seconds:.6f}",
            "# HELP newsstand_collector_longest_pause_seconds The longest of them.",
            "# TYPE newsstand_collector_longest_pause_seconds gauge",
            f"newsstand_collector_longest_pause_seconds {self._longest:.6f}",
        ]

    def _measure(self, phase: str, _about: Mapping[str, int]) -> None:
        """Called by the collector before and after each of its runs."""
        if phase == "start":
            self._began = perf_counter()
            return
        seconds = perf_counter() - self._began
        self._pauses += 1
        self._seconds += seconds
        self._longest = max(self._longest, seconds)
