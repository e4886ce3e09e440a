"""What the text of a request means, and which articles have it."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from indexer.query.as_typed import as_typed
from indexer.query.parser import parse
from indexer.query.synonyms import Synonyms
from indexer.query.tree import Every, Query, Some, Word, is_scored, leaves
from indexer.query.understanding import Understanding, UnderstoodWord
from indexer.search.filters import Filter, is_long
from indexer.search.requests import SearchRequest
from indexer.whoosh_engine.matching.bm25f import Statistics
from indexer.whoosh_engine.matching.searchable_segment import Collection, SearchableSegment, VisibleDocuments, holders
from indexer.whoosh_engine.segment.arrays import Documents, Mask, as_mask
from indexer.whoosh_engine.segment.numbers import microseconds
from indexer.whoosh_engine.understanding.corrections import Speller
from indexer.whoosh_engine.understanding.relaxing import is_relaxable, relaxed
from indexer.whoosh_engine.understanding.report import UnderstoodWords, corrections, rewritten

_MOST_CONCLUSIONS = 16  # of one text; people rarely narrow the same search in more ways


class Meaning:
    """A text as it was typed and, where the search is forgiving, as it was probably meant.

    What has been found out about it is kept for whoever searches for the same.
    """

    def __init__(
        self,
        segments: Sequence[SearchableSegment],
        collection: Collection,
        corrector: Speller,
        text: str,
        *,
        synonyms: Synonyms | None,
    ) -> None:
        """Take the text, and for a forgiving search what else is meant."""
        self._segments = segments
        self._collection = collection
        self.corrector = corrector
        self._is_forgiving = synonyms is not None
        self.typed = parse(text)
        self.meant = self.typed if synonyms is None else synonyms.applied(self.typed)
        self.is_scored = is_scored(self.typed)
        self._conclusions: dict[Hashable, Conclusion] = {}

    @cached_property
    def corrected(self) -> Query:
        """The query with typing errors undone, where the search is forgiving."""
        return self.corrector.corrected(self.meant) if self._is_forgiving else self.meant

    @cached_property
    def postings(self) -> int:
        """How many it takes to find all words, before anything is corrected."""
        return sum(one.words.postings(leaf) for one in self._segments for leaf in leaves(self.meant))

    @cached_property
    def better(self) -> dict[str, str]:
        """What misspelt words were replaced by, or else what words that no article has are most like."""
        return corrections(self.meant, self.corrected) or self.corrector.guesses(self.meant)

    def understood(self, query: Query, now: int) -> tuple[UnderstoodWord, ...]:
        """The words of a query for this text, as articles have them that are visible at `now`."""
        return UnderstoodWords(self._segments, now, typed=self.typed, synonymous=self.meant).of(query)

    def statistics(self, query: Query) -> Statistics:
        """What a query for this text is scored with."""
        frequencies = {leaf.name: holders(self._segments, leaf) for leaf in leaves(query)}
        return Statistics(self._collection.documents, self._collection.mean_lengths, frequencies)

    def conclusion(self, key: Hashable, draw: Callable[[], "Conclusion"]) -> "Conclusion":
        """What is looked for in the end under a filter and at a moment, which `key` names."""
        known = self._conclusions.get(key)
        if known is None:
            if len(self._conclusions) >= _MOST_CONCLUSIONS:
                self._conclusions.clear()
            known = self._conclusions[key] = draw()
        return known


@dataclass(slots=True, eq=False)
class Conclusion:
    """What is looked for in the end, and what was left out for it. The rest is put there by who finds it out first."""

    query: Query
    left_out: tuple[Query, ...]
    statistics: Statistics | None = None
    understanding: Understanding | None = None


class Matches(NamedTuple):
    """The documents of a segment that were found, ascending. None stands for all that are allowed."""

    documents: Documents | None
    allowed: VisibleDocuments

    @property
    def total(self) -> int:
        """How many they are."""
        return self.allowed.count if self.documents is None else len(self.documents)

    @property
    def listed(self) -> Documents:
        """The same as a list."""
        return np.flatnonzero(self.allowed.mask).astype(np.int32) if self.documents is None else self.documents

    @property
    def mask(self) -> Mask:
        """The same as a mask."""
        if self.documents is None:
            return self.allowed.mask
        return as_mask(len(self.allowed.mask), self.documents)


class Interpretation:
    """Interprets the text of a request: as typed or, where the request is forgiving, as it was probably meant."""

    def __init__(
        self,
        segments: Sequence[SearchableSegment],
        request: SearchRequest,
        meaning: Meaning,
    ) -> None:
        """Take all segments, and what the request's text means."""
        self._segments = segments
        self._request = request
        self._now = microseconds(request.now.timestamp())
        self._matching: dict[Query, Sequence[Documents | None]] = {}
        self._found: dict[tuple[Query, Filter], Sequence[Matches]] = {}
        self._meaning = meaning
        self._corrector = meaning.corrector

    @cached_property
    def conclusion(self) -> Conclusion:
        """What is looked for in the end."""
        if is_long(self._request.filter):
            return self._drawn()
        moment = tuple(one.appeared(self._now) for one in self._segments)
        return self._meaning.conclusion((self._request.filter, moment), self._drawn)

    def matches(self, query: Query, condition: Filter | None = None) -> Sequence[Matches]:
        """What matches a query in each segment, is visible, and meets a condition: the request's filter, if None."""
        wanted = self._request.filter if condition is None else condition
        if (query, wanted) not in self._found:
            allowed = [one.allowed(wanted, self._now) for one in self._segments]
            self._found[query, wanted] = list(map(_allowed, self._documents(query), allowed))
        return self._found[query, wanted]

    def understanding(self) -> Understanding | None:
        """How the text was understood; None where there were no words."""
        if not self._meaning.is_scored:
            return None
        concluded = self.conclusion
        if concluded.understanding is None:
            query, left_out = concluded.query, concluded.left_out
            concluded.understanding = Understanding(
                query=query,
                words=self._meaning.understood(Every((query, *left_out)) if left_out else query, self._now),
                left_out=tuple(as_typed(part, with_fields=False) for part in left_out),
                did_you_mean=self._did_you_mean(),
            )
        return concluded.understanding

    def _drawn(self) -> Conclusion:
        query = self._meaning.corrected
        if not self._request.forgiving or not is_relaxable(query) or any(one.total for one in self.matches(query)):
            return Conclusion(query, ())
        for joined in self._corrector.joined(query):
            if any(one.total for one in self.matches(joined)):
                return Conclusion(joined, ())
        guesses = {part: words for part in query.queries if (words := self._guess(part, query.queries))}
        remaining, left_out = relaxed(query, self._found_by, lambda part: part in guesses)
        # What may have been meant by a word that is left out need not match, but ranks higher where it does.
        meant = [Some((Every(), *guesses[part])) for part in left_out if part in guesses]
        return Conclusion(Every((remaining, *meant)) if meant else remaining, left_out)

    def _guess(self, part: Query, parts: Sequence[Query]) -> tuple[Word, ...]:
        """What may have been meant by a part, where it is doubtful or makes something match all parts."""
        words = self._corrector.guessed(part)
        if not words or self._corrector.is_doubtful(part):
            return words
        others = tuple(other for other in parts if other != part)
        return words if any(map(len, self._found_by(Every((*others, Some(words)))))) else ()

    def _found_by(self, query: Query) -> Sequence[Documents]:
        return [one.listed for one in self.matches(query)]

    def _did_you_mean(self) -> str | None:
        better = self._meaning.better
        if not better:
            return None
        given_up = {part.term: "" for part in self.conclusion.left_out if isinstance(part, Word)}
        for changes in (better, {**given_up, **better}):
            text = rewritten(self._request.text, changes)
            if text not in {"", self._request.text} and any(one.total for one in self.matches(parse(text))):
                return text
        return None

    def _documents(self, query: Query) -> Sequence[Documents | None]:
        """What matches a query in each segment, visible or not; None for everything."""
        if query not in self._matching:
            is_any = query == Every()
            self._matching[query] = [None if is_any else one.matcher.documents(query) for one in self._segments]
        return self._matching[query]


def _allowed(documents: Documents | None, allowed: VisibleDocuments) -> Matches:
    if documents is None:
        return Matches(None, allowed)
    is_allowed = allowed.mask[documents]
    return Matches(documents if is_allowed.all() else documents[is_allowed], allowed)
