"""Providers and topics, and other values, as the newest article that has them writes them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from graphql.pyutils import AwaitableOrValue

from indexer.article import Article, Provider
from indexer.canonical import canonical_topic
from indexer.search.engine import AtHand, SearchEngine
from indexer.search.filters import TermField
from schema.loading.loader import Loader, Loading, Shaped

_Value = tuple[TermField, str]
_Found = Article | Loading[_Value, Article | None] | None
_Shaped = TypeVar("_Shaped")


class Newest:
    """The newest articles that are visible at `now`, by a value. In one request, each value has one article.

    Those that the engine has at hand are there at once. All others that are asked for together are looked up together,
    and awaited.
    """

    def __init__(self, engine: SearchEngine, now: datetime) -> None:
        self._engine = engine
        self._now = now
        self._articles: dict[_Value, _Found] = {}
        self._loader = _newest_loader(engine, now)

    def provider(self, domain: str) -> AwaitableOrValue[Provider | None]:
        """The provider with this domain; None where it has no article."""
        return _shaped(self._article(TermField.PROVIDER, domain), _provider)

    def provider_of(self, article: Article) -> AwaitableOrValue[Provider]:
        """The provider of an article."""
        # A generation that was swapped in meanwhile may have no article of the provider any more.
        newest = self._article(TermField.PROVIDER, article.provider.domain)
        if isinstance(newest, Loading):
            return Shaped(newest, lambda found: _provider(found) or article.provider)
        return newest.provider if newest else article.provider

    def topic(self, name: str) -> AwaitableOrValue[str | None]:
        """The topic with this name, in any spelling; None where no article has it."""
        return self.spelling(TermField.TOPIC, name)

    def spelling(self, field: TermField, value: str) -> AwaitableOrValue[str | None]:
        """A value as its newest article writes it: a provider's name, or its domain where it has none."""
        canonical = canonical_topic(value)

        def written(article: Article | None) -> str | None:
            return _written(article, field, canonical) if article else None

        return _shaped(self._article(field, value), written)

    def _article(self, field: TermField, value: str) -> _Found:
        """The newest article with a value, or the loading of it."""
        key = field, value
        if key in self._articles:
            known = self._articles[key]
            if isinstance(known, Loading) and known.batch.is_settled:
                known = self._articles[key] = known.result()
            return known
        article = self._engine.newest(field, value, now=self._now)
        found = self._articles[key] = self._loader.load(key) if article is AtHand.NOT else article
        return found


def _newest_loader(engine: SearchEngine, now: datetime) -> Loader[_Value, Article | None]:
    async def find(values: list[_Value]) -> Sequence[Article | None]:
        return await engine.find_newest(values, now=now)

    return Loader(find)


def _shaped(found: _Found, shape: Callable[[Article | None], _Shaped]) -> AwaitableOrValue[_Shaped]:
    return Shaped(found, shape) if isinstance(found, Loading) else shape(found)


def _provider(article: Article | None) -> Provider | None:
    return article.provider if article else None


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
