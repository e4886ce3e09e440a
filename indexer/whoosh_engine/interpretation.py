"""What the text of a request means, and which articles have it."""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from indexer.filters import Filter, is_long
from indexer.language import parse
from indexer.query import Every, Query, Some, Word
from indexer.search import SearchRequest
from indexer.understanding import Understanding
from indexer.whoosh_engine.documents import as_mask
from indexer.whoosh_engine.fields import microseconds
from indexer.whoosh_engine.meaning import Conclusion, Meaning
from indexer.whoosh_engine.open_segment import Allowed, OpenSegment
from indexer.whoosh_engine.relaxing import is_relaxable, relaxed
from indexer.whoosh_engine.segment import Documents, Mask
from indexer.whoosh_engine.understood import rewritten, written


class Matches(NamedTuple):
    """The documents of a segment that were found, ascending. None stands for all that are allowed."""

    documents: Documents | None
    allowed: Allowed

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
        segments: Sequence[OpenSegment],
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
                left_out=tuple(map(written, left_out)),
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


def _allowed(documents: Documents | None, allowed: Allowed) -> Matches:
    if documents is None:
        return Matches(None, allowed)
    is_allowed = allowed.mask[documents]
    return Matches(documents if is_allowed.all() else documents[is_allowed], allowed)
