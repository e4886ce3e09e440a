# The types of the compiled loops; `c/loops.c` and `c/table_methods.h` document them.

import numpy as np
from numpy.typing import NDArray

from indexer.whoosh_engine.postings.compiled_words import Field, Known
from indexer.whoosh_engine.postings.programs import MatchList, Norms, Program, Run, ScoredList

BLOCK: int
SEEK_COST: int

class Table:
    def __init__(
        self,
        size: int,
        documents: NDArray[np.int32],
        fields: tuple[Field, ...],
        live: NDArray[np.bool_] | None,
        is_whole: bool,
        /,
    ) -> None: ...
    def holders(self, word: tuple[Run, ...], documents: NDArray[np.int32], mask: NDArray[np.bool_], /) -> None: ...
    def phrases(
        self, words: tuple[tuple[Run, ...], ...], documents: NDArray[np.int32], mask: NDArray[np.bool_], /
    ) -> None: ...
    def add_impacts(
        self,
        word: tuple[Run, ...],
        documents: NDArray[np.int32],
        totals: NDArray[np.float32],
        norms: Norms,
        saturation: float,
        rarity: float,
        /,
    ) -> None: ...
    def add_nearness(
        self,
        first: tuple[Run, ...],
        second: tuple[Run, ...],
        documents: NDArray[np.int32],
        totals: NDArray[np.float32],
        gap: int,
        weights: tuple[float, ...],
        saturation: float,
        worth: float,
        /,
    ) -> None: ...
    def greatest(
        self, word: tuple[Run, ...], norms: Norms, saturation: float, by_block: NDArray[np.float32], /
    ) -> None: ...
    def best_matches(
        self,
        lists: tuple[MatchList, ...],
        scored: tuple[ScoredList, ...],
        program: Program,
        allowed: NDArray[np.bool_],
        saturation: float,
        wanted: int,
        /,
    ) -> bytes: ...

def add_known(
    words: tuple[Known, ...], documents: NDArray[np.int32], totals: NDArray[np.float32], size: int, /
) -> None: ...
def union(lists: tuple[NDArray[np.int32], ...], size: int, documents: NDArray[np.int32], /) -> int: ...
