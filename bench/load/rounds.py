"""Rounds of queries: in each, every engine starts anew, and they take turns block by block."""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from corpora.queries import Query
from measures.memory import Memory

from load.serving import Ready, Serving, serving

_BLOCK = 25  # so many queries an engine answers before it is the next one's turn
_PASSES = 3  # through the log in one round; the first meets an engine that has just started
_PATIENCE = 1_000  # milliseconds; what took longer is not asked again, and took so long in later passes too
_BUDGET = 60_000  # milliseconds; when one kind of query took an engine so long in a pass, it is spared the rest

Times = dict[int, list[float]]  # milliseconds by the query's place in the log


@dataclass(slots=True)
class Measured:
    """Measures of one engine, in all rounds: times of the first pass and of later ones."""

    first: Times = field(default_factory=lambda: defaultdict(list))
    later: Times = field(default_factory=lambda: defaultdict(list))
    ready: list[Ready] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)
    counts: dict[int, int] = field(default_factory=dict)

    def medians(self, times: Times) -> dict[int, float]:
        """Of each query over the rounds."""
        return {place: statistics.median(values) for place, values in times.items()}


class Rounds:
    """The log, asked of all engines."""

    def __init__(self, folders: Mapping[str, Path], log: Sequence[Query], first: Query) -> None:
        """Take each engine's index, the log, and the query that shows that an engine is ready."""
        self._folders = folders
        self._log = log
        self._first = first
        self._spared: dict[str, set[int]] = {name: set() for name in folders}
        self.measured = {name: Measured() for name in folders}

    def play(self) -> None:
        """One more round."""
        with ExitStack() as stack:
            servings = {}
            for name, folder in self._folders.items():
                servings[name] = stack.enter_context(serving(name, folder, self._first))
                self.measured[name].ready.append(servings[name].ready)
            for number in range(_PASSES):
                self._one_pass(servings, is_first=number == 0)
            for name, engine in servings.items():
                measured = self.measured[name]
                measured.memory.append(engine.memory())
                if not measured.counts:
                    places = [place for place in range(len(self._log)) if place not in self._spared[name]]
                    counts = engine.counts([self._log[place] for place in places])
                    measured.counts.update(zip(places, counts, strict=True))

    def _one_pass(self, servings: Mapping[str, Serving], *, is_first: bool) -> None:
        names = list(servings)
        spent: dict[tuple[str, str], float] = defaultdict(float)
        for turn, start in enumerate(range(0, len(self._log), _BLOCK)):
            block = range(start, min(start + _BLOCK, len(self._log)))
            for step in range(len(names)):
                name = names[(turn + step) % len(names)]
                self._one_block(name, servings[name], block, spent, is_first=is_first)

    def _one_block(
        self, name: str, engine: Serving, block: range, spent: dict[tuple[str, str], float], *, is_first: bool
    ) -> None:
        spared, measured = self._spared[name], self.measured[name]
        spared |= {place for place in block if spent[name, self._log[place].kind] > _BUDGET}
        places = [place for place in block if place not in spared]
        for place, time in zip(places, engine.times([self._log[place] for place in places]), strict=True):
            (measured.first if is_first else measured.later)[place].append(time)
            spent[name, self._log[place].kind] += time
            if time > _PATIENCE:
                spared.add(place)
                measured.later[place].append(time)
