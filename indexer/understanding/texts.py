"""The texts of searches, read as queries."""

from dataclasses import dataclass

from indexer.query.parser import parse, parts
from indexer.query.synonyms import Synonyms
from indexer.query.tree import SEARCHED, Every, Query, TextField, is_scored, within
from indexer.search.requests import SearchRequest
from indexer.text.language import with_plain_thousands


@dataclass(frozen=True, slots=True)
class ReadText:
    """A text as a tree, as typed and widened by synonyms."""

    typed: Query
    widened: Query
    has_words: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Reads texts for an index in a `language`, whose plain words are looked for in the `searched` fields."""

    language: str
    synonyms: Synonyms
    searched: tuple[TextField, ...] = SEARCHED

    def read(self, text: str, *, is_forgiving: bool, typing: bool) -> ReadText:
        """A text parsed and, for a forgiving search, widened by synonyms."""
        typed = self.within(parse(with_plain_thousands(text, self.language), typing=typing))
        return ReadText(typed, self.synonyms.applied(typed) if is_forgiving else typed, is_scored(typed))

    def better(self, text: str) -> Query:
        """A text that is offered instead of the one typed."""
        return self.within(parse(with_plain_thousands(text, self.language)))

    def within(self, query: Query) -> Query:
        """The query with plain words looked for in the searched fields."""
        return within(query, self.searched)

    def written(self, request: SearchRequest, corrected: Every) -> list[tuple[Query, str]]:
        """The parts of a corrected query, each with the words that were typed for it."""
        typed = parts(with_plain_thousands(request.text, self.language), typing=request.typing)
        spans = self.synonyms.spans([part.query for part in typed])
        return [
            (part, request.text[typed[start].start : typed[end - 1].end])
            for part, (start, end) in zip(corrected.queries, spans, strict=True)
        ]
