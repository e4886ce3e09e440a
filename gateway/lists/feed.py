"""A feed and its items, for every format."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Self

import orjson

from indexer.article import Article
from indexer.canonical import canonical_url
from schema.types.image import image_url


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An article in a feed. `id` is its webUrl in canonical form, so another spelling of the address is the same item.

    `updated` is no earlier than `published`; `authors` are at least one, the provider where nobody is named. `image` is
    an absolute address.
    """

    id: str
    url: str
    title: str
    summary: str | None
    published: datetime
    updated: datetime
    topics: tuple[str, ...]
    authors: tuple[str, ...]
    language: str | None
    image: str | None

    @classmethod
    def of(cls, article: Article, *, asset_base_url: str, now: datetime) -> Self:
        """The item of an article, with its first image. A change after `now` is none."""
        published, changed = article.published_date_time, article.updated_date_time
        return cls(
            id=canonical_url(article.web_url),
            url=article.web_url,
            title=article.title,
            summary=article.summary,
            published=published,
            updated=changed if changed and published < changed <= now else published,
            topics=article.topics,
            authors=article.authors or (article.provider.name or article.provider.domain,),
            language=article.language,
            image=image_url(article.images[0], asset_base_url) if article.images else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """One page of a feed. `first_url` is the address of the first page and identifies the feed; `url` is this page's.

    `publisher` is the feed's author, `home_url` its page for people. `updated` is the time of the newest change; of an
    empty feed, that of the build.
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
        """A hash of the page that is the same at any time: the clock within `next_url` is left out."""
        timeless = replace(self, next_url=self.next_url and "")
        return blake2b(orjson.dumps(timeless), digest_size=12).hexdigest()
