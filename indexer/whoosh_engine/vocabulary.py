"""The terms of an index, by field and stem: which forms of a word there are."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping

import Stemmer

from indexer.query import TextField


class Vocabulary:
    """All terms of each field. Built from an index when its first search comes, in one pass over its terms."""

    def __init__(self, terms: Mapping[TextField, Iterable[str]], *, language: str) -> None:
        """Take the terms of each field; `language` is a Snowball algorithm's name, such as english."""
        self._stem = Stemmer.Stemmer(language).stemWord
        self._sorted = {field: sorted(terms[field]) for field in terms}
        self._forms: dict[TextField, dict[str, list[str]]] = {}
        for field, known in self._sorted.items():
            forms: defaultdict[str, list[str]] = defaultdict(list)
            for term in known:
                forms[self.stem(term)].append(term)
            self._forms[field] = forms

    def stem(self, term: str) -> str:
        """The stem of a term; a term that is no plain word, such as c++ or gpt4, is its own."""
        return self._stem(term) if term.isalpha() else term

    def forms(self, field: TextField, term: str) -> list[str]:
        """The terms of `field` with the same stem as `term`, itself among them where the field has it."""
        return self._forms[field].get(self.stem(term), [])

    def beginning_with(self, field: TextField, prefix: str) -> list[str]:
        """The terms of `field` that begin with `prefix`, in alphabetical order."""
        known = self._sorted[field]
        first = bisect_left(known, prefix)
        end = bisect_left(known, prefix + chr(0x10FFFF), lo=first)
        return known[first:end]
