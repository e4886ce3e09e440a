"""Whole titles, topics and providers of a segment's documents, as what completions are made of."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.search.suggestions import SuggestionKind
from indexer.text.typed_prefix import TypedPrefix
from indexer.whoosh_engine.segment.arrays import as_mask, located
from indexer.whoosh_engine.segment.arrays_file import Arrays
from indexer.whoosh_engine.segment.sorted_texts import prefix_range
from indexer.whoosh_engine.segment.value_table import ValueTable

Numbers = NDArray[np.int32]  # of phrases within one segment

PHRASED = (SuggestionKind.TITLE, SuggestionKind.TOPIC, SuggestionKind.PROVIDER)

# Between the terms of a phrase and what it names. Sorts before the space between terms, and before every term.
_NAMES = "\n"
_AFTER_SPACE = "!"


@dataclass(frozen=True, slots=True)
class CompletionTexts:
    """`texts` are the phrases with their documents, `words` the terms of phrases with the numbers of these.

    A phrase is its terms with spaces between, and behind a line feed what it names, where that is not itself.
    """

    texts: ValueTable
    words: ValueTable

    def beginning(self, typed: TypedPrefix) -> range:
        """The phrases that begin with what was typed: they lie side by side."""
        if typed.prefix:
            return prefix_range(self.texts.values, typed.phrase)
        whole = typed.phrase[:-1]  # the last word was typed to its end, so a space or a name follows it
        first = bisect_left(self.texts.values, whole)
        return range(first, bisect_left(self.texts.values, whole + _AFTER_SPACE, lo=first))

    def having(self, typed: TypedPrefix) -> Numbers:
        """The phrases that have all that was typed somewhere. One may come several times."""
        found: Numbers | None = None
        for having in sorted(map(self._with_word, typed.words), key=len):
            found = having if found is None else found[located(found, having)[1]]
            if not len(found):
                return found
        if found is None:
            return self._with_prefix(typed.prefix)
        if typed.prefix:
            found = found[as_mask(len(self.texts.values), self._with_prefix(typed.prefix))[found]]
        return found

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
        """The phrases from the arrays that `arrays` named."""
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
    return phrase.partition(_NAMES)[0]


def named_by(phrase: str) -> str:
    """What a phrase names: a topic or a domain, in canonical form; a title names itself."""
    key, _, name = phrase.partition(_NAMES)
    return name or key
