"""BM25F in its original sense, and a little more where words of the query stand near each other.

One saturation over the fields' weighted, length-normalised term frequencies: S. Robertson, H. Zaragoza, M. Taylor,
Simple BM25 Extension to Multiple Weighted Fields, CIKM 2004. Pairs of words weigh about what they do in D. Metzler,
W. B. Croft, A Markov Random Field Model for Term Dependencies, SIGIR 2005, and saturate as in Y. Rasolofo, J. Savoy,
Term Proximity Scoring for Keyword-Based Retrieval Systems, ECIR 2003.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.errors import RequestError
from indexer.query.tree import TextField

SATURATION = 1.8  # k1: the lower, the sooner more of a word stops to count; rises with the fields' weights (section 4)
PAIR_WEIGHT = 0.1  # of two words near each other, beside the weight of each
COMMON = 1 / 8  # two words that each stand in more than this share of all articles say nothing by being near
OTHER_FORM = 0.8  # the weight of an occurrence of another form of the word; the typed form has 1


@dataclass(frozen=True, slots=True)
class FieldWeight:
    """The weight of an occurrence in a field, and the penalty for the field's length (b, 0 to 1)."""

    weight: float
    length_penalty: float


FIELD_WEIGHTS: Mapping[TextField, FieldWeight] = {
    TextField.TITLE: FieldWeight(3.0, 0.3),
    TextField.EXCERPT: FieldWeight(1.0, 0.75),
    TextField.TOPIC: FieldWeight(1.0, 0.0),
    TextField.PROVIDER: FieldWeight(1.0, 0.0),
}


@dataclass(frozen=True, slots=True)
class Statistics:
    """The statistics that scores depend on: of all articles, and of each word by its name in the query.

    A later page is scored with the statistics of the first, so that no article's score changes in between.
    """

    documents: int
    mean_lengths: Mapping[str, float]
    document_frequencies: Mapping[str, int] = field(default_factory=dict)

    def encoded(self) -> str:
        """The statistics as text, for `SearchResult.statistics`."""
        return orjson.dumps([self.documents, self.mean_lengths, self.document_frequencies]).decode()

    @classmethod
    def decoded(cls, text: str) -> "Statistics":
        """Read what `encoded` wrote. Raises RequestError where it is something else."""
        try:
            documents, mean_lengths, frequencies = orjson.loads(text)
            most = max(int(documents), 0)
            return cls(
                most,
                {str(field): _length(length) for field, length in mean_lengths.items()},
                {str(word): min(max(int(count), 0), most) for word, count in frequencies.items()},
            )
        except (ValueError, TypeError, AttributeError, OverflowError) as error:
            raise RequestError("the statistics are not those of an earlier result; leave them out") from error

    def is_common(self, word: str) -> bool:
        """True for a word in so many articles that it says nothing near another such word."""
        return self.document_frequencies.get(word, 0) > COMMON * self.documents

    def rarity(self, word: str) -> float:
        """The rarity of a word by its name in the query."""
        return rarity(self.documents, self.document_frequencies.get(word, 0))


def rarity(documents: int, holders: int) -> float:
    """The inverse document frequency of a word that so many of all documents have: above 0, the more the fewer."""
    return math.log1p((documents - holders + 0.5) / (holders + 0.5))


def _length(value: str | float) -> float:
    length = float(value)
    if not math.isfinite(length):
        raise ValueError(f"{length} is no length")
    return max(length, 0.0)


def length_norms(field: TextField, lengths: NDArray[np.integer], mean_length: float) -> NDArray[np.float32]:
    """The worth of one occurrence in a field of each document: its weight over the penalty for the field's length."""
    weight = FIELD_WEIGHTS[field]
    relative = lengths / mean_length if mean_length else np.ones(len(lengths))
    return (weight.weight / (1 - weight.length_penalty + weight.length_penalty * relative)).astype(np.float32)


def saturated(frequencies: NDArray[np.float32]) -> NDArray[np.float32]:
    """A word's share of its rarity, below 1, given its normalised frequencies added over all fields."""
    return frequencies / (np.float32(SATURATION) + frequencies)
