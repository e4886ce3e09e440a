"""Texts to complete: whole titles, topics and providers of a segment's documents."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.search.suggestions import SuggestionKind
from indexer.text.analysis import BOUNDARY
from indexer.text.sorted_texts import prefix_range
from indexer.text.typed_prefix import TypedPrefix
from indexer.whoosh_engine.segment.arrays import as_mask, located
from indexer.whoosh_engine.segment.arrays_file import Arrays
from indexer.whoosh_engine.segment.value_table import ValueTable

Numbers = NDArray[np.int32]  # of phrases within one segment

PHRASED = (SuggestionKind.TITLE, SuggestionKind.TOPIC, SuggestionKind.PROVIDER)

# Between the terms of a phrase and the name it stands for. Sorts before the space between terms, and before every term.
SEPARATOR = "\n"
_AFTER_SPACE = "!"


@dataclass(frozen=True, slots=True)
class CompletionTexts:
    """`texts` are the phrases with their documents, `words` the terms of phrases with the numbers of these.

    A phrase is its terms with spaces between, and behind a line feed the name it stands for, if that is another.
    """

    texts: ValueTable
    words: ValueTable

    def beginning(self, typed: TypedPrefix) -> range:
        """The phrases that begin with the typed words: they lie side by side."""
        if typed.prefix:
            return prefix_range(self.texts.values, typed.phrase)
        whole = typed.phrase[:-1]  # the last word was typed to its end, so a space or a name follows it
        first = bisect_left(self.texts.values, whole)
        return range(first, bisect_left(self.texts.values, whole + _AFTER_SPACE, lo=first))

    def containing(self, typed: TypedPrefix) -> Numbers:
        """The phrases that contain all typed words anywhere. One may come several times."""
        words = [word for word in typed.words if word != BOUNDARY]
        if not words:
            return self._with_prefix(typed.prefix)
        phrases, *others = sorted(map(self._with_word, words), key=len)
        for other in others:
            phrases = phrases[located(phrases, other)[1]]
        if typed.prefix and len(phrases):
            phrases = phrases[as_mask(len(self.texts.values), self._with_prefix(typed.prefix))[phrases]]
        if any(len(sequence) > 1 for sequence in typed.sequences):
            texts = (terms_of(self.texts.values[number]) for number in phrases.tolist())
            phrases = phrases[np.fromiter((typed.is_among((text,)) for text in texts), bool, count=len(phrases))]
        return phrases

    def _with_word(self, word: str) -> Numbers:
        return np.asarray(self.words.documents_with(word), dtype=np.int32)

    def _with_prefix(self, prefix: str) -> Numbers:
        words = prefix_range(self.words.values, prefix)
        return np.asarray(
            self.words.documents[self.words.offsets[words.start] : self.words.offsets[words.stop]], dtype=np.int32
        )

    def arrays(self, name: str) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """The phrases as named arrays, for a file."""
        yield from self.texts.arrays(f"phrases.{name}")
        yield from self.words.arrays(f"phrases.{name}.words")

    @classmethod
    def of_arrays(cls, name: str, arrays: Arrays) -> "CompletionTexts":
        """Read what `arrays` wrote."""
        return cls(
            ValueTable.of_arrays(f"phrases.{name}", arrays), ValueTable.of_arrays(f"phrases.{name}.words", arrays)
        )

    @classmethod
    def of_documents(cls, phrases: Sequence[Sequence[str]]) -> "CompletionTexts":
        """The phrases of documents of which each has several, none twice."""
        return cls.of_texts(ValueTable.of_documents(phrases))

    @classmethod
    def of_texts(cls, texts: ValueTable) -> "CompletionTexts":
        """Phrases with their documents, and the words that they have."""
        return cls(texts, ValueTable.of_documents([sorted(set(terms_of(text).split())) for text in texts.values]))


def terms_of(phrase: str) -> str:
    """The terms of a phrase, with spaces between."""
    return phrase.partition(SEPARATOR)[0]


def named_by(phrase: str) -> str:
    """The name that a phrase stands for: a topic or a domain, in canonical form; a title names itself."""
    key, _, name = phrase.partition(SEPARATOR)
    return name or key
