"""Front matter in TOML: `tomllib` says whether it is TOML, this file what stands where.

The text is taken apart after `tomllib` has read it, so only the structure of valid TOML has to be told.
"""

import re
import tomllib
from dataclasses import dataclass, field

from indexer.content.markup.lines import position
from indexer.content.markup.mistakes import FORBIDDEN, FrontMatterError, Mistake
from indexer.content.markup.nodes import MAX_DEPTH, MAX_NAME, Form, MappingNode, Node, Scalar, SequenceNode
from indexer.content.markup.yaml_text import YamlText

_ERROR = re.compile(r"(?P<reason>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_STRING = r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\]|\\.)*"|\'[^\']*\''
_KEY = re.compile(rf"[ \t]*(?P<name>{_STRING}|[\w-]+)[ \t]*(?P<dot>\.)?", re.DOTALL)
_SCALAR = re.compile(rf"{_STRING}|\d{{4}}-\d\d-\d\d \d\d:[^\s,\]}}#]+|[^\s,\]}}#]+", re.DOTALL)
_REMEDY = 'mend the TOML here; texts stand in double quotes, and each field on a line of its own, as `title = "text"`'
_REMEDIES = (
    (
        "write each entry on a line of its own that begins with `- `",
        'write its entries in brackets, as in `["a", "b"]`',
    ),
    ("`- name`", '`"name"`'),
    ("lines of `field: value`", "a table, as in `{ field = value }`"),
)


@dataclass(frozen=True, slots=True)
class _Place:
    index: int
    line: int
    column: int


@dataclass
class _Table:
    """A mapping that later lines may add to."""

    mark: _Place
    keys: dict[str, Scalar] = field(default_factory=dict)
    values: dict[str, "Node | _Table | list[_Table]"] = field(default_factory=dict)

    def node(self) -> MappingNode:
        return MappingNode({name: _node(value) for name, value in self.values.items()}, self.keys, self.mark)


def read_toml(text: str, form: Form) -> YamlText:
    """The mapping that a text in TOML is. Raises FrontMatterError with the place where reading failed."""
    try:
        values = tomllib.loads(text)
    except RecursionError:
        raise FrontMatterError(Mistake(f"nested more than {MAX_DEPTH} levels deep", "flatten it")) from None
    except tomllib.TOMLDecodeError as error:
        raise FrontMatterError(_mistake(text, str(error))) from error
    except ValueError as error:  # an integer of thousands of digits
        raise FrontMatterError(Mistake("not TOML: a number is too long", "write it as text, in quotes")) from error
    if not values:
        raise FrontMatterError(Mistake(f"{form.name} is empty", form.needed))
    return YamlText(_Scanner(text, form).read(), ())


def remedy_in_toml(remedy: str) -> str:
    """A remedy for YAML, as it is in TOML.

    >>> remedy_in_toml("write it as `title: value`")
    'write it as `title = value`'
    """
    for yaml, toml in _REMEDIES:
        remedy = remedy.replace(yaml, toml)
    return re.sub(r"`(\w+): ?(value)?`", lambda match: f"`{match[1]} = {match[2] or ''}".rstrip() + "`", remedy)


def _mistake(text: str, message: str) -> Mistake:
    match = _ERROR.fullmatch(message)
    reason = match["reason"] if match else message
    line, column = position(text, len(text.rstrip()))
    if match and match["line"]:
        line, column = int(match["line"]), int(match["column"])
    return Mistake(f"not TOML: {reason[:1].lower()}{reason[1:]}", _REMEDY, line, column)


def _node(value: "Node | _Table | list[_Table]") -> Node:
    if isinstance(value, _Table):
        return value.node()
    if isinstance(value, list):
        return SequenceNode(tuple(table.node() for table in value), value[0].mark)
    return value


class _Scanner:
    """Takes valid TOML apart, from its beginning to its end."""

    def __init__(self, text: str, form: Form) -> None:
        self._text = text
        self._form = form
        self._index = self._line = self._line_start = self._nodes = self._depth = 0

    def read(self) -> MappingNode:
        """All of the text."""
        self._skip(_BLANK)
        root = table = _Table(self._place())
        while self._index < len(self._text):
            if self._text.startswith("[", self._index):
                table = self._header(root)
            else:
                self._pair(table)
            self._skip(_BLANK)
        return root.node()

    def _header(self, root: _Table) -> _Table:
        """The table that a line `[name]` or `[[name]]` begins."""
        place = self._place()
        is_item = self._text.startswith("[[", self._index)
        self._index += 2 if is_item else 1
        *path, last = self._path()
        self._index = self._text.index("]", self._index) + (2 if is_item else 1)
        parent = _within(root, path)
        parent.keys.setdefault(last.text or "", last)
        if is_item:
            items = parent.values.setdefault(last.text or "", [])
            items.append(_Table(place))  # type: ignore[union-attr]  # tomllib has refused other kinds of values
        return _within(parent, [last])

    def _pair(self, table: _Table) -> None:
        *path, last = self._path()
        table = _within(table, path)
        self._index = self._text.index("=", self._index) + 1
        self._skip(_BLANK)
        table.keys[last.text or ""] = last
        table.values[last.text or ""] = self._value()

    def _path(self) -> list[Scalar]:
        """The names of a dotted key."""
        names = []
        while match := _KEY.match(self._text, self._index):
            self._index = match.start("name")
            place, name = self._place(), match["name"]
            if name[0] in "\"'":
                name = tomllib.loads(f"x = {name}")["x"]
            if not name or not name.isprintable() or len(name) > MAX_NAME:
                raise self._refused(place, "a field's name must be a word", "write `field = value`")
            names.append(Scalar(name, place))
            self._index = match.end()
            if len(names) >= MAX_DEPTH:
                raise self._refused(place, f"nested more than {MAX_DEPTH} levels deep", "flatten it")
            if not match["dot"]:
                break
        return names

    def _value(self) -> Node:
        place = self._place()
        self._nodes += 1
        if self._nodes > self._form.max_nodes:
            reason = f"more than {self._form.max_nodes:,} values"
            raise self._refused(place, reason, f"split the {self._form.unit}")
        if self._text[self._index] in "[{":
            self._depth += 1
            if self._depth >= MAX_DEPTH:
                raise self._refused(place, f"nested more than {MAX_DEPTH} levels deep", "flatten it")
            node = self._list(place) if self._text[self._index] == "[" else self._inline_table(place)
            self._depth -= 1
            return node
        match = _SCALAR.match(self._text, self._index)
        if not match:
            raise self._refused(place, "not TOML: a value is missing", _REMEDY)
        self._advance(match.end())
        return self._scalar(match[0], place)

    def _scalar(self, written: str, place: _Place) -> Scalar:
        value = tomllib.loads(f"x = {written}")["x"]
        if isinstance(value, str):
            if character := FORBIDDEN.search(value):
                raise self._refused(place, f"character {character[0]!r} is not allowed, escaped or not", "remove it")
            return Scalar(value, place)
        return Scalar(str(value) if type(value) is int else written, place, is_plain=True)

    def _list(self, place: _Place) -> SequenceNode:
        items = []
        while self._goes_on("]"):
            items.append(self._value())
        return SequenceNode(tuple(items), place)

    def _inline_table(self, place: _Place) -> MappingNode:
        table = _Table(place)
        while self._goes_on("}"):
            self._pair(table)
        return table.node()

    def _goes_on(self, closing: str) -> bool:
        """Go to the next entry within brackets, or behind them."""
        if self._text[self._index] in "[{,":
            self._index += 1
        self._skip(_BLANK)
        if self._text[self._index] == ",":
            self._index += 1
            self._skip(_BLANK)
        if self._text[self._index] != closing:
            return True
        self._index += 1
        return False

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if match := pattern.match(self._text, self._index):
            self._advance(match.end())

    def _advance(self, end: int) -> None:
        """Go on, and count lines."""
        if count := self._text.count("\n", self._index, end):
            self._line += count
            self._line_start = self._text.rfind("\n", self._index, end) + 1
        self._index = end

    def _place(self) -> _Place:
        return _Place(self._index, self._line, self._index - self._line_start)

    @staticmethod
    def _refused(place: _Place, reason: str, remedy: str) -> FrontMatterError:
        return FrontMatterError(Mistake.of(place, reason, remedy))


def _within(table: _Table, path: list[Scalar]) -> _Table:
    """The table of that name below another one, made where it is missing; of several, the last."""
    for name in path:
        table.keys.setdefault(name.text or "", name)
        below = table.values.setdefault(name.text or "", _Table(name.mark))  # type: ignore[arg-type]
        table = below[-1] if isinstance(below, list) else below  # type: ignore[assignment]
    return table
