"""BM25F in its original sense, and a little more where words of the query stand near each other.

One saturation over the fields' weighted, length-normalised term frequencies: S. Robertson, H. Zaragoza, M. Taylor,
Simple BM25 Extension to Multiple Weighted Fields, CIKM 2004. Pairs of words weigh about what they do in D. Metzler,
W. B. Croft, A Markov Random Field Model for Term Dependencies, SIGIR 2005, and saturate as in Y. Rasolofo, J. Savoy,
Term Proximity Scoring for Keyword-Based Retrieval Systems, ECIR 2003.
"""

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from indexer.errors import RequestError
from indexer.query.tree import WITH_BODY, TextField
from indexer.varints import packed, unpacked

SATURATION = 1.8  # k1: the lower, the sooner more of a word stops to count; rises with the fields' weights (section 4)
PAIR_WEIGHT = 0.1  # of two words near each other, beside the weight of each
COMMON = 1 / 8  # two words that each stand in more than this share of all articles say nothing by being near
OTHER_FORM = 0.8  # the weight of an occurrence of another form of the word; the typed form has 1
_HEAD = 2 + len(WITH_BODY)  # numbers before the frequencies of encoded statistics


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """The weight of an occurrence in a field, and the penalty for the field's length (b, 0 to 1)."""

    weight: float
    length_penalty: float


FIELD_WEIGHTS: Mapping[TextField, FieldWeight] = {
    TextField.TITLE: FieldWeight(3.0, 0.3),
    TextField.EXCERPT: FieldWeight(1.0, 0.75),
    TextField.BODY: FieldWeight(0.5, 0.75),
    TextField.TOPIC: FieldWeight(1.0, 0.0),
    TextField.PROVIDER: FieldWeight(1.0, 0.0),
}


@dataclass(frozen=True)
class Statistics:
    """The statistics that scores depend on: of all articles, and of each word by its name in the query.

    A mean length is a whole number of words over `documents`. A later page is scored with the statistics of the first,
    so that no article's score changes in between.
    """

    documents: int
    mean_lengths: Mapping[str, float]
    document_frequencies: Mapping[str, int] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The statistics for `SearchResult.statistics`: numbers alone, in the order of the query's words."""
        return self._encoded

    @cached_property
    def _encoded(self) -> bytes:
        totals = (round(self.mean_lengths.get(name, 0.0) * self.documents) for name in WITH_BODY)
        names, frequencies = self.document_frequencies.keys(), self.document_frequencies.values()
        return packed((self.documents, *totals, _check(names), *frequencies))

    @classmethod
    def decoded(cls, data: bytes, names: Collection[str]) -> "Statistics | None":
        """Read what `encoded` wrote for a query of words with these names; None where it has other words by now.

        Raises RequestError for anything else.
        """
        try:
            documents, *totals, check = (numbers := unpacked(data))[:_HEAD]
            frequencies = numbers[_HEAD:]
            means = {str(name): total / documents for name, total in zip(WITH_BODY, totals, strict=True) if total}
        except (ValueError, ZeroDivisionError) as error:
            raise RequestError("the statistics are not those of an earlier result; leave them out") from error
        if check != _check(names) or len(frequencies) != len(names):
            return None
        counts = zip(names, frequencies, strict=True)
        return cls(documents, means, {name: min(count, documents) for name, count in counts})

    def is_common(self, word: str) -> bool:
        """True for a word in so many articles that it says nothing near another such word."""
        return self.document_frequencies.get(word, 0) > COMMON * self.documents

    def rarity(self, word: str) -> float:
        """The rarity of a word by its name in the query."""
        return rarity(self.documents, self.document_frequencies.get(word, 0))

    def pair_weight(self, first: str, second: str) -> float:
        """The most that two words, by their names, add to a score by being near each other: 0 where both are common."""
        if self.is_common(first) and self.is_common(second):
            return 0.0
        return PAIR_WEIGHT * (self.rarity(first) + self.rarity(second))


def rarity(documents: int, holders: int) -> float:
    """The inverse document frequency of a word that so many of all documents have: above 0, the more the fewer."""
    return math.log1p((documents - holders + 0.5) / (holders + 0.5))


def _check(names: Iterable[str]) -> int:
    """Tells queries of other words apart, in two bytes."""
    return int.from_bytes(blake2b("\n".join(names).encode(errors="surrogatepass"), digest_size=2).digest()) >> 2


def length_norms(field: TextField, lengths: NDArray[np.integer], mean_length: float) -> NDArray[np.float32]:
    """The worth of one occurrence in a field of each document: its weight over the penalty for the field's length."""
    weight = FIELD_WEIGHTS[field]
    relative = lengths / mean_length if mean_length else np.ones(len(lengths))
    return (weight.weight / (1 - weight.length_penalty + weight.length_penalty * relative)).astype(np.float32)


def saturated(frequencies: NDArray[np.float32]) -> NDArray[np.float32]:
    """A word's share of its rarity, below 1, given its normalised frequencies added over all fields."""
    return frequencies / (np.float32(SATURATION) + frequencies)
