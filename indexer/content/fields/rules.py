"""The rules by which fields are found in front matter: the names of each, and the form of addresses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from types import MappingProxyType

from indexer.content.markup.nodes import MappingNode

SWITCHES = ("published", "draft")
ADDRESSES = ("webUrl", "ampWebUrl", "cdnAmpWebUrl")
"""The fields that are addresses of the article, and may be patterns."""
OWN = (
    *("title", "excerpt", "category", "type", "publishedDateTime", *ADDRESSES),
    *("quality", "heat", "published", "provider", "topics", "images", "related"),
    *("authors", "updatedDateTime", "language"),
)
"""The fields of an article that a mapping can tell the names of."""
ALL = frozenset({*OWN, *SWITCHES, "secured"})
"""The names that front matter of our own may have."""

WELL_KNOWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "excerpt": ("description", "summary", "abstract", "lead", "subtitle", "metaDescription", "extra.description"),
        "publishedDateTime": (
            *("publishDate", "date", "pubDate", "pubDatetime", "publishedDate", "publishedAt", "publishedOn"),
            *("datePublished", "published", "posted", "created", "createdAt", "dateCreated"),
        ),
        "updatedDateTime": (
            *("lastmod", "updated", "lastUpdated", "updatedDate", "updatedAt", "modified", "lastModified"),
            *("lastModifiedAt", "modDatetime", "dateModified", "modifiedTime", "lastUpdate.date"),
        ),
        "authors": (
            *("author", "authorName", "byline", "writer", "taxonomies.authors"),
            *("extra.author", "extra.authors", "params.author"),
        ),
        "language": ("lang", "locale"),
        "webUrl": ("permalink", "url", "path", "slug"),
        "topics": ("tags", "tag", "categories", "taxonomies.tags", "taxonomies.categories"),
        "images": (
            *("image", "cover", "coverImage", "featuredImage", "featureImage", "heroImage", "hero", "thumbnail"),
            *("banner", "ogImage", "socialImage", "headerImg", "headerImage", "header.image", "header.teaser", "img"),
            *("previewImage", "thumb", "extra.image", "params.image"),
        ),
    }
)
"""The names that other tools give to fields, the best first. Case, hyphens and underscores do not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """The habits of a site generator.

    `pattern` is the address of a post, `keeps_date` whether the date in a file's name is part of the slug,
    `is_lower` whether addresses are in lower case, and `splits_words` whether tags in one text are divided by spaces.
    """

    pattern: str = "/{folder}/{slug}/"
    keeps_date: bool = False
    is_lower: bool = False
    splits_words: bool = False


STYLES: Mapping[str, Style] = MappingProxyType(
    {
        "jekyll": Style(pattern="/{categories}/{year}/{month}/{day}/{slug}.html", splits_words=True),
        "hugo": Style(keeps_date=True, is_lower=True),
        "eleventy": Style(),
        "astro": Style(keeps_date=True, is_lower=True),
        "zola": Style(is_lower=True),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRules:
    """The rules of one folder.

    `site` is the address of the site whose posts they are; `style` is None where it is to be seen by each file.
    `sources` are the names and patterns of the fields that a mapping file tells; `hiders` among its fields for
    `published` are true for drafts. `extra` are the names that are served as they are. `defaults` are the fields that
    each folder gives to the files below it, by its path below the content folder.

    Rules that are lenient are for files that were written for other tools: of these, fields that nobody reads are
    ignored, and those that do not fit, too, where an article can do without.

    Articles have the plain text of their bodies only `with_text`.
    """

    site: str | None = None
    style: Style | None = None
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hiders: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    is_lenient: bool = False
    with_text: bool = False
    defaults: Mapping[str, "Defaults"] = field(default_factory=dict)

    def names(self, name: str) -> tuple[str, ...]:
        """The names under which a field may stand, its own first unless a mapping file says otherwise."""
        return self.sources.get(name) or (name, *WELL_KNOWN.get(name, ()))

    @property
    def switches(self) -> tuple[str, ...]:
        """The names of the fields that tell whether an article is hidden."""
        return (*SWITCHES, *self.sources.get("published", ()), *self.hiders)

    def defaults_of(self, path: str) -> list["Defaults"]:
        """The defaults for the file at `path`, the nearest folder's first."""
        if not self.defaults:
            return []
        folders = (path[: match.start()] for match in reversed([*re.finditer("/", path)]))
        return [self.defaults[folder] for folder in (*folders, "") if folder in self.defaults]

    def context(self, path: str) -> str:
        """A text that changes whenever the same file may be read as another article by other rules."""
        if self == STRICT:
            return ""
        general = replace(self, defaults={})
        text = repr((general, [defaults.digest for defaults in self.defaults_of(path)]))
        return blake2b(text.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Defaults:
    """The fields that a folder gives to the files below it, by their own names, and the digest of the file."""

    fields: MappingNode
    digest: str


STRICT = FieldRules()


def folded(name: str) -> str:
    """The name in the form in which names of other tools are compared.

    >>> folded("cover_image") == folded("coverImage") == folded("Cover-Image")
    True
    """
    return re.sub("[-_ ]", "", name).lower()


def meaning_of(name: str) -> str | None:
    """The field that other tools call by this name."""
    return _MEANINGS.get(folded(name))


_MEANINGS = {folded(name): field for field, names in reversed([*WELL_KNOWN.items()]) for name in reversed(names)}
