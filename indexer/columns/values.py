"""The values, addresses and numbers of an article, in the forms in which they are compared."""

from collections.abc import Sequence
from typing import assert_never

from indexer.article import Article
from indexer.canonical import canonical_domain, canonical_topic, canonical_url
from indexer.columns.numbers import MISSING
from indexer.search.filters import NumberField, TermField


def values_of(article: Article, field: TermField) -> list[str]:
    """The different values that an article has in a field, in canonical form, sorted."""
    return sorted({canonical_value(field, value) for value in _values(article, field) if value})


def canonical_value(field: TermField, value: str) -> str:
    """The value in the form in which values of `field` are compared; a text that is no URL stays as it is."""
    match field:
        case TermField.PROVIDER:
            return canonical_domain(value)
        case TermField.RELATED_URL:
            try:
                return canonical_url(value)
            except ValueError:
                return value
        case TermField.TOPIC | TermField.CATEGORY | TermField.TYPE | TermField.AUTHOR:
            return canonical_topic(value)
        case TermField.EXTRA:
            return value


def urls_of(article: Article) -> list[str]:
    """The canonical URLs by which an article can be found."""
    urls = (article.web_url, article.amp_web_url, article.cdn_amp_web_url)
    return sorted({canonical_url(url) for url in urls if url})


def number_of(article: Article, field: NumberField) -> int:
    """The number that an article has in a field, `MISSING` where it has none."""
    match field:
        case NumberField.QUALITY:
            number = article.quality
        case NumberField.HEAT:
            number = article.heat
        case _:
            assert_never(field)
    return MISSING if number is None else number


def _values(article: Article, field: TermField) -> Sequence[str | None]:  # noqa: PLR0911 - one for each field
    match field:
        case TermField.TOPIC:
            return article.topics
        case TermField.PROVIDER:
            return [article.provider.domain]
        case TermField.CATEGORY:
            return [article.category]
        case TermField.TYPE:
            return [article.type]
        case TermField.RELATED_URL:
            return [related.web_url for related in article.related]
        case TermField.AUTHOR:
            return article.authors
        case TermField.EXTRA:
            return [term for extra in article.extras for term in extra.terms]
