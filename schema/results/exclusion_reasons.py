"""The reasons for an article's absence from a list, in the words of the list's arguments."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from msgspec import structs

from indexer.article import Article, extra_term
from indexer.query.as_typed import as_typed
from indexer.query.tree import Phrase, Prefix, Query, TextField, Without, Word, leaves
from indexer.search.filters import (
    AllOf,
    Among,
    AnyOf,
    AtLeast,
    Filter,
    HasImage,
    Not,
    NumberField,
    PublishedBefore,
    PublishedFrom,
    TermField,
)
from indexer.search.why_not import Unmatched, WhyNot
from schema.inputs.scalars import write_instant

_LISTS = {TermField.TOPIC: "topics", TermField.AUTHOR: "authors"}
_LONG = 200


def failed_condition(condition: Filter, article: Article) -> tuple[str, str]:
    """The name of the condition as a client writes it, and a sentence for people. It is an innermost condition."""
    match condition:
        case AnyOf():
            return "or", "or is an empty list, which matches nothing; leave it out."
        case Not(AllOf()):
            return "not", "not excludes everything, since the filter in it is empty; leave it out."
        case Not(HasImage()):
            return "hasImage", f"hasImage asks for articles without images, and it has {len(article.images)}."
        case Not(Among(field, values)):
            name = f"{_name(field)}.none"
            return name, f"{name} excludes {_listed(values)}, and {_values(field, article)}."
        case Not(excluded):
            name, required, has = _compared(excluded, article)
            return f"not.{name}", f"not.{name} excludes {required}, and {has}."
        case _:
            name, required, has = _compared(condition, article)
            return name, f"{name} asks for {required}, and {has}."


def _compared(condition: Filter, article: Article) -> tuple[str, str, str]:
    """The name of a condition, the values it requires, and those of the article, as parts of a sentence."""
    match condition:
        case Among(field, values):
            is_single_topic = field is TermField.TOPIC and len(values) == 1
            name = _name(field) if is_single_topic or field is TermField.EXTRA else f"{_name(field)}.any"
            return name, _listed(values), _values(field, article)
        case AtLeast(field, least):
            value = _value(field, article)
            has = f"it has no {field}" if value is None else f"its {field} is {value}"
            return f"{field}AtLeast", f"{least} or more", has
        case PublishedFrom(instant):
            return "publishedAfter", f"{write_instant(instant)} or later", _published(article.published_date_time)
        case PublishedBefore(instant):
            return "publishedBefore", f"earlier than {write_instant(instant)}", _published(article.published_date_time)
        case HasImage() | AllOf() | AnyOf() | Not():  # the others are not innermost
            return "hasImage", "articles with an image", "it has none of its own"


def _name(field: TermField) -> str:
    return _LISTS.get(field, str(field))


def _listed(values: frozenset[str]) -> str:
    return " or ".join(sorted(values)) or "one of an empty list, which matches nothing"


def _values(field: TermField, article: Article) -> str:  # noqa: PLR0911 - one for each field
    """The article's values of the field, as part of a sentence."""
    match field:
        case TermField.TOPIC:
            return f"its topics are {', '.join(article.topics)}" if article.topics else "it has no topics"
        case TermField.PROVIDER:
            return f"its provider is {article.provider.domain}"
        case TermField.CATEGORY:
            return f"its category is {article.category}" if article.category else "it has no category"
        case TermField.TYPE:
            return f"its type is {article.type}" if article.type else "it has no type"
        case TermField.AUTHOR:
            return f"its authors are {', '.join(article.authors)}" if article.authors else "it has no authors"
        case TermField.RELATED_URL:
            return f"it refers to {len(article.related)} articles"
        case TermField.EXTRA:
            extras = ", ".join(extra_term(extra.name, extra.value) for extra in article.extras)
            return (
                f"it has {extras if len(extras) <= _LONG else f'{extras[:_LONG]}…'}" if extras else "it has no extras"
            )


