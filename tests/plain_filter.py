"""Filters, asked of one article: the oracle of every engine that filters."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain

from indexer.article import Article, Extra
from indexer.canonical import canonical_domain, canonical_topic, canonical_url
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


def is_visible(article: Article, now: datetime) -> bool:
    """Tell whether ordinary clients may see the article at `now`: no draft, and not dated later."""
    return article.published and article.published_date_time <= now


def matches(article: Article, condition: Filter) -> bool:  # noqa: PLR0911 - one return for each kind of filter
    """True if the article fulfils the condition."""
    match condition:
        case Among():
            wanted = {canonical(value, condition.field) for value in condition.values}
            return not wanted.isdisjoint(terms(article, condition.field))
        case AtLeast():
            number = article.quality if condition.field is NumberField.QUALITY else article.heat
            return number is not None and number >= condition.value
        case PublishedFrom():
            return article.published_date_time >= condition.instant
        case PublishedBefore():
            return article.published_date_time < condition.instant
        case HasImage():
            return bool(article.images)
        case AllOf():
            return all(matches(article, each) for each in condition.filters)
        case AnyOf():
            return any(matches(article, each) for each in condition.filters)
        case Not():
            return not matches(article, condition.filter)


def terms(article: Article, field: TermField) -> frozenset[str]:
    """The values of the field, in canonical form."""
    values: dict[TermField, tuple[str | None, ...]] = {
        TermField.TOPIC: article.topics,
        TermField.PROVIDER: (article.provider.domain,),
        TermField.CATEGORY: (article.category,),
        TermField.TYPE: (article.type,),
        TermField.AUTHOR: article.authors,
        TermField.RELATED_URL: tuple(related.web_url for related in article.related),
        TermField.EXTRA: tuple(chain.from_iterable(map(extra_values, article.extras))),
    }
    return frozenset(canonical(value, field) for value in values[field] if value is not None)


def extra_values(extra: Extra) -> Iterator[str]:
    """The name of an extra with its value, and with each item of a list."""
    value = json.loads(extra.value)
    for each in (value, *(value if isinstance(value, list) else ())):
        written = json.dumps(each, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        if len(f"{extra.name}={written}") <= 500:
            yield f"{extra.name}={written}"


def canonical(value: str, field: TermField) -> str:
    """The value in the form in which values of this field are compared; a URL that is none stays as it is."""
    forms: dict[TermField, Callable[[str], str]] = {
        TermField.PROVIDER: canonical_domain,
        TermField.EXTRA: str,
        TermField.RELATED_URL: lambda url: canonical_url_or_none(url) or url,
    }
    return forms.get(field, canonical_topic)(value)


def canonical_url_or_none(url: str) -> str | None:
    try:
        return canonical_url(url)
    except ValueError:
        return None
