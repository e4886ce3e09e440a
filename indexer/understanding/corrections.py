"""Replaces words that are misspelt, or so it seems, by words that the articles have."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from msgspec import structs

from indexer.memory import OVERHEAD, Memory, plain_bytes
from indexer.query.tree import Every, Phrase, Prefix, Query, Some, TextField, Word, is_beginning
from indexer.text.spelling import is_slip, likelihood, misspellings
from indexer.understanding.visible_words import VisibleWords

# A letter is part of a word, as in x-ray, only where it is no frequent word itself, which so many of all articles have.
_FREQUENT = 1 / 100


class Compounds:
    """Takes words apart and joins them, by what visible articles have."""

    def __init__(self, words: VisibleWords) -> None:
        self._visible = words

    def apart(self, word: Word) -> Phrase | None:
        """Two words in a row that the word is when they are joined, those that most articles have."""
        if not word.term.isalpha():
            return None
        splits = [Phrase((word.term[:at], word.term[at:]), word.fields) for at in range(1, len(word.term))]
        terms = dict.fromkeys(term for phrase in splits for term in phrase.terms)
        parts = self._parts([*terms], word.fields)
        phrases = [phrase for phrase in splits if parts.issuperset(phrase.terms)]
        counts = dict(zip(phrases, self._visible.counts(phrases), strict=True))
        best = max(counts, key=lambda phrase: (counts[phrase], phrase.terms), default=None)
        return best if best and counts[best] else None

    def joined(self, query: Every) -> Iterator[Every]:
        """The query with two neighbours as one word, for each such word that an article has."""
        for number, (first, second) in enumerate(zip(query.queries, query.queries[1:], strict=False)):
            if isinstance(first, Word) and isinstance(second, Word) and first.fields == second.fields:
                word = Word(first.term + second.term, first.fields)
                is_number = first.term[-1].isdigit() and second.term[0].isdigit()  # 1 250 are two
                if not is_number and self._visible.count(word):
                    yield Every((*query.queries[:number], word, *query.queries[number + 2 :]))

    def _parts(self, terms: Sequence[str], fields: tuple[TextField, ...]) -> set[str]:
        """The terms of which a word may consist."""
        counts = self._visible.counts([Word(term, fields) for term in terms])
        frequent = self._visible.size
        return {
            term
            for term, count in zip(terms, counts, strict=True)
            if 0 < count <= frequent * (1 if len(term) > 1 else _FREQUENT)
        }


# A word that few articles have may still be a typing error, one that others made as well: so many articles, or such a
# share of all, if far more, so many times as many, have a word that is nearly the same.
_RARE = 3
_RARE_SHARE = 1 / 5_000
_FAR_MORE = 100
_MOST = 8  # words that one misspelt word may stand for
_MOST_WORDS = 8  # of a text that are corrected; the words of another language may all be unknown
_LIKELY = 1 / 100  # how likely each is at the least, compared with the likeliest

# The weight of another word than the best one where the typed word is in no article, and of any word beside it: so
# little that an article with the word as typed comes first.
_SECOND_CHOICE = 0.5
_BESIDE_THE_TYPED = 0.02


class _Correction(NamedTuple):
    """A term that may be meant, with its errors, its postings, and how likely those errors are beside others."""

    term: str
    errors: int
    postings: int
    likelihood: int

    @property
    def chance(self) -> int:
        return self.postings * self.likelihood

    def order(self) -> tuple[int, str]:
        """Sorts the likeliest first."""
        return -self.chance, self.term


class Speller:
    """Corrects queries against the words of visible articles."""

    def __init__(self, words: VisibleWords, memory: Memory) -> None:
        self._visible = words
        self._compounds = Compounds(words)
        self.corrected = memory.kept("corrections", _size, self._corrected_anew)
        """The query with words replaced that are misspelt or written together; the same one where there are none.

        Exclusions are meant as typed, and of alternatives one that is found is enough; those in several spellings are
        no errors. Of many such words, only the first are corrected, those in no article before those in few.
        """

    @cached_property
    def _rare(self) -> int:
        return max(_RARE, int(_RARE_SHARE * self._visible.size))

    def _corrected_anew(self, query: Query) -> Query:
        words = [*self._words(query)]
        counts = dict(zip(words, self._visible.counts(words), strict=True))
        rare = sorted((word for word in counts if counts[word] <= self._rare), key=lambda word: counts[word] > 0)
        return self._corrected(query, rare[:_MOST_WORDS]) if rare else query

    def _corrected(self, query: Query, doubtful: Sequence[Word]) -> Query:
        match query:
            case Word() if query.weight == 1:
                return self._word(query) if query in doubtful else query
            case Phrase(is_open=False):
                words = [Word(term, query.fields, query.weight) for term in query.terms]
                return structs.replace(
                    query, terms=tuple(self._in_phrase(word) if word in doubtful else word.term for word in words)
                )
            case Every(queries):
                return Every(tuple(self._corrected(part, doubtful) for part in queries))
            case Some(queries) if self._may_be_misspelt(queries) and not any(map(self._is_right, queries)):
                return Some(tuple(self._corrected(part, doubtful) for part in queries))
            case _:
                return query

    def joined(self, query: Every) -> Iterator[Every]:
        """The query with two neighbours written as one word, in each way that an article has."""
        return self._compounds.joined(query)

    def guesses(self, query: Every) -> dict[Query, tuple[Word, ...]]:
        """Words that may be meant by a part, a word that no article has: a correct word is not given up for a guess.

        By looser rules: the first letter may differ too, and the word be short.
        """
        unknown = (part for part in query.queries if isinstance(part, Word) and not self._visible.count(part))
        return {part: words for part in unknown if (words := self._guessed(part))}

    def _guessed(self, word: Word) -> tuple[Word, ...]:
        found = self.corrections(word.term, word.fields, loosely=True)
        return tuple(Word(term, word.fields, _SECOND_CHOICE) for term in found)

    def likely(self, query: Query, *, letters: int, fits: Callable[[Word], int]) -> dict[str, str]:
        """The most similar term for each word of the query that no article has as it is; the first letter may differ.

        Shorter words than so many letters are taken as they are. Of terms that are about as likely, the first that
        `fits` the rest of the text is taken.
        """
        words = [word for word in self._words(query) if len(word.term) >= letters]
        unknown = (word for word in words if not self._visible.count(word))
        better = {word.term: form for word in words if (form := self._respelled(word))}
        for word in islice(unknown, _MOST_WORDS):
            likely = self.corrections(word.term, word.fields, loosely=True)
            fitting = (term for term in likely if fits(Word(term, word.fields)))
            if likely:
                better[word.term] = next(fitting, likely[0])
        return better

    def _respelled(self, word: Word) -> str | None:
        """The right form of a word that has the stem of others, and is itself in no article but by a slip."""
        terms = self._visible.terms(word)
        if word.term in terms:
            return None
        forms = sorted(terms)
        slips = (forms[place] for place, _ in misspellings(word.term, forms) if is_slip(word.term, forms[place]))
        return next(slips, None)

    def corrections(
        self, term: str, fields: tuple[TextField, ...], *, loosely: bool = False, more: int = _FAR_MORE
    ) -> list[str]:
        """Terms that may be meant by another, if so many times more articles have one: the likeliest first.

        How likely an error is, times how frequent a word is: M. Kernighan, K. Church, W. Gale, A Spelling Correction
        Program Based on a Noisy Channel Model, COLING 1990.
        """
        word = Word(term, fields)
        alike = self._visible.alike(word, loosely=loosely)
        found = [_Correction(meant, *one, likelihood(term, meant)) for meant, one in alike.items()]
        fewest = min((one.errors for one in found), default=0)
        enough = max(1, more * self._visible.count(word))
        ordered = sorted((one for one in found if one.errors == fewest), key=_Correction.order)
        if not any(one.postings >= enough for one in ordered):
            return []
        return [one.term for one in ordered if one.chance >= _LIKELY * ordered[0].chance][:_MOST]

    def _word(self, word: Word) -> Query:
        count = self._visible.count(word)
        found = self.corrections(word.term, word.fields) if count <= self._rare else []
        if not found:
            return word if count else self._compounds.apart(word) or word
        best, *others = (Word(term, word.fields) for term in found)
        if not count:
            others = [structs.replace(other, weight=_SECOND_CHOICE) for other in others]
            return Some((best, *others)) if others else best
        return Some((word, *(structs.replace(other, weight=_BESIDE_THE_TYPED) for other in (best, *others))))

    def _is_right(self, query: Query) -> bool:
        """True for an alternative that an article has, and for a word of several parts, whose spellings differ."""
        return not is_beginning(query) and (not isinstance(query, Word) or self._visible.count(query) > 0)

    def _words(self, query: Query) -> Iterable[Word]:
        """The words that may be misspelt, each once, in order."""
        return dict.fromkeys(self._misspellable(query))

    def _misspellable(self, query: Query) -> Iterator[Word]:
        match query:
            case Word():
                yield query
            case Phrase(is_open=False):
                yield from (word for word in query.words() if isinstance(word, Word))
            case Every(queries):
                for part in queries:
                    yield from self._misspellable(part)
            case Some(queries) if self._may_be_misspelt(queries):
                for part in queries:
                    yield from self._misspellable(part)

    def _may_be_misspelt(self, alternatives: Sequence[Query]) -> bool:
        """False where synonyms know the word, and where it is still being typed and words begin so."""
        parts = [part for part in alternatives if isinstance(part, Word | Prefix | Phrase)]
        beginnings = [part for part in parts if is_beginning(part)]
        is_known = any(part.weight < 1 for part in parts if part not in beginnings)
        return not is_known and not any(map(self._visible.count, beginnings))

    def _in_phrase(self, word: Word) -> str:
        """The term itself, or what it is in a phrase, where it is in no article."""
        found = [] if self._visible.count(word) else self.corrections(word.term, word.fields)
        return found[0] if found else word.term


def _size(query: Query, corrected: Query) -> int:
    return OVERHEAD + plain_bytes(query) + (0 if corrected is query else plain_bytes(corrected))
