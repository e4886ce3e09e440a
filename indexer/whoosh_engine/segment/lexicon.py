"""The terms of one table grouped by stem: the forms of a word."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.columns.stems import Stems
from indexer.text.sorted_texts import index_of
from indexer.whoosh_engine.segment.arrays import Integers, starts_of
from indexer.whoosh_engine.segment.arrays_file import Arrays, joined, split


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`stems` are sorted. The terms with stem `s` are `terms[offsets[s] : offsets[s + 1]]`, as numbers of the table."""

    stems: Sequence[str]
    offsets: Integers
    terms: Integers

    def forms(self, stem: str) -> Integers:
        """The numbers of the terms with this stem."""
        number = index_of(self.stems, stem)
        if number is None:
            return self.terms[:0]
        return self.terms[self.offsets[number] : self.offsets[number + 1]]

    def arrays(self, name: str) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """The lexicon as named arrays, for a file."""
        yield f"{name}.stems", joined(self.stems)
        yield f"{name}.stem_offsets", self.offsets
        yield f"{name}.stem_terms", self.terms

    @classmethod
    def of_arrays(cls, name: str, arrays: Arrays) -> "Lexicon":
        """Read what `arrays` wrote."""
        return cls(split(arrays[f"{name}.stems"]), arrays[f"{name}.stem_offsets"], arrays[f"{name}.stem_terms"])

    @classmethod
    def of_terms(cls, terms: Sequence[str], stems: Stems) -> "Lexicon":
        """The terms of a table, grouped."""
        by_number = [stems.of(term) for term in terms]
        names = sorted(set(by_number))
        numbers = {name: number for number, name in enumerate(names)}
        stem_of = np.array([numbers[stem] for stem in by_number], dtype=np.int32)  # by the number of the term
        order = np.argsort(stem_of, kind="stable").astype(np.int32)
        return cls(names, starts_of(stem_of[order], len(names)).astype(np.int32), order)
