"""The address of a post on its site, from its front matter, the name of its file, and a pattern."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from indexer.content.fields.dates import date_in_name
from indexer.content.fields.rules import STYLES, Style

PLACEHOLDERS = (
    *("year", "month", "day", "slug", "path", "folder", "name", "title", "category", "categories", "language"),
)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_JEKYLL_PLACEHOLDER = re.compile(r":([a-z_]+)")
_JEKYLL_NAMES: Mapping[str, str] = {
    **{name: f"{{{name}}}" for name in ("year", "month", "day", "slug", "title", "categories", "path", "name")},
    "i_month": "{i_month}",
    "i_day": "{i_day}",
    "short_year": "{short_year}",
    "output_ext": ".html",
    "filename": "{slug}",
    "sections": "{folder}",
    "section": "{folder}",
    "basename": "{name}",
    "slugified_categories": "{categories}",
    "collection": "posts",
}
_JEKYLL_STYLES = {
    "pretty": "/:categories/:year/:month/:day/:title/",
    "date": "/:categories/:year/:month/:day/:title.html",
    "none": "/:categories/:title.html",
}
_TEMPLATE = re.compile(r"\{\{|\{%|\$\{|<%")
_LANGUAGE = re.compile(r"\.([a-z]{2}(?:-[A-Za-z]{2,4})?)$")
_NO_LANGUAGES = frozenset({"md", "js", "io", "ai", "py", "rb", "rs", "go", "cc", "vs", "ts"})


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a post's file.

    `folder` is where it lies, `slug` the file's name, or that of the folder that holds a post's `index` file. `date` is
    the one in the name, as ISO 8601, or empty; `rest` is the slug without it. `language` is that of `index.fr.md`.
    """

    folder: str
    slug: str
    date: str
    rest: str
    language: str

    @classmethod
    def of(cls, path: str) -> "Name":
        """The name of the file at `path`, below the content folder."""
        stem, language = path.rpartition(".")[0], ""
        if (match := _LANGUAGE.search(stem)) and match[1] not in _NO_LANGUAGES:
            stem, language = stem[: match.start()], match[1]
        stem = re.sub("(^|/)index$", "", stem)
        date, rest = date_in_name(stem)
        folder, _, slug = stem.rpartition("/")
        return cls(folder, slug, date, rest or slug, language)

    @property
    def title(self) -> str:
        """The title that the name suggests: each word of it with a capital letter."""
        return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[-_\s]+", self.rest) if word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post, as far as its address depends on it. `date` is as written, as ISO 8601; the others may be empty."""

    name: Name
    date: str = ""
    slug: str = ""
    title: str = ""
    categories: tuple[str, ...] = ()
    language: str = ""


def address(post: Post, *, written: str, pattern: str, site: str | None, style: Style | None) -> str | None:
    """The address of a post: `written` in its front matter, or else by the pattern, or else by the site's style.

    None where it would be relative, and there is no `site`. An address that a template of the site completes
    (`{{ x }}`) counts as none.
    """
    style = style or STYLES["jekyll" if post.name.date else "hugo"]
    values = _values(post, style)
    if written and not _TEMPLATE.search(written) and written.lower() != "false":
        form = _JEKYLL_STYLES.get(written, written)
        pattern = _JEKYLL_PLACEHOLDER.sub(lambda match: _JEKYLL_NAMES.get(match[1], match[0]), form)
    elif not pattern:
        pattern = f"/{post.name.language}/{style.pattern}"
    return _absolute(_filled(pattern, values), site)


def unknown_placeholders(pattern: str) -> list[str]:
    """The placeholders of a pattern that there are not."""
    return [name for name in _PLACEHOLDER.findall(pattern) if name not in PLACEHOLDERS]


def _values(post: Post, style: Style) -> Mapping[str, str]:
    name = post.name
    year, month, day = (post.date or name.date or "0000-00-00")[:10].split("-")
    slug = post.slug or (name.slug if style.keeps_date else name.rest)
    slug, folder = re.sub(r"\s+", "-", slug.strip("/")), re.sub(r"\s+", "-", name.folder)
    if style.is_lower:
        slug, folder = slug.lower(), folder.lower()
    categories = tuple(map(_slugified, post.categories))
    return {
        "year": year,
        "month": month,
        "day": day,
        "short_year": year[2:],
        "slug": slug,
        "folder": folder,
        "i_month": month.lstrip("0"),
        "i_day": day.lstrip("0"),
        "name": name.slug,
        "path": f"{folder}/{slug}",
        "title": _slugified(post.title) or slug,
        "categories": "/".join(categories),
        "category": next(iter(categories), ""),
        "language": post.language or name.language,
    }


def _filled(pattern: str, values: Mapping[str, str]) -> str:
    """The pattern with values for its placeholders, and single slashes between them."""
    scheme, separator, rest = pattern.rpartition("://")
    filled = _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), rest)
    return f"{scheme}{separator}{re.sub('/{2,}', '/', filled).removesuffix('index.html')}"


def _absolute(url: str, site: str | None) -> str | None:
    if not re.match("https?://", url, re.IGNORECASE):
        if site is None:
            return None
        url = f"{site.rstrip('/')}/{url.lstrip('/')}"
    return url.replace(" ", "%20")


def _slugified(text: str) -> str:
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")
