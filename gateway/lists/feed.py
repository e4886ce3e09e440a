"""What a feed holds, whichever format it is written in."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Self

import orjson

from indexer.article import Article
from indexer.canonical import canonical_url
from schema.types.image import image_url

_WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An article in a feed. `id` is its webUrl in canonical form: no spelling of the address makes it another item.

    `image` is an absolute address.
    """

    id: str
    url: str
    title: str
    excerpt: str | None
    published: datetime
    topics: tuple[str, ...]
    author: str
    image: str | None

    @classmethod
    def of(cls, article: Article, *, asset_base_url: str | None) -> Self:
        """The article, with its first image that can be shown anywhere."""
        images = (image_url(image, asset_base_url) for image in article.images)
        return cls(
            id=canonical_url(article.web_url),
            url=article.web_url,
            title=article.title,
            excerpt=article.excerpt,
            published=article.published_date_time,
            topics=article.topics,
            author=article.provider.name or article.provider.domain,
            image=next((image for image in images if image.startswith(_WEB)), None),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One page of a feed. `first_url` is where the feed begins, and what identifies it; `url` is where this page is.

    `publisher` is who makes the feed, `home_url` the page for people that it belongs to. `updated` is when
    the newest of its articles was published, or since when it may be empty.
    """

    title: str
    publisher: str
    home_url: str
    first_url: str
    url: str
    next_url: str | None
    updated: datetime
    items: tuple[FeedItem, ...]

    def fingerprint(self) -> str:
        """The same for the same articles, whenever they are asked for: the clock that `next_url` holds is left out."""
        timeless = replace(self, next_url=self.next_url and "")
        return blake2b(orjson.dumps(timeless), digest_size=12).hexdigest()
