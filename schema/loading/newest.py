"""Providers and topics, and other values, as the newest article that has them writes them."""

from datetime import datetime

from indexer.article import Article, Provider
from indexer.canonical import canonical_topic
from indexer.search.engine import SearchEngine
from indexer.search.filters import TermField


class Newest:
    """The newest articles that are visible at `now`, by a value. In one request, each value has one article."""

    def __init__(self, engine: SearchEngine, now: datetime) -> None:
        self._engine = engine
        self._now = now
        self._articles: dict[tuple[TermField, str], Article | None] = {}

    def provider(self, domain: str) -> Provider | None:
        """The provider with this domain; None where it has no article."""
        article = self.article(TermField.PROVIDER, domain)
        return article.provider if article else None

    def provider_of(self, article: Article) -> Provider:
        """The provider of an article."""
        # A generation that was swapped in meanwhile may have no article of the provider any more.
        return self.provider(article.provider.domain) or article.provider

    def topic(self, name: str) -> str | None:
        """The topic with this name, in any spelling; None where no article has it."""
        return self.spelling(TermField.TOPIC, name)

    def spelling(self, field: TermField, value: str) -> str | None:
        """A value as its newest article writes it: a provider's name, or its domain where it has none."""
        article = self.article(field, value)
        return _written(article, field, canonical_topic(value)) if article else None

    def article(self, field: TermField, value: str) -> Article | None:
        """The newest article with a value."""
        key = field, value
        if key not in self._articles:
            self._articles[key] = self._engine.newest(field, value, now=self._now)
        return self._articles[key]


def _written(article: Article, field: TermField, canonical: str) -> str | None:
    match field:
        case TermField.TOPIC:
            return article.topic_named(canonical)
        case TermField.PROVIDER:
            return article.provider.name or article.provider.domain
        case TermField.CATEGORY:
            return article.category
        case TermField.TYPE:
            return article.type
        case TermField.AUTHOR:
            return article.author_named(canonical)
        case TermField.RELATED_URL | TermField.EXTRA:
            return None
