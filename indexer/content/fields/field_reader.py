"""The fields of one mapping, read as the types they should have; an unfit value is a problem at its line and column."""

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import TypeVar

from indexer.canonical import canonical_topic
from indexer.content.fields.field_values import UnfitValue
from indexer.content.fields.rules import meaning_of
from indexer.content.markup.mistakes import Mistake
from indexer.content.markup.nodes import MappingNode, Node, Scalar, SequenceNode
from indexer.errors import ContentProblem, Severity

MAX_ITEMS = 200

_Value = TypeVar("_Value")


class FieldReader:
    """Reads one mapping field by field. `remedies` are for fields that are missing, where there are better ones.

    A field that is missing or unfit is reported in `problems`; the reader then returns None or a stand-in, so that
    every problem of a file is found in one go. The caller must not use its values if there was an error.
    """

    def __init__(
        self,
        mapping: MappingNode,
        *,
        path: str,
        problems: list[ContentProblem],
        prefix: str = "",
        remedies: Mapping[str, str] | None = None,
    ) -> None:
        self._mapping = mapping
        self._path = path
        self._problems = problems
        self._prefix = prefix
        self._remedies = remedies or {}
        self._refused: set[str] = set()

    def expect(self, names: frozenset[str]) -> None:
        """Warn of every field that is not among `names`, with the name that was probably meant."""
        if self._mapping.keys.keys() <= names:
            return
        known = {name.lower(): name for name in sorted(names)}
        for name, key in self._mapping.keys.items():
            if name in names or name in self._refused:
                continue
            close = get_close_matches(re.sub("[-_ ]", "", name).lower(), known, n=1)
            remedy = f"did you mean {known[close[0]]}?" if close else "remove it; it is ignored"
            if (meaning := meaning_of(name)) in self._mapping.values and meaning not in map(known.get, close):
                remedy = f"remove it, or {meaning}: `{name}` is `{meaning}` here, which is given"
            self._report(key, name, "is not a known field", remedy, Severity.WARNING)

    def unknown(self, names: frozenset[str]) -> list[str]:
        """The names of fields that are not among `names`."""
        return [name for name in self._mapping.keys if name not in names]

    def node(self, name: str) -> Node:
        """A field's value as it is written."""
        return self._mapping.values[name]

    def refuse(self, name: str, reason: str, remedy: str) -> None:
        """Report an error at a field's name, which then is no unknown field besides."""
        self._refused.add(name)
        self._report(self._mapping.keys[name], name, reason, remedy)

    def location(self, name: str) -> tuple[int, int]:
        """The line and column of a field's value, or of the mapping where it is missing."""
        node = self._mapping.values.get(name, self._mapping)
        return node.mark.line + 1, node.mark.column + 1

    def value(self, name: str, convert: Callable[[str], _Value]) -> _Value | None:
        """A field's text as `convert` (such as those of `field_values`) reads it; None where it is missing or blank."""
        node = self._mapping.values.get(name)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self._report(node, name, "is not a single value", f"write it as `{self._written(name)}: value`")
            return None
        text = node.text and node.text.strip()
        if not text:
            return None
        try:
            return convert(text)
        except UnfitValue as error:
            self._report(node, name, error.reason, error.remedy)
            return None

    def required(self, name: str, convert: Callable[[str], _Value], stand_in: _Value) -> _Value:
        """As `value`; `stand_in` where it is missing, blank or unfit, which is then an error."""
        value = self.value(name, convert)
        if value is not None:
            return value
        node = self._node(name)
        if node is None or (isinstance(node, Scalar) and not (node.text or "").strip()):
            self._report_missing(name)
        return stand_in

    def text(self, name: str) -> str | None:
        """Text without surrounding space; None where it is missing or blank."""
        return self.value(name, str)

    def names(self, name: str, convert: Callable[[str], str] = str) -> tuple[str, ...]:
        """A list of texts that `convert` takes; blank ones and those that only repeat one in other case are dropped."""
        unique: dict[str, str] = {}
        for position, item in enumerate(self._items(name)):
            if not isinstance(item, Scalar):
                self._report(item, f"{name}[{position}]", "is not a text", "write it as `- name`")
            elif text := (item.text or "").strip():
                try:
                    if canonical := canonical_topic(convert(text)):
                        unique.setdefault(canonical, text)
                except UnfitValue as error:
                    self._report(item, f"{name}[{position}]", error.reason, error.remedy)
        return tuple(unique.values())

    def mapping(self, name: str) -> "FieldReader | None":
        """The fields of a mapping, None where it is missing."""
        node = self._node(name)
        return None if node is None else self._nested(node, name)

    def required_mapping(self, name: str) -> "FieldReader":
        """The fields of a mapping that is not missing."""
        fields = self.mapping(name)
        if fields is None:
            self._report_missing(name)
            return self._stand_in(name)
        return fields

    def mappings(self, name: str) -> Iterator["FieldReader"]:
        """The fields of each mapping in a list; none where the list is missing."""
        for position, item in enumerate(self._items(name)):
            yield self._nested(item, f"{name}[{position}]")

    def _node(self, name: str) -> Node | None:
        node = self._mapping.values.get(name)
        return None if isinstance(node, Scalar) and node.text is None else node

    def _items(self, name: str) -> tuple[Node, ...]:
        node = self._node(name)
        if node is None:
            return ()
        if not isinstance(node, SequenceNode):
            self._report(node, name, "is not a list", "write each entry on a line of its own that begins with `- `")
            return ()
        if len(node.items) > MAX_ITEMS:
            self._report(node, name, f"has {len(node.items)} entries", f"keep at most {MAX_ITEMS}")
            return ()
        return node.items

    def _nested(self, node: Node, name: str) -> "FieldReader":
        if isinstance(node, MappingNode):
            return FieldReader(
                node, path=self._path, problems=self._problems, prefix=f"{self._prefix}{self._written(name)}."
            )
        self._report(node, name, "is not a mapping", "write it as lines of `field: value`")
        return self._stand_in(name)

    def _stand_in(self, name: str) -> "FieldReader":
        """FieldReader of an empty mapping, whose own problems do not count: the mapping's is reported already."""
        nothing = MappingNode({}, {}, self._mapping.mark)
        return FieldReader(nothing, path=self._path, problems=[], prefix=f"{self._prefix}{name}.")

    def _report_missing(self, name: str) -> None:
        if key := self._mapping.keys.get(name):
            self._report(key, name, "is empty", f"write a value after `{key.text}:`")
        else:
            self._report(self._mapping, name, "is missing", self._remedies.get(name) or f"add `{name}:` with a value")

    def _written(self, name: str) -> str:
        """The name of a field, or of something in it, with the field's name as it is written."""
        head = re.split(r"[.\[]", name, maxsplit=1)[0]
        key = self._mapping.keys.get(head)
        return f"{key.text if key else head}{name[len(head) :]}"

    def _report(self, node: Node, name: str, reason: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        written = self._written(name)
        if (key := self._mapping.keys.get(name)) and key.text != name:
            remedy = f"{remedy}; `{written}` is `{name}` here"
        mistake = Mistake.of(node.mark, reason, remedy, f"{self._prefix}{written}", severity)
        self._problems.append(mistake.at(self._path))
