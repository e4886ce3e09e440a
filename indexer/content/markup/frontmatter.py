"""A content file's bytes to its front matter as a tree with places, and its body."""

import re
from codecs import BOM_UTF8
from pathlib import Path
from typing import NamedTuple

from indexer.content.markup.json_text import begins_json, read_json
from indexer.content.markup.lines import position, with_line_feeds
from indexer.content.markup.mistakes import FrontMatterError, Mistake
from indexer.content.markup.nodes import Form, MappingNode
from indexer.content.markup.toml_text import read_toml
from indexer.content.markup.yaml_text import YamlText, read_yaml

MAX_BYTES = 1_000_000
MAX_NODES = 20_000

_OPENING = re.compile(r"(---|\+\+\+)(\w*)[ \t]*$", re.MULTILINE)
_CLOSING = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
_LANGUAGES = {("---", ""): "yaml", ("+++", ""): "toml", **{("---", name): name for name in ("yaml", "toml", "json")}}

_ARTICLE = Form(
    name="the front matter",
    needed="give at least title, publishedDateTime, webUrl and provider",
    unit="article",
    max_bytes=MAX_BYTES,
    max_nodes=MAX_NODES,
)
_POST = _ARTICLE._replace(last_counts=True)  # as generators read it


class FrontMatter(NamedTuple):
    """A content file taken apart. `body` is the text below the front matter, None where there is none.

    `warnings` are of legal YAML that leaves out some of what is written.
    """

    mapping: MappingNode
    body: str | None
    warnings: tuple[Mistake, ...]


def read(data: bytes, *, all_yaml: bool, is_lenient: bool = False) -> FrontMatter:
    """Take a content file apart: YAML between lines `---`, TOML between lines `+++`, or a JSON object.

    Where `all_yaml`, the whole file is the mapping and there is no body. The lines of the body end with line feeds.
    Where `is_lenient`, a field may be given twice.
    Raises FrontMatterError with the place where reading failed.
    """
    form = _POST if is_lenient else _ARTICLE
    if all_yaml:
        return read_mapping(data, form)
    text = _decoded(data, form)
    if begins_json(text):
        front, end = read_json(text, form)
        return _with_body(front, text[end:])
    opening = _OPENING.match(text)
    if not opening:
        raise FrontMatterError(Mistake("the file does not begin with front matter", "begin it with a line ---"))
    fence, name = opening.groups()
    language = _LANGUAGES.get((fence, name.lower()))
    if language is None:
        reason = f"front matter in {name} cannot be read"
        raise FrontMatterError(Mistake(reason, "write it in YAML, below a line ---", 1, len(fence) + 1))
    closing = _CLOSING[fence].search(text, opening.end())
    if not closing:
        last_line, _ = position(text, len(text.rstrip()))
        raise FrontMatterError(Mistake("the front matter does not end", f"end it with a line {fence}", last_line))
    front = _READERS[language](text[opening.end() : closing.start()], form)
    return _with_body(front, text[closing.end() :])


def read_mapping(data: bytes, form: Form) -> FrontMatter:
    """Take a file apart that is one YAML mapping. Raises FrontMatterError as `read` does."""
    return _with_body(read_yaml(_decoded(data, form), form), "")


def read_file(path: Path, form: Form, *, remedy: str) -> FrontMatter:
    """The mapping in a file that an operator names. Raises FrontMatterError, with `remedy` where it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(form.max_bytes + 1)
    except OSError as error:
        raise FrontMatterError(Mistake(f"cannot be read: {error.strerror}", remedy)) from error
    return read_mapping(data, form)


def begins_toml(data: bytes) -> bool:
    """Tell whether the front matter of a file is in TOML."""
    opening = _OPENING.match(data[:100].decode(errors="replace").removeprefix("\ufeff").replace("\r", "\n"))
    return opening is not None and _LANGUAGES.get((opening[1], opening[2].lower())) == "toml"


def has_front_matter(data: bytes) -> bool:
    """Tell whether a file begins as `read` expects."""
    text = data[:1000].decode(errors="replace").removeprefix("\ufeff")
    return bool(_OPENING.match(with_line_feeds(text))) or begins_json(text)


def _with_body(front: YamlText, text: str) -> FrontMatter:
    return FrontMatter(front.mapping, text.strip("\n") or None, front.warnings)


def _json_within_fences(text: str, form: Form) -> YamlText:
    return read_json(text, form)[0]


def _decoded(data: bytes, form: Form) -> str:
    if len(data) > form.max_bytes:
        reason = f"the file has more than {form.max_bytes:,} bytes"
        raise FrontMatterError(Mistake(reason, f"shorten it, or split the {form.unit}"))
    data = data.removeprefix(BOM_UTF8)
    try:
        return with_line_feeds(data.decode())
    except UnicodeDecodeError as error:
        before = with_line_feeds(data[: error.start].decode())
        reason, remedy = f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file in UTF-8"
        raise FrontMatterError(Mistake(reason, remedy, *position(before, len(before)))) from error


_READERS = {"yaml": read_yaml, "toml": read_toml, "json": _json_within_fences}
