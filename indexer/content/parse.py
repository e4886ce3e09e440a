"""One content file to an article, or to the problems that keep it from being one."""

from dataclasses import dataclass

from indexer.article import Article, Image, Provider, Related
from indexer.canonical import canonical_key
from indexer.content.draft_switch import SWITCHES, is_draft
from indexer.content.field_reader import FieldReader
from indexer.content.frontmatter import FrontMatterError, read
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
_ARTICLE = _RELATED | {"category", "heat", "topics", "related", "secured", *SWITCHES}


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds: an article, or None where at least one of `problems` is an error.

    `place` is the line and column of the article's webUrl.
    """

    article: Article | None
    problems: tuple[ContentProblem, ...] = ()
    place: tuple[int, int] = (1, 1)


def parse_article(path: str, data: bytes) -> Parsed:
    """Read the file at `path` (relative to the content root, with `/`), whose bytes are `data`."""
    try:
        mapping, body = read(data, all_yaml=path.lower().endswith(_ALL_YAML))
    except FrontMatterError as error:
        return Parsed(None, (error.at(path),))
    problems: list[ContentProblem] = []
    fields = FieldReader(mapping, path=path, problems=problems)
    article = _article(fields, key=key_of(path), body=body)
    failed = any(problem.severity is Severity.ERROR for problem in problems)
    return Parsed(None if failed else article, tuple(problems), fields.place("webUrl"))


def key_of(path: str) -> str:
    """The key of the article in the file at `path`: the path without its suffix, in canonical form."""
    return canonical_key(path.rpartition(".")[0])


def is_content(path: str) -> bool:
    """Whether a file of this name holds an article; suffixes ignore case."""
    return path.lower().endswith(SUFFIXES)


def _article(fields: FieldReader, *, key: str, body: str | None) -> Article:
    published = not is_draft(fields, _ARTICLE)
    fields.expect(_ARTICLE)
    return Article(
        key=key,
        title=fields.required_text("title"),
        excerpt=fields.text("excerpt"),
        body=body,
        category=fields.text("category"),
        type=fields.text("type"),
        published_date_time=fields.required_timestamp("publishedDateTime"),
        web_url=fields.required_url("webUrl"),
        amp_web_url=fields.url("ampWebUrl"),
        cdn_amp_web_url=fields.url("cdnAmpWebUrl"),
        quality=fields.integer("quality"),
        heat=fields.integer("heat"),
        published=published,
        provider=_provider(fields.required_mapping("provider")),
        topics=fields.names("topics"),
        images=_images(fields),
        related=tuple(_related(item) for item in fields.mappings("related")),
    )


def _related(fields: FieldReader) -> Related:
    fields.expect(_RELATED)
    provider = fields.mapping("provider")
    return Related(
        title=fields.required_text("title"),
        excerpt=fields.text("excerpt"),
        published_date_time=fields.timestamp("publishedDateTime"),
        web_url=fields.required_url("webUrl"),
        amp_web_url=fields.url("ampWebUrl"),
        cdn_amp_web_url=fields.url("cdnAmpWebUrl"),
        type=fields.text("type"),
        quality=fields.integer("quality"),
        provider=None if provider is None else _provider(provider),
        images=_images(fields),
    )


def _provider(fields: FieldReader) -> Provider:
    fields.expect(_PROVIDER)
    return Provider(domain=fields.required_domain("domain"), name=fields.text("name"), images=_images(fields))


def _images(fields: FieldReader) -> tuple[Image, ...]:
    return tuple(_image(item) for item in fields.mappings("images"))


def _image(fields: FieldReader) -> Image:
    fields.expect(_IMAGE)
    return Image(
        url=fields.required_image_url("url"),
        width=fields.integer("width"),
        height=fields.integer("height"),
        title=fields.text("title"),
    )
