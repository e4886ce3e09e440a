"""A segment with what searches keep ready for it: words, and masks of what may be found."""

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import NamedTuple

import numpy as np

from indexer.article import Article
from indexer.memory import Memory, Shelf, array_bytes, remembered
from indexer.query.tree import SEARCHED, Prefix, Query, Word
from indexer.search.filters import EVERYTHING, Filter, is_long
from indexer.whoosh_engine.matching.conditions import matching
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.matching.vocabulary import Vocabulary
from indexer.whoosh_engine.matching.words import Words
from indexer.whoosh_engine.segment.arrays import Documents, Mask
from indexer.whoosh_engine.segment.stems import Stems
from indexer.whoosh_engine.segment.term_table import table_name
from indexer.whoosh_engine.storage.stored_segment import StoredSegment

MOST_TERMS = 50  # that a prefix is said to stand for

_KEPT_BYTES = 16_000_000
KEPT_ARTICLES = 80_000_000
"""Bytes for articles that were read lately, of all segments together."""
_ARTICLE = 4_600  # bytes, about
_KEPT_TERMS = 2048  # words and prefixes
_FIRST = 64
_BEFORE_ALL = -(2**63)


@dataclass(frozen=True, slots=True)
class VisibleDocuments:
    """The documents that a search may find, as a mask, and how many they are.

    Within one segment, whatever has the same `number` allows the same.
    """

    mask: Mask
    count: int
    number: int

    @property
    def nbytes(self) -> int:
        """The memory this takes."""
        return self.mask.nbytes


class SearchableSegment:
    """One segment, ready to be searched."""

    def __init__(self, stored: StoredSegment, stems: Stems, memory: Memory | None = None) -> None:
        """Take a stored segment, which `close` closes, and the memory for its articles."""
        self._stored = stored
        self.segment = stored.segment
        self.words = Words(self.segment, stems)
        self.matcher = Matcher(self.words, size=self.segment.size)
        self.vocabulary = Vocabulary(self.segment)
        self._articles = (memory or Memory(KEPT_ARTICLES)).shelf(_article_size)
        self._allowed: Shelf[Hashable, VisibleDocuments] = Memory(_KEPT_BYTES).shelf(array_bytes)
        self._numbers = count()
        # Between two of these moments nothing becomes visible, so that all clocks between them share a mask.
        self._moments = np.sort(self.segment.published_at[self.segment.public]).tolist()

    def article(self, document: int) -> Article:
        """The whole article. While it is remembered, it is the same object."""
        article = self._articles.find(document)
        return self._articles.put(document, self.segment.article(document)) if article is None else article

    def allowed(self, condition: Filter, now: int) -> VisibleDocuments:
        """What is visible at `now`, in microseconds since 1970, and meets the condition."""
        if is_long(condition):
            return self._evaluated(condition, now)
        appeared = bisect_right(self._moments, now)
        return self._allowed.entry((condition, appeared), lambda: self._evaluated(condition, now))

    def appeared(self, now: int) -> int:
        """How many articles have become visible at `now`, in microseconds since 1970: which ones, then, too."""
        return bisect_right(self._moments, now)

    def changes(self, now: int) -> tuple[int | None, int | None]:
        """When the latest visible article appeared, and when the next one will; in microseconds since 1970."""
        appeared = bisect_right(self._moments, now)
        last = self._moments[appeared - 1] if appeared else None
        return last, self._moments[appeared] if appeared < len(self._moments) else None

    def visible_terms(self, leaf: Word | Prefix, now: int) -> tuple[str, ...]:
        """The terms that a word or prefix stands for and a visible article has: nobody learns those of hidden ones.

        Of a prefix, the first so many. `now` is as above.
        """
        return self._terms_at(leaf, bisect_right(self._moments, now))

    @remembered(_KEPT_TERMS)
    def _terms_at(self, leaf: Word | Prefix, appeared: int) -> tuple[str, ...]:
        table = self.segment.tables[table_name(leaf.fields)]
        numbers = table.beginning_with(leaf.prefix) if isinstance(leaf, Prefix) else self.words.forms(leaf)
        mask = self.allowed(EVERYTHING, self._moments[appeared - 1] if appeared else _BEFORE_ALL).mask
        visible = (number for number in numbers if _has_any(mask, table.documents_of(number)))
        return tuple(table.terms[number] for number in islice(visible, MOST_TERMS))

    def close(self) -> None:
        """Close the files."""
        self._stored.close()

    def _evaluated(self, condition: Filter, now: int) -> VisibleDocuments:
        if condition == EVERYTHING:
            mask = self.segment.public & (self.segment.published_at <= now)
        else:
            mask = self.allowed(EVERYTHING, now).mask & matching(condition, self.segment)
        return VisibleDocuments(mask, int(np.count_nonzero(mask)), next(self._numbers))


def holders(segments: Sequence[SearchableSegment], query: Query) -> int:
    """How many documents of all segments match; hidden ones are among them, deleted ones are not."""
    return sum(len(one.matcher.documents(query)) for one in segments)


def _article_size(_article: Article) -> int:
    return _ARTICLE


def _has_any(mask: Mask, documents: Documents) -> bool:
    """Whether the mask has one of the documents; of many, one of the first nearly always is."""
    return bool(mask[documents[:_FIRST]].any() or mask[documents[_FIRST:]].any())


class Collection(NamedTuple):
    """The number of articles, and the mean lengths of the searched fields.

    Drafts and articles dated later count as well.
    """

    documents: int
    mean_lengths: Mapping[str, float]


def collection_of(segments: Sequence[SearchableSegment]) -> Collection:
    """What the articles of these segments have in common."""
    documents = sum(int(np.count_nonzero(one.segment.live)) for one in segments)
    lengths = {
        field: sum(int(one.segment.lengths(field)[one.segment.live].sum()) for one in segments) for field in SEARCHED
    }
    means = {str(field): length / documents for field, length in lengths.items() if length}
    return Collection(documents, means)
