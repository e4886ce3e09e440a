"""Articles and their parts, as immutable values."""

from datetime import datetime

import orjson
from msgspec import Struct

from indexer.canonical import canonical_topic

_LONGEST_TERM = 500
_EXACT = 2**53  # from here on, floats are not all whole numbers


class Image(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A picture. `url` is absolute, or relative to the site when it begins with `/`; sizes are in pixels."""

    url: str
    width: int | None = None
    height: int | None = None
    title: str | None = None


class Provider(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A publisher. `domain` is lower case and identifies the provider."""

    domain: str
    name: str | None = None
    images: tuple[Image, ...] = ()


class Related(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
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


class Extra(Struct, frozen=True, gc=False):
    """A field of front matter that is served as it is. `value` is JSON, with the keys of objects in order."""

    name: str
    value: str

    @classmethod
    def of(cls, name: str, value: object) -> "Extra":
        """The extra with a value that JSON can hold."""
        return cls(name, _json(value))

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms by which articles with this extra are found: of its value, and of the items of a list."""
        value = orjson.loads(self.value)
        items = value if isinstance(value, list) else ()
        terms = (extra_term(self.name, self.value), *(extra_term(self.name, _json(item)) for item in items))
        return tuple(term for term in terms if len(term) <= _LONGEST_TERM)


def extra_term(name: str, value: str) -> str:
    """The term of an extra; `value` is JSON."""
    return f"{name}={value}"


def _json(value: object) -> str:
    """JSON in the one form in which equal values are equal: 2.0 is 2, and keys have an order."""
    return orjson.dumps(_plain(value), option=orjson.OPT_SORT_KEYS).decode()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return list(map(_plain, value))
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else value


class Article(Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One news article.

    `key` is the file's path below the content root without its suffix, with `/` between folders.
    `published_date_time` is in UTC. `published` is false for a draft. `topics` keep their order and hold no two names
    that differ by case only. `body` is Markdown. As plain text, `lead` is its first paragraph, where there is no
    excerpt, and `text` all of it, where bodies are searched. `language` is a code like `en-GB`.
    """

    key: str
    title: str
    published_date_time: datetime
    web_url: str
    provider: Provider
    excerpt: str | None = None
    body: str | None = None
    lead: str | None = None
    text: str | None = None
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
    authors: tuple[str, ...] = ()
    updated_date_time: datetime | None = None
    language: str | None = None
    extras: tuple[Extra, ...] = ()

    @property
    def summary(self) -> str | None:
        """The excerpt, or the lead that stands in for it."""
        return self.excerpt or self.lead

    def topic_named(self, canonical: str) -> str | None:
        """The topic as the article spells it whose canonical form is `canonical`."""
        return next((topic for topic in self.topics if canonical_topic(topic) == canonical), None)

    def author_named(self, canonical: str) -> str | None:
        """The author as the article spells it whose canonical form is `canonical`."""
        return next((author for author in self.authors if canonical_topic(author) == canonical), None)
