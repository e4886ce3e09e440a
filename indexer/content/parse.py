"""One content file to an article, or to the problems that keep it from being one."""

from dataclasses import dataclass
from datetime import UTC, datetime

from indexer.article import Article, Image, Provider, Related
from indexer.canonical import canonical_key
from indexer.content.fields.draft_switch import SWITCHES, is_draft
from indexer.content.fields.field_reader import FieldReader
from indexer.content.fields.field_values import (
    absolute_url,
    domain,
    excerpt,
    image_url,
    integer,
    timestamp,
    title,
    topic,
)
from indexer.content.markup.frontmatter import read
from indexer.content.markup.markdown import first_paragraph
from indexer.content.markup.mistakes import FrontMatterError
from indexer.errors import ContentProblem, Severity

SUFFIXES = (".md", ".markdown", ".yaml", ".yml")
_ALL_YAML = (".yaml", ".yml")

_IMAGE = frozenset({"url", "width", "height", "title"})
_PROVIDER = frozenset({"name", "domain", "images"})
_RELATED = frozenset(
    {
        *("title", "excerpt", "publishedDateTime", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "type", "quality"),
        *("provider", "images"),
    }
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ARTICLE = _RELATED | {"category", "heat", "topics", "related", "secured", *SWITCHES}


@dataclass(frozen=True, slots=True)
class Parsed:
    """The article in a file, None where at least one of `problems` is an error; `location` is that of its webUrl."""

    article: Article | None
    problems: tuple[ContentProblem, ...] = ()
    location: tuple[int, int] = (1, 1)  # line and column


def parse_article(path: str, data: bytes) -> Parsed:
    """Read the file at `path` (relative to the content root, with `/`), whose bytes are `data`."""
    try:
        mapping, body, warnings = read(data, all_yaml=path.lower().endswith(_ALL_YAML))
    except FrontMatterError as error:
        return Parsed(None, (error.mistake.at(path),))
    problems = [warning.at(path) for warning in warnings]
    fields = FieldReader(mapping, path=path, problems=problems)
    article = _article(fields, key=key_of(path), body=body)
    failed = any(problem.severity is Severity.ERROR for problem in problems)
    return Parsed(None if failed else article, tuple(problems), fields.location("webUrl"))


def key_of(path: str) -> str:
    """The key of the article in the file at `path`: the path without its suffix, in canonical form."""
    return canonical_key(path.rpartition(".")[0])


def is_content(path: str) -> bool:
    """Tell whether a file of this name is content, by its suffix in any case."""
    return path.lower().endswith(SUFFIXES)


def _article(fields: FieldReader, *, key: str, body: str | None) -> Article:
    published = not is_draft(fields, _ARTICLE)
    fields.expect(_ARTICLE)
    summary = fields.value("excerpt", excerpt)
    return Article(
        key=key,
        title=fields.required("title", title, ""),
        excerpt=summary,
        body=body,
        lead=first_paragraph(body) if body and not summary else None,
        category=fields.text("category"),
        type=fields.text("type"),
        published_date_time=fields.required("publishedDateTime", timestamp, _EPOCH),
        web_url=fields.required("webUrl", absolute_url, ""),
        amp_web_url=fields.value("ampWebUrl", absolute_url),
        cdn_amp_web_url=fields.value("cdnAmpWebUrl", absolute_url),
        quality=fields.value("quality", integer),
        heat=fields.value("heat", integer),
        published=published,
        provider=_provider(fields.required_mapping("provider")),
        topics=fields.names("topics", topic),
        images=_images(fields),
        related=tuple(_related(item) for item in fields.mappings("related")),
    )


def _related(fields: FieldReader) -> Related:
    fields.expect(_RELATED)
    provider = fields.mapping("provider")
    return Related(
        title=fields.required("title", title, ""),
        excerpt=fields.value("excerpt", excerpt),
        published_date_time=fields.value("publishedDateTime", timestamp),
        web_url=fields.required("webUrl", absolute_url, ""),
        amp_web_url=fields.value("ampWebUrl", absolute_url),
        cdn_amp_web_url=fields.value("cdnAmpWebUrl", absolute_url),
        type=fields.text("type"),
        quality=fields.value("quality", integer),
        provider=None if provider is None else _provider(provider),
        images=_images(fields),
    )


def _provider(fields: FieldReader) -> Provider:
    fields.expect(_PROVIDER)
    return Provider(domain=fields.required("domain", domain, ""), name=fields.text("name"), images=_images(fields))


def _images(fields: FieldReader) -> tuple[Image, ...]:
    return tuple(_image(item) for item in fields.mappings("images"))


def _image(fields: FieldReader) -> Image:
    fields.expect(_IMAGE)
    return Image(
        url=fields.required("url", image_url, ""),
        width=fields.value("width", integer),
        height=fields.value("height", integer),
        title=fields.text("title"),
    )
