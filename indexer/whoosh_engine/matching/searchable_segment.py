"""A segment with the words, masks and articles that searches keep in memory for it."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from itertools import islice
from sys import getsizeof
from typing import NamedTuple

import numpy as np

from indexer.article import Article
from indexer.columns.article_json import article_bytes
from indexer.columns.numbers import microseconds
from indexer.columns.stems import Stems
from indexer.memory import OVERHEAD, Memory, array_bytes
from indexer.query.tree import WITH_BODY, Phrase, Prefix, Query, Word, leaves
from indexer.scoring.bm25f import Statistics
from indexer.search.filters import EVERYTHING, Filter, TermField, is_long
from indexer.shared import Shared
from indexer.understanding.visible_words import MOST_TERMS, Alike
from indexer.whoosh_engine.matching.conditions import matching
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.matching.vocabulary import Typed, Vocabulary
from indexer.whoosh_engine.postings.compiled_words import fastest_words
from indexer.whoosh_engine.segment.doc_set import DocSet
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.term_table import table_name
from indexer.whoosh_engine.storage.stored_segment import StoredSegment

_BEFORE_ALL = -(2**63)


class Moment(NamedTuple):
    """The time of a request: `now`, in microseconds since 1970, and for each segment the articles that have appeared.

    At two moments with the same numbers of articles, the same articles are visible.
    """

    now: int
    appeared: tuple[int, ...]


class SearchableSegment(Shared):
    """One segment, ready to be searched; generations share it."""

    def __init__(
        self, stored: StoredSegment, stems: Stems, memory: Memory, *, before: "SearchableSegment | None" = None
    ) -> None:
        """Take a stored segment, which the last `close` closes, and the memory for all that is made of it.

        `before` is the same segment with other deletions, of which all is shared that does not depend on them.
        """
        super().__init__()
        self.stored = stored
        self.segment = stored.segment.prepare()
        self.origin: SegmentArrays = before.origin if before else self.segment
        """The segment as it was opened first, which reads the articles of all that share its own."""
        self.words = fastest_words(self.segment, stems, memory)
        self.matcher = Matcher(self.words, size=self.segment.size)
        self.vocabulary: Vocabulary = before.vocabulary if before else Vocabulary(self.segment, memory)
        self.article: Callable[[int], Article] = (
            before.article if before else memory.kept("articles", _article_bytes, self.origin.article)
        )
        """The whole article. While it is in memory, it is the same object."""
        self._visible = memory.making("filters", array_bytes, self._evaluated)
        self._visible_terms = memory.kept("terms", _terms_bytes, self._visible_terms_of)
        # Between two of these times nothing becomes visible, so that all clocks between them share a mask.
        self._appearances = np.sort(self.segment.published_at[self.segment.live]).tolist()

    def appeared(self, now: int) -> int:
        """The number of articles published until `now`, in microseconds since 1970."""
        return bisect_right(self._appearances, now)

    def visible(self, condition: Filter, appeared: int) -> DocSet:
        """The documents that are visible once so many articles have appeared, and meet the condition."""
        key = condition, appeared
        return self._evaluated(key) if is_long(condition) else self._visible[key]

    def has_at_hand(self, condition: Filter, appeared: int) -> bool:
        """Tell whether it was evaluated before, and is kept."""
        return self._visible.find((condition, appeared)) is not None

    def newest(self, field: TermField, value: str, appeared: int) -> int | None:
        """The newest document with a value, in canonical form, that is visible once so many articles have appeared.

        Ties by key. None where no visible document has the value.
        """
        documents = self.segment.values[field].documents_with(value)
        documents = documents[self.visible(EVERYTHING, appeared).mask[documents]]
        if not len(documents):
            return None
        published_at = self.segment.published_at[documents]
        newest = documents[published_at == published_at.max()]
        return int(newest[self.segment.key_rank[newest].argmin()])

    def changes(self, appeared: int) -> tuple[int | None, int | None]:
        """The times when the latest visible article appeared and the next will appear, in microseconds since 1970."""
        last = self._appearances[appeared - 1] if appeared else None
        return last, self._appearances[appeared] if appeared < len(self._appearances) else None

    def visible_terms(self, leaf: Word | Prefix, appeared: int) -> tuple[str, ...]:
        """The terms that a word or prefix stands for, if an article has them once so many have appeared.

        Of a prefix, the first `MOST_TERMS`. Nobody learns the terms of hidden articles.
        """
        return self._visible_terms((leaf, appeared))

    def _visible_terms_of(self, key: tuple[Word | Prefix, int]) -> tuple[str, ...]:
        leaf, appeared = key
        table = self.segment.tables[table_name(leaf.fields)]
        visible = self.visible(EVERYTHING, appeared)
        numbers = (
            number for number in self.words.forms(leaf) if visible.has_any(table.documents_within(number, leaf.fields))
        )
        return tuple([table.terms[number] for number in islice(numbers, MOST_TERMS)])

    def _close(self) -> None:
        self.stored.close()

    def _evaluated(self, key: tuple[Filter, int]) -> DocSet:
        condition, appeared = key
        if condition != EVERYTHING:
            return DocSet.marked(self.visible(EVERYTHING, appeared).mask & matching(condition, self.segment))
        last, _ = self.changes(appeared)
        is_there = self.segment.published_at <= (_BEFORE_ALL if last is None else last)
        return DocSet.marked(self.segment.live & is_there)


class VisibleSegment(NamedTuple):
    """A segment, its visible documents, and whether those are all that are not deleted."""

    segment: SearchableSegment
    documents: DocSet
    is_whole: bool


class Collection:
    """All that is visible once so many articles of each segment have appeared, and meets a condition.

    Scheduled articles, deleted ones, and older versions of changed ones are in the segments too. They must not show in
    any number or word of an answer: a term that no visible article has does not exist.
    """

    def __init__(
        self, segments: Sequence[SearchableSegment], appeared: tuple[int, ...], condition: Filter = EVERYTHING
    ) -> None:
        self.segments = segments
        self.appeared = appeared
        self.rows = [_visible(one, some, condition) for one, some in zip(segments, appeared, strict=True)]
        self.size = sum(row.documents.count for row in self.rows)
        """The number of visible articles."""

    def count(self, words: Word | Prefix | Phrase) -> int:
        """The number of visible articles that have a word, any word with a prefix, or a phrase."""
        count = 0
        for segment, visible, is_whole in self.rows:
            documents = segment.matcher.documents(words)  # without deleted ones
            count += len(documents) if is_whole else visible.count_of(documents)
        return count

    def counts(self, words: Sequence[Word | Prefix | Phrase]) -> list[int]:
        """The same for several."""
        return [*map(self.count, words)]

    def alike(self, word: Word, *, loosely: bool) -> dict[str, Alike]:
        """The terms that may have been meant by a word, but for its own forms."""
        found: dict[str, Alike] = {}
        for one, visible, _ in self.rows:
            forms = one.words.form_terms(word)
            typed = Typed(word.term, word.fields, loosely)
            for meant, (errors, documents) in one.vocabulary.corrections(typed).items():
                if meant not in forms and (count := visible.count_of(documents)):
                    before = found[meant].articles if meant in found else 0
                    found[meant] = Alike(errors, before + count)
        return found

    def terms(self, leaf: Word | Prefix) -> set[str]:
        """The terms that a word or prefix stands for in visible articles, whether they meet the condition or not."""
        rows = zip(self.segments, self.appeared, strict=True)
        return {term for segment, appeared in rows for term in segment.visible_terms(leaf, appeared)}

    def statistics(self, query: Query) -> Statistics:
        """The statistics that a query is scored with."""
        return Statistics(self.size, self.mean_lengths, {leaf.name: self.count(leaf) for leaf in leaves(query)})

    @cached_property
    def mean_lengths(self) -> dict[str, float]:
        """The mean length of each searched field, where any article has text in it."""
        lengths = {
            field: sum(int(row.documents.of(row.segment.segment.lengths(field)).sum()) for row in self.rows)
            for field in WITH_BODY
        }
        return {str(field): length / self.size for field, length in lengths.items() if length}


def moment_of(segments: Sequence[SearchableSegment], now: datetime) -> Moment:
    """The moment at which the clock says `now`."""
    clock = microseconds(now.timestamp())
    return Moment(clock, tuple([one.appeared(clock) for one in segments]))


def _visible(segment: SearchableSegment, appeared: int, condition: Filter) -> VisibleSegment:
    documents = segment.visible(condition, appeared)
    live = segment.segment.size - len(segment.segment.deleted)
    return VisibleSegment(segment, documents, is_whole=documents.count == live)


def _article_bytes(_document: int, article: Article) -> int:
    return article_bytes(article)


def _terms_bytes(key: tuple[Word | Prefix, int], terms: tuple[str, ...]) -> int:
    return OVERHEAD + getsizeof(key[0].name) + sum(map(getsizeof, terms))
