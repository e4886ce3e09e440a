"""The YAML door: a text in YAML to a tree of nodes with their places.

Reads libyaml's events instead of loading values: each scalar stays the text that was written (a topic `NO` is no
boolean, a title `2020` no number), each node knows its line and column, and limits hold while the text is read.
"""

import re
from collections.abc import Callable
from typing import NamedTuple, Protocol, cast

import yaml

from indexer.content.markup.lines import position, without_rare_breaks
from indexer.content.markup.mistakes import (
    FORBIDDEN,
    Complaint,
    FrontMatterError,
    Mistake,
    escaped_character,
    forbidden_character,
    mistake_in_syntax,
)
from indexer.content.markup.nodes import MAX_DEPTH, MAX_NAME, Form, MappingNode, Mark, Node, Scalar, SequenceNode
from indexer.errors import Severity

MAX_ALIASES = 100

_HASHTAG = re.compile(r"[ \t]+#\w")  # a comment that people type has a space after its sign
_NULLS = ("", "~", "null", "Null", "NULL")
_YAML_TAG = "tag:yaml.org,2002:"  # what !! stands for
_SCALAR_TAGS = ("!", *(f"{_YAML_TAG}{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")))


class _Event(Protocol):
    """An event of libyaml that begins a node; other kinds lack what they have no use for."""

    anchor: str | None
    tag: str | None
    value: str
    implicit: tuple[bool, bool]
    style: str | None
    start_mark: Mark
    end_mark: Mark


class YamlText(NamedTuple):
    """A text in YAML, read. `warnings` are of legal YAML that leaves out some of what is written."""

    mapping: MappingNode
    warnings: tuple[Mistake, ...]


def read_yaml(text: str, form: Form) -> YamlText:
    """The mapping that a text in YAML is. Raises FrontMatterError with the place where reading failed."""
    return _Tree(text, form).read()


