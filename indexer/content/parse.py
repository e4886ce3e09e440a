"""One content file to an article, or to the problems that keep it from being one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from msgspec import structs

from indexer.article import Article, Image, Provider, Related
from indexer.canonical import canonical_key
from indexer.content.fields.draft_switch import is_draft
from indexer.content.fields.extras import extras
from indexer.content.fields.field_reader import FieldReader
from indexer.content.fields.field_values import (
    absolute_url,
    author,
    domain,
    excerpt,
    image_url,
    integer,
    language,
    timestamp,
    title,
    topic,
)
from indexer.content.fields.rules import ALL, STRICT, FieldRules, folded
from indexer.content.fields.translation import translated
from indexer.content.markup.frontmatter import begins_toml, has_front_matter, read
from indexer.content.markup.markdown import first_paragraph, plain_text
from indexer.content.markup.mistakes import FrontMatterError, Mistake
from indexer.content.markup.nodes import MappingNode, Node, Scalar
from indexer.content.markup.page import first_page_paragraph, page_text
from indexer.content.markup.templates import text_to_read
from indexer.content.markup.toml_text import remedy_in_toml
from indexer.errors import ContentProblem, Severity

SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdx", ".html", ".yaml", ".yml")
_ALL_YAML = (".yaml", ".yml")
_PAGES = (".html",)
_MODULES = (".mdx",)
_MOST_FOR_LEAD = 20_000  # characters; a first paragraph is looked for in fewer

_IMAGE = frozenset({"url", "width", "height", "title"})
_PROVIDER = frozenset({"name", "domain", "images"})
_RELATED = frozenset(
    {
        *("title", "excerpt", "publishedDateTime", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "type", "quality"),
        *("provider", "images"),
    }
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STAND_INS = {"title": "x", "publishedDateTime": "2020-01-01", "webUrl": "https://x.example", "domain": "x.example"}
_ADDRESS_REMEDY = "give it a webUrl of its own"
_IGNORE = "list it in .newsstandignore if it is no article"
_REMEDIES = {
    "publishedDateTime": "add `publishedDateTime:` with a value, or begin the file's name with the date",
    "webUrl": "add `webUrl:` with a value, or name the site of all files by --site",
    "provider": "add `provider:` with a value, or name the site of all files by --site",
}
_LENIENT_REMEDIES = {
    **_REMEDIES,
    "publishedDateTime": f"add `date:` with a value, begin the file's name with the date, or {_IGNORE}",
}


@dataclass(frozen=True, slots=True)
class Parsed:
    """The article in a file, None where at least one of `problems` is an error, or where the file is no article.

    `location` is that of its webUrl, and `ignored` are the fields that lenient rules read nothing from.
    `address_remedy` is for an address that another file has.
    """

    article: Article | None
    problems: tuple[ContentProblem, ...] = ()
    location: tuple[int, int] = (1, 1)  # line and column
    ignored: tuple[str, ...] = ()
    address_remedy: str = _ADDRESS_REMEDY


def parse_article(path: str, data: bytes, rules: FieldRules = STRICT) -> Parsed:
    """Read the file at `path` (relative to the content root, with `/`), whose bytes are `data`, by `rules`."""
    all_yaml = path.lower().endswith(_ALL_YAML)
    if path.lower().endswith(_PAGES) and not has_front_matter(data):
        return Parsed(None, (_no_article(path, "has no front matter"),))
    try:
        front, body, warnings = read(data, all_yaml=all_yaml, is_lenient=rules.is_lenient)
    except FrontMatterError as error:
        return Parsed(None, (error.mistake.at(path),))
    mapping, ignored = translated(front, path=path, body=body, rules=rules)
    if rules.is_lenient and all_yaml and not {"title", "publishedDateTime"} & mapping.keys.keys():
        return Parsed(None, (_no_article(path, "has neither a title nor a date"),))
    problems = [warning.at(path) for warning in warnings]
    remedies = _LENIENT_REMEDIES if rules.is_lenient else _REMEDIES
    fields = FieldReader(mapping, path=path, problems=problems, remedies=remedies)
    article = _article(fields, key=key_of(path), body=body, switches=rules.switches)
    if not article.published:
        problems += _other_word_for_draft(mapping, path, rules.switches)
    if rules.extra:
        article = structs.replace(article, extras=tuple(extras(front, rules.extra, path=path, problems=problems)))
    failed = any(problem.severity is Severity.ERROR for problem in problems)
    if begins_toml(data):
        problems = [replace(problem, remedy=remedy_in_toml(problem.remedy)) for problem in problems]
    remedy = _ADDRESS_REMEDY
    if rules.is_lenient:
        remedy = f"its address is {article.web_url}; give it a permalink or a slug of its own"
    served = None if failed else _with_plain_text(article, path, rules)
    return Parsed(served, tuple(problems), fields.location("webUrl"), ignored, remedy)


def _other_word_for_draft(mapping: MappingNode, path: str, switches: Sequence[str]) -> Iterator[ContentProblem]:
    """A warning where a post is hidden by a field that its generator may take for something else."""
    key, node = mapping.keys.get("published"), mapping.values.get("published")
    if key and node and folded(key.text or "") not in map(folded, switches):
        remedy = "write `draft: true` if that is meant, or remove it to serve the article"
        place = node.mark.line + 1, node.mark.column + 1
        yield Mistake("hides the article", remedy, *place, key.text or "", Severity.WARNING).at(path)


def field_problems(mapping: MappingNode, path: str, switches: Sequence[str]) -> list[ContentProblem]:
    """The problems of fields that are no whole article."""
    problems: list[ContentProblem] = []
    others = {name: Scalar(text, mapping.mark) for name, text in _STAND_INS.items()}
    provider: dict[str, Node] = {"provider": MappingNode({"domain": others.pop("domain")}, {}, mapping.mark)}
    whole = MappingNode({**others, **provider, **mapping.values}, mapping.keys, mapping.mark)
    fields = FieldReader(whole, path=path, problems=problems)
    _article(fields, key="", body=None, switches=switches)
    return problems


def _with_plain_text(article: Article, path: str, rules: FieldRules) -> Article:
    """The article with its lead, where it has no excerpt, and with its text, where the rules ask for it."""
    body = article.body
    if not body or (article.excerpt and not rules.with_text):
        return article
    if rules.is_lenient:
        to_read = body if rules.with_text else body[:_MOST_FOR_LEAD]
        body = text_to_read(to_read, is_mdx=path.lower().endswith(_MODULES))
    lead, text = (first_page_paragraph, page_text) if path.lower().endswith(_PAGES) else (first_paragraph, plain_text)
    return structs.replace(
        article, lead=None if article.excerpt else lead(body), text=text(body) if rules.with_text else None
    )


def _no_article(path: str, reason: str) -> ContentProblem:
    remedy = f"begin it with a line --- and a title, or {_IGNORE}"
    return ContentProblem(path=path, reason=reason, remedy=remedy, severity=Severity.WARNING)


def key_of(path: str) -> str:
    """The key of the article in the file at `path`: the path without its suffix, in canonical form."""
    return canonical_key(path.rpartition(".")[0])


def is_content(path: str) -> bool:
    """Tell whether a file of this name is content, by its suffix in any case."""
    return path.lower().endswith(SUFFIXES)


def _article(fields: FieldReader, *, key: str, body: str | None, switches: Sequence[str]) -> Article:
    published = not is_draft(fields, ALL, switches)
    fields.expect(ALL)
    return Article(
        key=key,
        title=fields.required("title", title, ""),
        excerpt=fields.value("excerpt", excerpt),
        body=body,
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
        authors=fields.names("authors", author),
        updated_date_time=fields.value("updatedDateTime", timestamp),
        language=fields.value("language", language),
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
