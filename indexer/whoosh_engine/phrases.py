"""Whole titles, topics and providers of a segment's documents, as what completions are made of."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import terms
from indexer.filters import TermField
from indexer.query import TextField
from indexer.suggestion import SuggestionKind
from indexer.typed import Typed
from indexer.whoosh_engine.arrays_file import Arrays
from indexer.whoosh_engine.contents import Contents, ValueTable
from indexer.whoosh_engine.documents import as_mask, located
from indexer.whoosh_engine.term_table import TermTable

Numbers = NDArray[np.int32]  # of phrases within one segment

PHRASED = (SuggestionKind.TITLE, SuggestionKind.TOPIC, SuggestionKind.PROVIDER)

# Between the terms of a phrase and what it names. Sorts before the space between terms, and before every term.
_NAMES = "\n"
_LAST = chr(0x10FFFF)
_AFTER_SPACE = "!"


@dataclass(frozen=True, slots=True)
class Phrases:
    """`texts` are the phrases with their documents, `words` the terms of phrases with the numbers of these.

    A phrase is its terms with spaces between, and behind a line feed what it names, where that is not itself.
    """

    texts: ValueTable
    words: ValueTable

    def beginning(self, typed: Typed) -> range:
        """The phrases that begin with what was typed: they lie side by side."""
        phrase, end = typed.phrase, _LAST
        if not typed.prefix:
            phrase, end = phrase[:-1], _AFTER_SPACE
        first = bisect_left(self.texts.values, phrase)
        return range(first, bisect_left(self.texts.values, phrase + end, lo=first))

    def having(self, typed: Typed) -> Numbers:
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
        first = bisect_left(self.words.values, prefix)
        end = bisect_left(self.words.values, prefix + _LAST, lo=first)
        found = self.words.documents[self.words.offsets[first] : self.words.offsets[end]]
        return np.asarray(found, dtype=np.int32)

    def arrays(self, name: str) -> Iterator[tuple[str, NDArray[np.generic]]]:
        """The phrases as named arrays, for a file."""
        yield from self.texts.arrays(f"phrases.{name}")
        yield from self.words.arrays(f"phrases.{name}.words")

    @classmethod
    def of_arrays(cls, name: str, arrays: Arrays) -> "Phrases":
        """The phrases from the arrays that `arrays` named."""
        return cls(
            ValueTable.of_arrays(f"phrases.{name}", arrays), ValueTable.of_arrays(f"phrases.{name}.words", arrays)
        )

    @classmethod
    def of_documents(cls, phrases: Sequence[Sequence[str]]) -> "Phrases":
        """The phrases of documents of which each has several, none twice."""
        return cls.of_texts(ValueTable.of_documents(phrases))

    @classmethod
    def of_texts(cls, texts: ValueTable) -> "Phrases":
        """Phrases with their documents, and the words that they have."""
        return cls(texts, ValueTable.of_documents([sorted(set(terms_of(text).split())) for text in texts.values]))


def terms_of(phrase: str) -> str:
    """The terms of a phrase, with spaces between."""
    return phrase.partition(_NAMES)[0]


def named_by(phrase: str) -> str:
    """What a phrase names: a topic or a domain, in canonical form; a title names itself."""
    key, _, name = phrase.partition(_NAMES)
    return name or key


def phrases_of(contents: Contents) -> Mapping[SuggestionKind, Phrases]:
    """The phrases of all documents, by kind: their titles, their topics, and their providers by domain and name."""
    titles = _texts(contents.tables["text"], TextField.TITLE, len(contents))
    return {
        SuggestionKind.TITLE: Phrases.of_documents([(title,) if title else () for title in titles]),
        SuggestionKind.TOPIC: _topics(contents.values[TermField.TOPIC]),
        SuggestionKind.PROVIDER: _providers(contents),
    }


def _topics(table: ValueTable) -> Phrases:
    """Topics by their terms; those without any cannot be typed."""
    found = sorted(
        (f"{key}{_NAMES}{name}", having) for name, having in table.having() if (key := " ".join(terms(name)))
    )
    documents = np.concatenate([np.empty(0, dtype=np.int32), *(having for _, having in found)])
    offsets = np.cumsum([0, *(len(having) for _, having in found)])
    return Phrases.of_texts(ValueTable([phrase for phrase, _ in found], offsets, documents))


def _providers(contents: Contents) -> Phrases:
    """Providers by the terms of their domain, and by those of the name that each document gives them."""
    domains = [""] * len(contents)
    for domain, documents in contents.values[TermField.PROVIDER].having():
        for document in documents.tolist():
            domains[document] = domain
    texts = _texts(contents.tables[TextField.PROVIDER], TextField.PROVIDER, len(contents))
    phrases = cache(_of_provider)  # few differ
    return Phrases.of_documents([phrases(domain, text) for domain, text in zip(domains, texts, strict=True)])


def _of_provider(domain: str, text: str) -> list[str]:
    """A provider's phrases. In `text`, its name stands before the domain."""
    key = " ".join(terms(domain))
    name = text.removesuffix(key).strip()
    return sorted({f"{form}{_NAMES}{domain}" for form in (key, name) if form and domain})


def _texts(table: TermTable, field: TextField, size: int) -> list[str]:
    """The terms of a field in each document, in order, with spaces between."""
    occurrences = table.fields[field]
    numbers = np.repeat(np.arange(len(table.terms)), np.diff(occurrences.starts))
    documents = table.documents.repeat(occurrences.frequencies)
    order = np.lexsort((occurrences.positions, documents))
    names = [table.terms[number] for number in numbers[order].tolist()]
    ends = np.cumsum(np.bincount(documents, minlength=size)).tolist()
    return [" ".join(names[start:end]) for start, end in pairwise([0, *ends])]