class _Tree:
    """Builds the tree of one YAML text from libyaml's events, without recursion into what is too deep."""

    def __init__(self, text: str, form: Form) -> None:
        self._text = text
        self._form = form
        self._source, self._rare_breaks = without_rare_breaks(text)
        self._has_hashtags = "#" in text and bool(_HASHTAG.search(text))
        self._anchors: dict[str, Node] = {}
        self._unused: dict[str, Mistake] = {}  # by the name of the anchor
        self._warnings: list[Mistake] = []
        self._nodes = self._aliases = self._depth = 0
        self._field = ""

    def read(self) -> YamlText:
        loader = yaml.CSafeLoader(self._source)
        self._next: Callable[[], _Event] = cast("Callable[[], _Event]", loader.get_event)
        try:
            mapping = self._root()
        except yaml.reader.ReaderError as error:  # which counts bytes, and is raised far ahead of the events
            index = len(self._source.encode()[: error.position].decode())
            raise FrontMatterError(forbidden_character(self._text, index, chr(error.character))) from error
        except yaml.MarkedYAMLError as error:
            raise FrontMatterError(mistake_in_syntax(self._text, self._complaint(error), self._field)) from error
        finally:
            loader.dispose()
        return YamlText(mapping, (*self._warnings, *self._unused.values()))

    def _root(self) -> MappingNode:
        self._next()  # the stream's start
        if isinstance(self._next(), yaml.StreamEndEvent):
            raise FrontMatterError(Mistake(f"{self._form.name} is empty", self._form.needed))
        first = self._next()
        root = self._node(first)
        self._field = ""
        if not isinstance(root, MappingNode):
            raise self._refused(first, f"{self._form.name} is not a mapping", "write it as lines of `field: value`")
        self._next()  # the document's end
        if not isinstance(end := self._next(), yaml.StreamEndEvent):
            raise self._refused(end, "a second YAML document begins here", f"keep one {self._form.unit} a file")
        return root

    def _complaint(self, error: yaml.MarkedYAMLError) -> Complaint:
        """The error together with the tokens before it."""
        mark = error.problem_mark or error.context_mark
        stop = mark.index if mark else 0
        scalar, brackets = slice(stop, stop), [-1]
        loader = yaml.CSafeLoader(self._source)
        try:
            while (token := loader.get_token()) and token.start_mark.index < stop:
                if isinstance(token, yaml.ScalarToken) and token.end_mark.index <= stop:
                    scalar = slice(token.start_mark.index, token.end_mark.index)
                elif isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                    brackets.append(token.start_mark.index)
                elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
                    del brackets[max(1, len(brackets) - 1) :]  # also where one is closed too many
        except yaml.MarkedYAMLError:
            pass  # the same error, which ends the tokens
        finally:
            loader.dispose()
        return Complaint(
            reason=", ".join(filter(None, (error.context, error.problem))),
            start=error.context_mark.index if error.context_mark else stop,
            stop=stop,
            scalar=scalar,
            bracket=brackets[-1],
        )

    def _node(self, event: _Event) -> Node:
        self._count(event, 1)
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
            if event.tag:
                self._warn(event.start_mark, "a tag is no part of the value", "remove it, or put it in double quotes")
        if event.anchor:
            self._anchor(event, event.anchor, node)
        return node

    def _anchor(self, event: _Event, name: str, node: Node) -> None:
        if name in self._unused:
            self._warnings.append(self._unused[name])
        reason = "an anchor that no alias uses is no part of the value"
        remedy = "put the value in double quotes, or remove the anchor"
        self._unused[name] = self._mistake(event.start_mark, reason, remedy, Severity.WARNING)
        self._anchors[name] = node

    def _scalar(self, event: _Event) -> Scalar:
        text = event.value
        if event.tag is not None:
            self._check_tag(event, event.tag)
        if event.style == '"' and FORBIDDEN.search(text):
            start, end = event.start_mark.index, event.end_mark.index
            raise FrontMatterError(escaped_character(self._text, start, end, self._field))
        if self._has_hashtags and not event.style:
            self._check_comment(event.end_mark.index)
        if self._rare_breaks:
            text = text.translate(self._rare_breaks)
        is_plain = event.implicit[0]
        return Scalar(None if is_plain and text in _NULLS else text, event.start_mark, is_plain)

    def _check_comment(self, end: int) -> None:
        if comment := _HASHTAG.match(self._text, end):
            reason = "a comment begins here, which is no part of the value"
            remedy = "put the value in double quotes, or write a space after the # of a comment"
            line, column = position(self._text, comment.end() - 2)
            self._warnings.append(Mistake(reason, remedy, line, column, self._field, Severity.WARNING))

    def _check_tag(self, event: _Event, tag: str) -> None:
        if tag not in _SCALAR_TAGS:
            remedy = "remove it, or put the value in double quotes if it is text"
            raise self._refused(event, f"the tag {tag.replace(_YAML_TAG, '!!')} is not allowed", remedy)
        if not event.style:
            remedy = "put the value in double quotes, or remove the tag"
            self._warn(event.start_mark, "a tag is no part of the value", remedy)

    def _sequence(self, event: _Event) -> SequenceNode:
        items = []
        while not isinstance(item := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(item))
        return SequenceNode(tuple(items), event.start_mark)

    def _mapping(self, event: _Event) -> MappingNode:
        values: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        bases: tuple[MappingNode, ...] | None = None
        while not isinstance(item := self._next(), yaml.MappingEndEvent):
            if self._depth == 1:
                self._field = ""
            key = self._node(item)
            if not isinstance(key, Scalar) or not key.text or not key.text.isprintable() or len(key.text) > MAX_NAME:
                raise self._refused(item, "a field's name must be a word", "write `field: value`")
            if self._depth == 1:
                self._field = key.text
            if key.text in values:
                lines = f"in lines {keys[key.text].mark.line + 1} and {key.mark.line + 1}"
                if not self._form.last_counts or self._depth > 1:
                    raise self._refused(item, f"{key.text} is given twice, {lines}", "keep one of them")
                self._warn(item.start_mark, f"{key.text} is given twice, {lines}", "keep one; the last one counts")
            keys[key.text] = key
            values[key.text] = self._node(self._next())
            if key.text == "<<" and item.implicit[0]:
                bases = self._bases(item, values["<<"])
        if bases is not None:
            del keys["<<"], values["<<"]
            for base in bases:
                keys = base.keys | keys
                values = base.values | values
        return MappingNode(values, keys, event.start_mark)

    def _bases(self, event: _Event, node: Node) -> tuple[MappingNode, ...]:
        """The mappings under `<<`, whose fields count as further values: see https://yaml.org/type/merge.html."""
        bases = []
        for base in node.items if isinstance(node, SequenceNode) else (node,):
            if not isinstance(base, MappingNode):
                remedy = "write `<<: *name`, the name being the anchor of a mapping"
                raise self._refused(event, "<< takes a mapping, or a list of them", remedy)
            self._count(event, len(base.values))
            bases.append(base)
        return tuple(bases)

    def _aliased(self, event: _Event) -> Node:
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            raise self._refused(event, f"more than {MAX_ALIASES} aliases", "write the values out")
        if not event.anchor or event.anchor not in self._anchors:
            raise self._refused(event, f"the alias *{event.anchor} has no anchor", "define it before, or write it out")
        self._unused.pop(event.anchor, None)
        return self._anchors[event.anchor]

    def _count(self, event: _Event, values: int) -> None:
        self._nodes += values
        if self._nodes > self._form.max_nodes:
            raise self._refused(event, f"more than {self._form.max_nodes:,} values", f"split the {self._form.unit}")

    def _refused(self, event: _Event, reason: str, remedy: str) -> FrontMatterError:
        return FrontMatterError(self._mistake(event.start_mark, reason, remedy))

    def _warn(self, mark: Mark, reason: str, remedy: str) -> None:
        self._warnings.append(self._mistake(mark, reason, remedy, Severity.WARNING))

    def _mistake(self, mark: Mark, reason: str, remedy: str, severity: Severity = Severity.ERROR) -> Mistake:
        return Mistake.of(mark, reason, remedy, self._field, severity)
