"""What keeps an article out of a list, in the words of the client that asked for the list."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

import strawberry

from indexer.article import Article
from indexer.filters import Among, Filter, TermField
from indexer.query import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Without, Word, leaves
from indexer.why_not import Unmatched, WhyNot
from schema.failed_conditions import failed_condition

_IN_FIELD = {
    TextField.TITLE: "its title",
    TextField.EXCERPT: "its excerpt",
    TextField.TOPIC: "its topics",
    TextField.PROVIDER: "its provider's name or domain",
}


@strawberry.enum(name="WhyNotKind", description="What kind of thing keeps an article out of a list.")
class ReasonKind(Enum):
    """The value of `WhyNotReason.kind`."""

    WORD = strawberry.enum_value("word", description="A word of `search` that the article does not have.")
    PHRASE = strawberry.enum_value("phrase", description="A phrase of `search` that the article does not have.")
    EXCLUDED_WORD = strawberry.enum_value(
        "excluded_word", description="A word or phrase that `search` excludes, and the article has."
    )
    TOPIC = strawberry.enum_value("topic", description="The topic of the list, which the article does not have.")
    FILTER = strawberry.enum_value("filter", description="A condition of `filter` that does not hold.")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps an article out; `what` as the client would write it, `message` for people."""

    kind: ReasonKind
    what: str
    message: str


def reasons(found: WhyNot, article: Article, *, topic: str | None) -> Iterator[Reason]:
    """All that keeps the article out of a list, of which `topic` is the argument."""
    for part in found.unmatched:
        yield _of_text(part)
    for condition in dict.fromkeys(found.failed):
        yield _of_condition(condition, article, topic)


def _of_condition(condition: Filter, article: Article, topic: str | None) -> Reason:
    if topic is not None and condition == Among(TermField.TOPIC, frozenset({topic})):
        has = f"it has {', '.join(article.topics)}" if article.topics else "it has none"
        return Reason(ReasonKind.TOPIC, topic, f"It does not have the topic {topic}; {has}.")
    what, message = failed_condition(condition, article)
    return Reason(ReasonKind.FILTER, what, message)


def _of_text(part: Unmatched) -> Reason:
    what = typed(part.query)
    match part.query:
        case Without(excluded):
            message = f"{typed(excluded)} is excluded, and it is in {_places(excluded)}; leave {what} out."
            return Reason(ReasonKind.EXCLUDED_WORD, what, message)
        case Phrase() if part.is_scattered:
            words = " ".join(map(typed, part.query.words()))
            message = (
                f"The words of {what} are in {_places(part.query)}, but not next to each other; search for {words}."
            )
            return Reason(ReasonKind.PHRASE, what, message)
        case Phrase():
            return Reason(ReasonKind.PHRASE, what, f"{what} is not in {_places(part.query)}; {_remedy(part)}.")
        case Prefix(prefix):
            message = f"No word in {_places(part.query)} begins with {prefix}; {_remedy(part)}."
            return Reason(ReasonKind.WORD, what, message)
        case query:
            word = query.term if isinstance(query, Word) else what
            return Reason(ReasonKind.WORD, what, f"No form of {word} is in {_places(query)}; {_remedy(part)}.")


def _remedy(part: Unmatched) -> str:
    if part.elsewhere and isinstance(part.query, Word | Prefix | Phrase):
        field = part.elsewhere[0]
        return f"it is in {_IN_FIELD[field]}: search for {typed(replace(part.query, fields=(field,)))}"
    if part.others:
        return f"{' or '.join(map(typed, part.others))} would do as well"
    return "leave it out, or join it to another word with OR"


def typed(query: Query) -> str:
    """The query as one would type it."""
    match query:
        case Word(term, fields):
            return _in_fields(fields, term)
        case Prefix(prefix, fields):
            return _in_fields(fields, f"{prefix}*")
        case Phrase(terms, fields):
            return _in_fields(fields, f'"{" ".join(terms)}"')
        case Without(part):
            return f"-{typed(part)}"
        case Every(queries):
            return " ".join(map(typed, queries))
        case Some(queries):
            return " OR ".join(map(typed, queries))


def _in_fields(fields: tuple[TextField, ...], text: str) -> str:
    return text if fields == SEARCHED else f"{fields[0]}:{text}"


def _places(query: Query) -> str:
    """Where in an article the query looks: `its title or excerpt`."""
    found = dict.fromkeys(_IN_FIELD[field] for leaf in leaves(query) for field in leaf.fields)
    return " or ".join(found)
