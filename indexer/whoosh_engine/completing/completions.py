"""Completions of one kind from all segments: each title, topic or provider once, by a number."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.article import Article
from indexer.search.ranking import Ranking
from indexer.search.suggestions import SuggestionKind
from indexer.text.typed_prefix import TypedPrefix
from indexer.whoosh_engine.completing.popularity import Popularity
from indexer.whoosh_engine.segment.arrays import Integers, Mask
from indexer.whoosh_engine.segment.completion_texts import CompletionTexts, named_by
from indexer.whoosh_engine.segment.segment import SegmentArrays


class _Share(NamedTuple):
    """A segment's part: its phrases, and the number of the completion that each is."""

    segment: SegmentArrays
    phrases: CompletionTexts
    numbers: NDArray[np.int32]


class Completions:
    """`names` tells by number what is named: the terms of a title, or a topic or domain in canonical form."""

    def __init__(self, kind: SuggestionKind, segments: Sequence[SegmentArrays]) -> None:
        phrases = [segment.phrases[kind] for segment in segments]
        names = [list(map(named_by, one.texts.values)) for one in phrases]
        self.names = list(dict.fromkeys(sorted(chain.from_iterable(names))))
        place = dict(zip(self.names, range(len(self.names)), strict=True))
        numbers = [np.array([place[name] for name in some], dtype=np.int32) for some in names]
        self._shares = list(map(_Share, segments, phrases, numbers))

    def standing(self, visible: Sequence[Mask]) -> Popularity:
        """How they stand where these documents of each segment are visible."""
        size = len(self.names)
        counts = np.zeros(size, dtype=np.int64)
        published_at = np.full(size, -np.inf)
        newest = []
        for share, mask in zip(self._shares, visible, strict=True):
            counts += _counted(share, mask, size)
            newest.append(_newest(share, mask, size))
            np.maximum(published_at, np.append(share.segment.published_at, -np.inf)[newest[-1]], out=published_at)
        return Popularity.of(counts, published_at, newest)

    def found(self, typed: TypedPrefix, standing: Popularity, size: int) -> Iterator[int]:
        """The best ones for what was typed: those that begin with it, and then those that have it somewhere."""
        leading = self.leading(typed, standing, size)
        yield from leading
        yield from self.elsewhere(typed, standing, size, but=leading)

    def leading(self, typed: TypedPrefix, standing: Popularity, size: int) -> list[int]:
        """The best ones that begin with what was typed."""
        return standing.best(self._numbers(lambda phrases: _as_slice(phrases.beginning(typed))), size)

    def elsewhere(self, typed: TypedPrefix, standing: Popularity, size: int, *, but: Sequence[int]) -> list[int]:
        """The best ones that have all that was typed, without some."""
        best = standing.best(self._numbers(lambda phrases: phrases.having(typed)), size + len(but))
        return [number for number in best if number not in but][:size]

    def newest(self, number: int, standing: Popularity) -> Article:
        """The newest visible article of a completion that has one; ties by key."""
        places = [(share.segment, newest[number]) for share, newest in zip(self._shares, standing.newest, strict=True)]
        return min(
            (segment.article(int(document)) for segment, document in places if document >= 0),
            key=lambda article: (-article.published_date_time.timestamp(), article.key),
        )

    def _numbers(self, choose: Callable[[CompletionTexts], Integers | slice]) -> Integers:
        parts = [share.numbers[choose(share.phrases)] for share in self._shares]
        return parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, dtype=np.int32), *parts])


def _as_slice(numbers: range) -> slice:
    return slice(numbers.start, numbers.stop)


def _counted(share: _Share, visible: Mask, size: int) -> NDArray[np.int64]:
    """How many visible documents each completion has: as many as the one of its phrases that has the most."""
    counts = np.zeros(size, dtype=np.int64)
    texts = share.phrases.texts
    if len(share.numbers):
        counted = np.add.reduceat(visible[texts.documents], texts.offsets[:-1], dtype=np.int64)
        np.maximum.at(counts, share.numbers, counted)
    return counts


def _newest(share: _Share, visible: Mask, size: int) -> NDArray[np.int32]:
    """The newest visible document of each completion, -1 where there is none."""
    by_age = share.segment.order(Ranking.NEWEST)
    beyond = len(by_age)
    places = np.full(size, beyond)
    texts = share.phrases.texts
    if len(share.numbers):
        ages = np.empty(beyond, dtype=np.intp)
        ages[by_age] = np.arange(beyond)
        ages[~visible] = beyond
        np.minimum.at(places, share.numbers, np.minimum.reduceat(ages[texts.documents], texts.offsets[:-1]))
    documents: NDArray[np.int32] = np.append(by_age, np.int32(-1))[places]
    return documents
