"""Replaces words that are misspelt, or so it seems, by words that the articles have."""

from collections.abc import Sequence
from dataclasses import replace

from indexer.query import Every, Phrase, Query, Some, TextField, Word, leaves
from indexer.spelling import likelihood
from indexer.whoosh_engine.open_segment import OpenSegment

# A word that few articles have may still be a typing error, one that others made as well: so many articles, or such a
# share of all, if far more, so many times as many, have a word that is nearly the same.
_RARE = 3
_RARE_SHARE = 1 / 5_000
_FAR_MORE = 20
_MOST = 8  # words that one misspelt word may stand for
_LIKELY = 1 / 100  # how likely each is at the least, compared with the likeliest

# What another word than the best one counts where the typed word is in no article, and what any counts beside it: so
# little that an article with the word as typed comes first.
_SECOND_CHOICE = 0.5
_BESIDE_THE_TYPED = 0.02


class Corrector:
    """Corrects queries against the words of all segments."""

    def __init__(self, segments: Sequence[OpenSegment]) -> None:
        self._segments = segments
        self._rare = max(_RARE, int(_RARE_SHARE * sum(one.segment.size for one in segments)))

    def corrected(self, query: Query) -> Query:
        """The query with misspelt words replaced; it is the same one where there are none.

        Exclusions are meant as typed, and of alternatives one that is found is enough; those in
        several spellings are no errors.
        """
        match query:
            case Word() if query.weight == 1:
                return self._word(query)
            case Phrase():
                return replace(query, terms=tuple(self._in_phrase(word) for word in query.words()))
            case Every(queries):
                return Every(tuple(map(self.corrected, queries)))
            case Some(queries) if all(isinstance(part, Word) for part in queries) and not any(
                map(self._finds, queries)
            ):
                return Some(tuple(map(self.corrected, queries)))
            case _:
                return query

    def guessed(self, query: Query) -> Query | None:
        """Matches everything, and ranks higher what has a word like the one given: the first letter may differ too.

        None where the word is frequent, or like no other.
        """
        if not isinstance(query, Word) or self._count(query) > self._rare:
            return None
        found = self.corrections(query.term, query.fields, loosely=True)
        return Some((Every(), *(Word(term, query.fields, _SECOND_CHOICE) for term in found))) if found else None

    def guesses(self, query: Query) -> dict[str, str]:
        """What each word of the query that no article has is most like; the first letter may differ too."""
        unknown = [word for word in leaves(query) if isinstance(word, Word) and not self._count(word)]
        found = {word.term: self.corrections(word.term, word.fields, loosely=True) for word in unknown}
        return {term: likely[0] for term, likely in found.items() if likely}

    def corrections(self, term: str, fields: tuple[TextField, ...], *, loosely: bool = False) -> list[str]:
        """What may have been meant by a term, the fewest errors first, and then the likeliest.

        How likely an error is, times how frequent a word is: M. Kernighan, K. Church, W. Gale, A Spelling Correction
        Program Based on a Noisy Channel Model, COLING 1990.
        """
        errors: dict[str, int] = {}
        counts: dict[str, int] = {}
        for one in self._segments:
            for found, (distance, count) in one.vocabulary.corrections(term, fields, loosely=loosely).items():
                errors[found] = distance
                counts[found] = counts.get(found, 0) + count * likelihood(term, found)
        fewest = min(errors.values(), default=0)
        likely = {found: count for found, count in counts.items() if errors[found] == fewest}
        most = max(likely.values(), default=0)
        if most < self._count(Word(term, fields)) * _FAR_MORE:
            return []
        ordered = sorted(likely, key=lambda found: (-likely[found], found))
        return [found for found in ordered if likely[found] >= _LIKELY * most][:_MOST]

    def _word(self, word: Word) -> Query:
        count = self._count(word)
        found = self.corrections(word.term, word.fields) if count <= self._rare else []
        if not found:
            return word
        best, *others = (Word(term, word.fields) for term in found)
        if not count:
            others = [replace(other, weight=_SECOND_CHOICE) for other in others]
            return Some((best, *others)) if others else best
        return Some((word, *(replace(other, weight=_BESIDE_THE_TYPED) for other in (best, *others))))

    def _in_phrase(self, word: Word) -> str:
        """The term itself, or what it is in a phrase, where it is in no article."""
        found = [] if self._count(word) else self.corrections(word.term, word.fields)
        return found[0] if found else word.term

    def _finds(self, query: Query) -> bool:
        return any(len(one.matcher.documents(query)) for one in self._segments)

    def _count(self, word: Word) -> int:
        return sum(len(one.words.occurrences(word).documents) for one in self._segments)
