"""Words that are written together here and apart there: obrien and O'Brien, light house and lighthouse."""

from collections.abc import Iterator, Sequence

from indexer.query import Every, Phrase, Word
from indexer.whoosh_engine.open_segment import OpenSegment, holders

# A letter is part of a word, as in x-ray, only where it is no frequent word itself, which so many of all articles have.
_FREQUENT = 1 / 100


class Compounds:
    """Takes words apart and joins them, by what the articles of all segments have."""

    def __init__(self, segments: Sequence[OpenSegment]) -> None:
        self._segments = segments
        self._size = sum(one.segment.size for one in segments)

    def apart(self, word: Word) -> Phrase | None:
        """Two words in a row that the word is when they are joined, those that most articles have."""
        if not word.term.isalpha():
            return None
        splits = (Phrase((word.term[:place], word.term[place:]), word.fields) for place in range(1, len(word.term)))
        counts = {
            phrase: holders(self._segments, phrase) for phrase in splits if all(map(self._is_part, phrase.words()))
        }
        best = max(counts, key=lambda phrase: (counts[phrase], phrase.terms), default=None)
        return best if best and counts[best] else None

    def joined(self, query: Every) -> Iterator[Every]:
        """The query with two neighbours as one word, for each such word that an article has."""
        for place, (first, second) in enumerate(zip(query.queries, query.queries[1:], strict=False)):
            if isinstance(first, Word) and isinstance(second, Word) and first.fields == second.fields:
                word = Word(first.term + second.term, first.fields)
                if holders(self._segments, word):
                    yield Every((*query.queries[:place], word, *query.queries[place + 2 :]))

    def _is_part(self, word: Word) -> bool:
        return 0 < holders(self._segments, word) <= (self._size if len(word.term) > 1 else _FREQUENT * self._size)
