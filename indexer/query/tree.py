"""The meaning of a search text, as a tree that every engine can evaluate."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from msgspec import Struct, structs


class TextField(StrEnum):
    """A field whose words can be searched for. The names are those that a person types before a colon."""

    TITLE = "title"
    EXCERPT = "excerpt"
    BODY = "body"
    TOPIC = "topic"
    PROVIDER = "provider"


BOUNDARY_OF_TEXTS = "|"  # that of `indexer.text.analysis`, which chains of imports are too long for
SEARCHED = (TextField.TITLE, TextField.EXCERPT)
"""The fields in which words are looked for, where nothing else is said."""
WITH_BODY = (*SEARCHED, TextField.BODY)
"""The same for an index with the text of bodies."""


class Word(Struct, frozen=True, gc=False):
    """Matches a term and its other forms (those with the same stem) in any one of `fields`.

    `weight` is what it counts in a score: 1 as typed, less for what may be meant besides.
    """

    term: str
    fields: tuple[TextField, ...] = SEARCHED
    weight: float = 1.0

    @property
    def name(self) -> str:
        """Tells this word from all others that a query may look for."""
        return f"{'+'.join(self.fields)}:{self.term}"


class Prefix(Struct, frozen=True, gc=False):
    """Matches every term that begins with `prefix` in any one of `fields`.

    `weight` is as that of a word: less than 1 for a word that is still being typed.
    """

    prefix: str
    fields: tuple[TextField, ...] = SEARCHED
    weight: float = 1.0

    @property
    def name(self) -> str:
        """Tells this prefix from all others that a query may look for."""
        return f"{'+'.join(self.fields)}:{self.prefix}*"


class Phrase(Struct, frozen=True, gc=False):
    """Matches two or more terms, or other forms of them, next to each other and in order, in one of `fields`.

    `weight` is that of each of its words. An open phrase ends with the beginning of a word, as `wi-fi*` does.
    """

    terms: tuple[str, ...]
    fields: tuple[TextField, ...] = SEARCHED
    weight: float = 1.0
    is_open: bool = False

    def words(self) -> list[Word | Prefix]:
        """Each word on its own."""
        words: list[Word | Prefix] = [Word(term, self.fields, self.weight) for term in self.terms]
        return [*words[:-1], Prefix(self.terms[-1], self.fields, self.weight)] if self.is_open else words


class Every(Struct, frozen=True, gc=False):
    """Matches what all of `queries` match; without any, every article."""

    queries: tuple["Query", ...] = ()


class Some(Struct, frozen=True, gc=False):
    """Matches what at least one of `queries` matches."""

    queries: tuple["Query", ...]


class Without(Struct, frozen=True, gc=False):
    """Matches what `query` does not match."""

    query: "Query"


Query = Word | Prefix | Phrase | Every | Some | Without


def targets(query: Query) -> list[Word | Prefix | Phrase]:
    """The words, prefixes and whole phrases that the query looks for, in order, without those that it excludes."""
    match query:
        case Word() | Prefix() | Phrase():
            return [query]
        case Every(queries) | Some(queries):
            return [target for part in queries for target in targets(part)]
        case Without():
            return []


def within(query: Query, searched: tuple[TextField, ...]) -> Query:
    """The query with words that were typed without a field looked for in `searched`."""
    if searched == SEARCHED:
        return query
    match query:
        case Every(queries):
            return Every(tuple(within(part, searched) for part in queries))
        case Some(queries):
            return Some(tuple(within(part, searched) for part in queries))
        case Without(part):
            return Without(within(part, searched))
        case _:
            return structs.replace(query, fields=searched) if query.fields == SEARCHED else query


def is_scored(query: Query) -> bool:
    """True if the query looks for something, so that some matches can be better than others."""
    return bool(targets(query))


def is_beginning(query: Query) -> bool:
    """True for all that begins as a word that is still being typed: an alternative to the word itself."""
    return (isinstance(query, Prefix) or (isinstance(query, Phrase) and query.is_open)) and query.weight < 1


def without_spellings(queries: Iterable[Query]) -> Iterator[Query]:
    """The alternatives, without other spellings of one before, such as GPT4 of GPT-4."""
    seen: set[object] = set()
    for query in queries:
        match query:
            case Word(term, fields):
                spelled: object = (term, fields)
            case Phrase(terms, fields, is_open=False):
                spelled = ("".join(terms).replace(BOUNDARY_OF_TEXTS, ""), fields)
            case Phrase(terms, fields) | Prefix(terms, fields):
                spelled = ("".join(terms).replace(BOUNDARY_OF_TEXTS, ""), fields, "*")
            case _:
                spelled = query
        if spelled not in seen:
            seen.add(spelled)
            yield query


def leaves(query: Query) -> list[Word | Prefix]:
    """Everything that has to be looked up to evaluate the query."""
    match query:
        case Word() | Prefix():
            return [query]
        case Phrase():
            return query.words()
        case Every(queries) | Some(queries):
            return [leaf for part in queries for leaf in leaves(part)]
        case Without(part):
            return leaves(part)
