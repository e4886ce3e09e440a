"""Completions of one kind from all segments: each title, topic or provider once, by a number."""

from collections.abc import Callable, Sequence
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
    """One segment: its phrases, and the number of the completion of each."""

    segment: SegmentArrays
    phrases: CompletionTexts
    numbers: NDArray[np.int32]


class Completions:
    """`names` has a name for each number: the terms of a title, or a topic or domain in canonical form."""

    def __init__(self, kind: SuggestionKind, segments: Sequence[SegmentArrays]) -> None:
        phrases = [segment.phrases[kind] for segment in segments]
        names = [list(map(named_by, texts.texts.values)) for texts in phrases]
        self.names = list(dict.fromkeys(sorted(chain.from_iterable(names))))
        self._numbers_of = {name: number for number, name in enumerate(self.names)}
        numbers = [np.array([self._numbers_of[name] for name in of_segment], dtype=np.int32) for of_segment in names]
        self._shares = list(map(_Share, segments, phrases, numbers))

    def popularity(self, visible: Sequence[Mask]) -> Popularity:
        """The popularity of each completion where these documents of each segment are visible."""
        size = len(self.names)
        counts = np.zeros(size, dtype=np.int64)
        published_at = np.full(size, -np.inf)
        newest, shown = [], []
        for share, mask in zip(self._shares, visible, strict=True):
            counted = _counted(share, mask)
            shown.append(counted > 0)
            most = np.zeros(size, dtype=np.int64)  # a completion has the documents of its phrase with the most
            np.maximum.at(most, share.numbers, counted)
            counts += most
            newest.append(_newest(share, mask, size))
            np.maximum(published_at, np.append(share.segment.published_at, -np.inf)[newest[-1]], out=published_at)
        return Popularity.of(counts, published_at, newest, shown)

    def number(self, name: str) -> int:
        """The number of the completion with a name."""
        return self._numbers_of[name]

    def leading(self, typed: TypedPrefix, popularity: Popularity, size: int) -> list[int]:
        """The best completions that begin with the typed words."""
        return popularity.best(self._numbers(popularity, lambda phrases: _as_slice(phrases.beginning(typed))), size)

    def elsewhere(self, typed: TypedPrefix, popularity: Popularity, size: int, *, but: Sequence[int]) -> list[int]:
        """The best completions that have all typed words, except those in `but`."""
        best = popularity.best(self._numbers(popularity, lambda phrases: phrases.containing(typed)), size + len(but))
        return [number for number in best if number not in but][:size]

    def newest(self, number: int, popularity: Popularity) -> Article:
        """The newest visible article of a completion that has one; ties by key."""
        candidates = [
            (share.segment, int(newest[number])) for share, newest in zip(self._shares, popularity.newest, strict=True)
        ]
        return min(
            (segment.article(document) for segment, document in candidates if document >= 0),
            key=lambda article: (-article.published_date_time.timestamp(), article.key),
        )

    def _numbers(self, popularity: Popularity, choose: Callable[[CompletionTexts], Integers | slice]) -> Integers:
        """The completions with some phrases, except phrases that are a provider's name in hidden articles alone."""
        numbers = []
        for share, shown in zip(self._shares, popularity.shown, strict=True):
            chosen = choose(share.phrases)
            numbers.append(share.numbers[chosen][shown[chosen]])
        return numbers[0] if len(numbers) == 1 else np.concatenate([np.empty(0, dtype=np.int32), *numbers])


def _as_slice(numbers: range) -> slice:
    return slice(numbers.start, numbers.stop)


def _counted(share: _Share, visible: Mask) -> NDArray[np.int64]:
    """The number of visible documents that have each phrase."""
    texts = share.phrases.texts
    if not len(share.numbers):
        return np.empty(0, dtype=np.int64)
    return np.add.reduceat(visible[texts.documents], texts.offsets[:-1], dtype=np.int64)


def _newest(share: _Share, visible: Mask, size: int) -> NDArray[np.int32]:
    """The newest visible document of each completion, -1 where there is none."""
    by_age = share.segment.order(Ranking.NEWEST)
    beyond = len(by_age)
    ranks = np.full(size, beyond)
    texts = share.phrases.texts
    if len(share.numbers):
        ages = np.empty(beyond, dtype=np.intp)
        ages[by_age] = np.arange(beyond)
        ages[~visible] = beyond
        np.minimum.at(ranks, share.numbers, np.minimum.reduceat(ages[texts.documents], texts.offsets[:-1]))
    documents: NDArray[np.int32] = np.append(by_age, np.int32(-1))[ranks]
    return documents
