"""The YAML door: a content file's bytes to its front matter as a tree with places, and its Markdown body.

Reads libyaml's events instead of loading values: each scalar stays the text that was written (a topic `NO` is no
boolean, a title `2020` no number), each node knows its line and column, and limits hold while the text is read.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import NamedTuple, Protocol, cast

import yaml

from indexer.errors import ContentProblem

MAX_BYTES = 1_000_000
MAX_DEPTH = 12
MAX_NODES = 20_000
MAX_ALIASES = 100
MAX_NAME = 200

_FENCE = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_FIELD = re.compile(r"^([^\s#:-][^:\n]*):", re.MULTILINE)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # YAML 1.1, section 5.1
_ESCAPE = re.compile(r"\\(?:x(..)|u(....)|U(........)|(.))", re.DOTALL)
_LETTERS = {"0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "v": "\v", "f": "\f"}
_NULLS = ("", "~", "null", "Null", "NULL")
_YAML_TAG = "tag:yaml.org,2002:"  # what !! stands for
_SCALAR_TAGS = ("!", *(f"{_YAML_TAG}{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")))
_REMEDIES = (
    ("mapping values are not allowed", "put the value in double quotes, because it holds a colon"),
    ("cannot start any token", "put the value in double quotes, and indent with spaces, never tabs"),
    ("quoted scalar", "close the quotation mark"),
    ("expected ',' or", "close the bracket, and put a comma between two entries"),
    ("while scanning an alias", "put the value in double quotes, because it begins with an asterisk"),
    ("while scanning an anchor", "put the value in double quotes, because it begins with an ampersand"),
    ("did not find expected node content", "write a value here, in double quotes if it begins with a bracket"),
    ("did not find expected key", "indent fields of one mapping alike, and put no double quotes within double quotes"),
)
_UNCLOSED = ("quoted scalar", "expected ',' or")  # whose place is where the mark or bracket opens


class FrontMatterError(Exception):
    """The front matter cannot be read. `line` and `column` count from 1, in the whole file."""

    def __init__(self, reason: str, remedy: str, *, line: int = 1, column: int = 1, field: str = "") -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy
        self.line, self.column, self.field = line, column, field

    def at(self, path: str) -> ContentProblem:
        """The same as a problem of the file at `path`."""
        return ContentProblem(
            path=path,
            line=self.line,
            column=self.column,
            field=self.field,
            reason=self.reason,
            remedy=self.remedy,
        )


class Mark(Protocol):
    """A place in the text: index, line and column, counted from 0."""

    @property
    def index(self) -> int:
        """The number of characters before it."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The column."""


class _Event(Protocol):
    """An event of libyaml that begins a node; other kinds lack what they have no use for."""

    anchor: str | None
    tag: str | None
    value: str
    implicit: tuple[bool, bool]
    style: str | None
    start_mark: Mark
    end_mark: Mark


class Scalar(NamedTuple):
    """A single value as written; None where nothing was (`field:`, `~` or `null`)."""

    text: str | None
    mark: Mark


class SequenceNode(NamedTuple):
    """A list."""

    items: tuple["Node", ...]
    mark: Mark


class MappingNode(NamedTuple):
    """Named values. `keys` has the place of each name."""

    values: dict[str, "Node"]
    keys: dict[str, Scalar]
    mark: Mark


Node = Scalar | SequenceNode | MappingNode


class Form(NamedTuple):
    """What a file is, for its messages, and how much of it is read. `needed` is what to write into an empty one."""

    name: str
    needed: str
    unit: str  # of which there is one a file
    max_bytes: int
    max_nodes: int


_ARTICLE = Form(
    name="the front matter",
    needed="give at least title, publishedDateTime, webUrl and provider",
    unit="article",
    max_bytes=MAX_BYTES,
    max_nodes=MAX_NODES,
)


class FrontMatter(NamedTuple):
    """A content file taken apart. `body` is the Markdown below the front matter, None where there is none."""

    mapping: MappingNode
    body: str | None


def read(data: bytes, *, all_yaml: bool) -> FrontMatter:
    """Take a content file apart. Where `all_yaml`, the whole file is the mapping and there is no body.

    Raises FrontMatterError with the place where reading failed.
    """
    if all_yaml:
        return FrontMatter(read_mapping(data, _ARTICLE), None)
    text = _decoded(data, _ARTICLE)
    opening = _FENCE.match(text)
    if not opening:
        raise FrontMatterError("the file does not begin with front matter", "begin it with a line ---")
    closing = _FENCE.search(text, opening.end())
    if not closing:
        last_line = text.rstrip().count("\n") + 1
        raise FrontMatterError("the front matter does not end", "end it with a line ---", line=last_line)
    body = text[closing.end() :].strip("\r\n")
    return FrontMatter(_Tree(text[opening.end() : closing.start()], _ARTICLE).mapping(), body or None)


def read_mapping(data: bytes, form: Form) -> MappingNode:
    """Take a file apart that is one YAML mapping. Raises FrontMatterError as `read` does."""
    return _Tree(_decoded(data, form), form).mapping()


