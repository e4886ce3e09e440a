"""A condition of the `filter` argument that an article does not fulfil: its name there, and what is wrong."""

from datetime import datetime

from indexer.article import Article
from indexer.filters import (
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
from schema.scalars import write_instant


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
        case Not(part):
            name, wanted, given = _compared(part, article)
            return f"not.{name}", f"not.{name} excludes {wanted}, and {given}."
        case _:
            name, wanted, given = _compared(condition, article)
            return name, f"{name} asks for {wanted}, and {given}."


def _compared(condition: Filter, article: Article) -> tuple[str, str, str]:
    """The name of a condition, what it asks for, and what the article has."""
    match condition:
        case Among(field, values):
            is_single_topic = field is TermField.TOPIC and len(values) == 1
            return _name(field) if is_single_topic else f"{_name(field)}.any", _listed(values), _values(field, article)
        case AtLeast(NumberField.QUALITY, value):
            return "qualityAtLeast", f"{value} or more", _number("quality", article.quality)
        case AtLeast(_, value):
            return "heatAtLeast", f"{value} or more", _number("heat", article.heat)
        case PublishedFrom(instant):
            return "publishedAfter", f"{write_instant(instant)} or later", _published(article.published_date_time)
        case PublishedBefore(instant):
            return "publishedBefore", f"earlier than {write_instant(instant)}", _published(article.published_date_time)
        case _:
            return "hasImage", "articles with an image", "it has none of its own"


def _name(field: TermField) -> str:
    return "topics" if field is TermField.TOPIC else str(field)


def _listed(values: frozenset[str]) -> str:
    return " or ".join(sorted(values)) or "one of an empty list, which matches nothing"


def _values(field: TermField, article: Article) -> str:
    """What the article has in the field, as part of a sentence."""
    match field:
        case TermField.TOPIC:
            return f"its topics are {', '.join(article.topics)}" if article.topics else "it has no topics"
        case TermField.PROVIDER:
            return f"its provider is {article.provider.domain}"
        case TermField.CATEGORY:
            return f"its category is {article.category}" if article.category else "it has no category"
        case TermField.TYPE:
            return f"its type is {article.type}" if article.type else "it has no type"
        case TermField.RELATED_URL:
            return f"it refers to {len(article.related)} articles"


def _number(name: str, value: int | None) -> str:
    return f"it has no {name}" if value is None else f"its {name} is {value}"


def _published(instant: datetime) -> str:
    return f"it was published at {write_instant(instant)}"
