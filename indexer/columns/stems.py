"""The stems that all forms of a word share."""

import Stemmer


class Stems:
    """Stems by the rules of one language; `language` is a Snowball algorithm's name, such as english."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._stem = Stemmer.Stemmer(language).stemWord

    def of(self, term: str) -> str:
        """The stem of a term; a term that is no plain word, such as c++ or gpt4, is its own."""
        return self._stem(term) if term.isalpha() else term