def _decoded(data: bytes, form: Form) -> str:
    if len(data) > form.max_bytes:
        reason = f"the file has more than {form.max_bytes:,} bytes"
        raise FrontMatterError(reason, f"shorten it, or split the {form.unit}")
    data = data.removeprefix(BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        raise FrontMatterError(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            "save the file in UTF-8",
            line=before.count("\n") + 1,
            column=len(before) - before.rfind("\n"),
        ) from error


class _Tree:
    """Builds the tree of one YAML text from libyaml's events, without recursion into what is too deep."""

    def __init__(self, text: str, form: Form) -> None:
        self._text = text
        self._form = form
        self._anchors: dict[str, Node] = {}
        self._nodes = self._aliases = self._depth = 0
        self._field = ""

    def mapping(self) -> MappingNode:
        loader = yaml.CSafeLoader(self._text)
        self._next: Callable[[], _Event] = cast("Callable[[], _Event]", loader.get_event)
        try:
            return self._root()
        except yaml.reader.ReaderError as error:
            raise self._forbidden_character(error) from error
        except yaml.MarkedYAMLError as error:
            raise self._syntax_error(error) from error
        finally:
            loader.dispose()

    def _root(self) -> MappingNode:
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise FrontMatterError(f"{self._form.name} is empty", self._form.needed)
        first = self._next()
        root = self._node(first)
        self._field = ""
        if not isinstance(root, MappingNode):
            raise self._refused(first, f"{self._form.name} is not a mapping", "write it as lines of `field: value`")
        self._next()  # the document's end
        if not isinstance(end := self._next(), yaml.StreamEndEvent):
            raise self._refused(end, "a second YAML document begins here", f"keep one {self._form.unit} a file")
        return root

    def _forbidden_character(self, error: yaml.reader.ReaderError) -> FrontMatterError:
        """The problem, which libyaml counts in bytes and comes upon while it reads ahead of its events."""
        before = self._text.encode()[: error.position].decode()
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        field = _FIELD.findall(before)[-1:]
        reason = f"character {chr(error.character)!r} is not allowed"
        return FrontMatterError(reason, "remove it", line=line, column=column, field="".join(field))

    def _syntax_error(self, error: yaml.MarkedYAMLError) -> FrontMatterError:
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        mark = error.problem_mark or error.context_mark
        if any(sign in reason for sign in _UNCLOSED):
            mark = error.context_mark or mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        remedy = next((remedy for sign, remedy in _REMEDIES if sign in reason), "mend the YAML here")
        return FrontMatterError(f"not YAML: {reason}", remedy, line=line, column=column, field=self._field)

    def _node(self, event: _Event) -> Node:
        self._nodes += 1
        if self._nodes > self._form.max_nodes:
            raise self._refused(event, f"more than {self._form.max_nodes:,} values", f"split the {self._form.unit}")
        node: Node
        if isinstance(event, yaml.ScalarEvent):
            node = self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            return self._aliased(event)
        else:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise self._refused(event, f"nested more than {MAX_DEPTH} levels deep", "flatten it")
            node = self._sequence(event) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(event)
            self._depth -= 1
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _scalar(self, event: _Event) -> Scalar:
        if event.tag is not None and event.tag not in _SCALAR_TAGS:
            tag = event.tag.replace(_YAML_TAG, "!!")
            raise self._refused(event, f"the tag {tag} is not allowed", "remove it")
        if event.style == '"' and _FORBIDDEN.search(event.value):
            raise self._escaped_character(event)
        is_null = event.value in _NULLS and event.implicit[0]
        return Scalar(None if is_null else event.value, event.start_mark)

    def _escaped_character(self, event: _Event) -> FrontMatterError:
        """The problem with an escape that stands for a character which YAML would refuse unescaped."""
        start = event.start_mark.index
        for match in _ESCAPE.finditer(self._text, start, event.end_mark.index):
            *codes, letter = match.groups()
            code = next(filter(None, codes), None)
            character = chr(int(code, 16)) if code else _LETTERS.get(letter, " ")
            if _FORBIDDEN.match(character):
                start = match.start()
                break
        before = self._text[:start]
        line, column = before.count("\n") + 1, start - before.rfind("\n")
        reason = f"character {character!r} is not allowed, escaped or not"
        return FrontMatterError(reason, "remove it", line=line, column=column, field=self._field)

    def _sequence(self, event: _Event) -> SequenceNode:
        items = []
        while not isinstance(item := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(item))
        return SequenceNode(tuple(items), event.start_mark)

    def _mapping(self, event: _Event) -> MappingNode:
        values: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        while not isinstance(item := self._next(), yaml.MappingEndEvent):
            if self._depth == 1:
                self._field = ""
            key = self._node(item)
            if not isinstance(key, Scalar) or not key.text or not key.text.isprintable() or len(key.text) > MAX_NAME:
                raise self._refused(item, "a field's name must be a word", "write `field: value`")
            if self._depth == 1:
                self._field = key.text
            if key.text in values:
                raise self._refused(item, f"{key.text} is given twice", "keep one of them")
            keys[key.text] = key
            values[key.text] = self._node(self._next())
        return MappingNode(values, keys, event.start_mark)

    def _aliased(self, event: _Event) -> Node:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            raise self._refused(event, f"more than {MAX_ALIASES} aliases", "write the values out")
        if not event.anchor or event.anchor not in self._anchors:
            raise self._refused(event, f"the alias *{event.anchor} has no anchor", "define it before, or write it out")
        return self._anchors[event.anchor]

    def _refused(self, event: _Event, reason: str, remedy: str) -> FrontMatterError:
        mark = event.start_mark
        return FrontMatterError(reason, remedy, line=mark.line + 1, column=mark.column + 1, field=self._field)
