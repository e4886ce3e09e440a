"""Articles and their parts, as immutable values."""

from dataclasses import dataclass
from datetime import datetime

from indexer.canonical import canonical_topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture. `url` is absolute, or relative to the site when it begins with `/`; sizes are in pixels."""

    url: str
    width: int | None = None
    height: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A publisher. `domain` is lower case and identifies the provider."""

    domain: str
    name: str | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """An article as another one quotes it. The full article may or may not be in the index."""

    title: str
    web_url: str
    excerpt: str | None = None
    published_date_time: datetime | None = None
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None
    type: str | None = None
    quality: int | None = None
    provider: Provider | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article.

    `key` is the file's path below the content root without its suffix, with `/` between folders.
    `published_date_time` is in UTC. `published` is false for a draft. `topics` keep their order and hold no two names
    that differ by case only. `body` is Markdown, and `lead` the first paragraph of it as plain text, where there is no
    excerpt.
    """

    key: str
    title: str
    published_date_time: datetime
    web_url: str
    provider: Provider
    excerpt: str | None = None
    body: str | None = None
    lead: str | None = None
    category: str | None = None
    type: str | None = None
    quality: int | None = None
    heat: int | None = None
    published: bool = True
    amp_web_url: str | None = None
    cdn_amp_web_url: str | None = None
    topics: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    related: tuple[Related, ...] = ()

    @property
    def summary(self) -> str | None:
        """The excerpt, or the lead that stands in for it."""
        return self.excerpt or self.lead

    def topic_named(self, canonical: str) -> str | None:
        """The topic as the article spells it whose canonical form is `canonical`."""
        return next((topic for topic in self.topics if canonical_topic(topic) == canonical), None)
