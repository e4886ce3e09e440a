"""Queries as the compiled loop for the best matches takes them: as lists of documents, and programs over these.

A program has numbers of lists and operations, each behind what it works on. It runs on a stack of sets of documents, on
which a number puts a list, and leaves one set.
"""

from collections.abc import Callable, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, TextField, Without, Word
from indexer.whoosh_engine.segment.arrays import Documents, Scores

Program = tuple[int, ...]


class Operation(IntEnum):
    """An operation on sets in a program; `c/block_max.h` has the same numbers."""

    AND = -1
    OR = -2
    NOT = -3
    ALL = -4
    """Puts the set of all documents on the stack."""


Run = tuple[int, int, float, tuple[int, ...]]
"""The postings of one form of a word: the first, the one behind the last, what an occurrence counts, and for each field
the index of its first position."""

Steps = NDArray[np.uint8]
"""Impacts in 255ths, rounded up."""

Norms = tuple[Scores | float, ...]
"""The worth of one occurrence of a word in each field: by document, or the same for all."""


class MatchList(NamedTuple):
    """The documents of a word or a phrase, and whether each match is among them.

    They are those of the runs of a word, or they are known, and ascend.
    """

    documents: tuple[Run, ...] | Documents
    is_required: bool


class ScoredList(NamedTuple):
    """The list of this number, which adds so many times its impacts to scores, where the program `condition` holds.

    `impacts` are those on each document, if these are known, or else the norms of the word. `greatest` has the greatest
    impact in each block of documents, in 255ths. Without a condition, it is added everywhere.
    """

    number: int
    impacts: Norms | Scores
    greatest: Steps
    worth: float
    condition: Program = ()


class CompiledQuery(NamedTuple):
    """A query for the loop; runs are those of words in these fields."""

    fields: tuple[TextField, ...]
    lists: list[MatchList]
    scored: Sequence[ScoredList]
    program: Program


class MatchLists:
    """The lists of a query, by number."""

    def __init__(self, query: Query, find: Callable[[Query], Documents]) -> None:
        """Take the query, and what finds the documents of a word or a phrase that was not put here."""
        self.all: list[MatchList] = []
        self._find = find
        self._required: Sequence[Query] = query.queries if isinstance(query, Every) else (query,)
        self._numbers: dict[Query, int] = {}

    def add(self, documents: Documents) -> int:
        """The number of documents that are no part of the query by themselves."""
        self.all.append(MatchList(documents, is_required=False))
        return len(self.all) - 1

    def put(self, leaf: Query, documents: tuple[Run, ...] | Documents) -> int:
        """The number of the documents of a word or a phrase."""
        number = self._numbers.setdefault(leaf, len(self.all))
        if number == len(self.all):
            self.all.append(MatchList(documents, leaf in self._required))
        return number

    def program(self, query: Query) -> Program:
        """The program that leaves what matches a query."""
        match query:
            case Word() | Prefix() | Phrase():
                number = self._numbers.get(query)
                return (self.put(query, self._find(query)) if number is None else number,)
            case Every(queries):
                return self._joined(queries, Operation.AND) or (Operation.ALL,)
            case Some(queries):
                return self._joined(queries, Operation.OR) or (Operation.ALL, Operation.NOT)
            case Without(operand):
                return (*self.program(operand), Operation.NOT)

    def _joined(self, queries: Sequence[Query], operation: Operation) -> Program:
        steps: list[int] = []
        for number, query in enumerate(queries):
            steps += self.program(query)
            if number:
                steps.append(operation)
        return tuple(steps)