def _value(field: NumberField, article: Article) -> int | None:
    match field:
        case NumberField.QUALITY:
            return article.quality
        case NumberField.HEAT:
            return article.heat


def _published(instant: datetime) -> str:
    return f"it was published at {write_instant(instant)}"


_IN_FIELD = {
    TextField.TITLE: "its title",
    TextField.EXCERPT: "its excerpt",
    TextField.BODY: "its body",
    TextField.TOPIC: "its topics",
    TextField.PROVIDER: "its provider's name or domain",
}


class ReasonKind(StrEnum):
    """The kind of thing that an article lacks, or has although it is excluded."""

    WORD = "word"
    PHRASE = "phrase"
    EXCLUDED_WORD = "excluded_word"
    TOPIC = "topic"
    FILTER = "filter"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for an article's absence; `what` as a client would write it, `message` for people."""

    kind: ReasonKind
    what: str
    message: str


def reasons(result: WhyNot, article: Article, *, topic: str | None) -> Iterator[Reason]:
    """The reasons for an article's absence from a list with the argument `topic`."""
    for unmatched in result.unmatched:
        yield _of_text(unmatched, article)
    for condition in dict.fromkeys(result.failed):
        yield _of_condition(condition, article, topic)


def _of_condition(condition: Filter, article: Article, topic: str | None) -> Reason:
    if topic is not None and condition == Among(TermField.TOPIC, frozenset({topic})):
        has = f"it has {', '.join(article.topics)}" if article.topics else "it has none"
        return Reason(ReasonKind.TOPIC, topic, f"It does not have the topic {topic}; {has}.")
    what, message = failed_condition(condition, article)
    return Reason(ReasonKind.FILTER, what, message)


def _of_text(unmatched: Unmatched, article: Article) -> Reason:
    query, fields = unmatched.query, _fields(unmatched.query)
    what = as_typed(query)
    if article.body and article.text is None and all(leaf.fields == (TextField.BODY,) for leaf in leaves(query)):
        kind = ReasonKind.PHRASE if isinstance(query, Phrase) else ReasonKind.WORD
        return Reason(kind, what, f"Bodies are not searched in this index, so that {what} finds nothing; leave it out.")
    match query:
        case Without(excluded):
            message = f"{as_typed(excluded)} is excluded, and it is in {_fields(excluded)}; leave {what} out."
            return Reason(ReasonKind.EXCLUDED_WORD, what, message)
        case Phrase() if unmatched.is_scattered:
            words = " ".join(map(as_typed, query.words()))
            message = f"The words of {what} are in {fields}, but not next to each other; search for {words}."
            return Reason(ReasonKind.PHRASE, what, message)
        case Phrase():
            return Reason(ReasonKind.PHRASE, what, f"{what} is not in {fields}; {_remedy(unmatched)}.")
        case Prefix(prefix):
            message = f"No word in {fields} begins with {prefix}; {_remedy(unmatched)}."
            return Reason(ReasonKind.WORD, what, message)
        case _:
            word = query.term if isinstance(query, Word) else what
            return Reason(ReasonKind.WORD, what, f"No form of {word} is in {fields}; {_remedy(unmatched)}.")


def _remedy(unmatched: Unmatched) -> str:
    if unmatched.elsewhere and isinstance(unmatched.query, Word | Prefix | Phrase):
        field = unmatched.elsewhere[0]
        return f"it is in {_IN_FIELD[field]}: search for {as_typed(structs.replace(unmatched.query, fields=(field,)))}"
    if unmatched.others:
        return f"{' or '.join(map(as_typed, unmatched.others))} would do as well"
    return "leave it out, or join it to another word with OR"


def _fields(query: Query) -> str:
    """The fields in which the query looks: `its title or its excerpt`."""
    return " or ".join(dict.fromkeys(_IN_FIELD[field] for leaf in leaves(query) for field in leaf.fields))
