"""What a text means to the articles of one generation, whoever asks and whenever."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property

from indexer.language import parse
from indexer.query import Query, is_scored, leaves
from indexer.synonyms import Synonyms
from indexer.understanding import Understanding, UnderstoodWord
from indexer.whoosh_engine.bm25f import Statistics
from indexer.whoosh_engine.collection import Collection
from indexer.whoosh_engine.correcting import Corrector
from indexer.whoosh_engine.open_segment import OpenSegment, holders
from indexer.whoosh_engine.understood import UnderstoodWords, corrections

_MOST_CONCLUSIONS = 16  # of one text; people rarely narrow the same search in more ways


class Meaning:
    """A text as it was typed and, where the search is forgiving, as it was probably meant.

    What has been found out about it is kept for whoever searches for the same.
    """

    def __init__(
        self,
        segments: Sequence[OpenSegment],
        collection: Collection,
        corrector: Corrector,
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
