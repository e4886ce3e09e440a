"""Nodes of a text in YAML, TOML or JSON: texts, lists and mappings, each with its place."""

import re
from dataclasses import dataclass
from typing import NamedTuple, Protocol

MAX_DEPTH = 12
MAX_NAME = 200


class Form(NamedTuple):
    """A kind of file, for its messages, and how much of it is read. `needed` is what to write into an empty one.

    An outermost field that YAML gives twice is an error or, where `last_counts`, a warning: its last value counts then.
    """

    name: str
    needed: str
    unit: str  # of which there is one a file
    max_bytes: int
    max_nodes: int
    last_counts: bool = False


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


@dataclass(frozen=True, slots=True)
class Place:
    """A place as a plain value, where another process or a test needs one."""

    line: int
    column: int
    index: int = 0


class Scalar(NamedTuple):
    """A single value as written; None where nothing was (`field:`, `~` or `null`).

    `is_plain` is true where it stands without quotation marks, and so may be a number or a truth.
    """

    text: str | None
    mark: Mark
    is_plain: bool = False


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


def with_plain_places(node: Node) -> Node:
    """The same node, its places as plain values, which other processes can be sent."""
    place = Place(node.mark.line, node.mark.column, node.mark.index)
    match node:
        case Scalar():
            return node._replace(mark=place)
        case SequenceNode():
            return SequenceNode(tuple(map(with_plain_places, node.items)), place)
        case MappingNode():
            keys = {name: Scalar(key.text, Place(key.mark.line, key.mark.column)) for name, key in node.keys.items()}
            return MappingNode({name: with_plain_places(value) for name, value in node.values.items()}, keys, place)


def is_secured(name: str) -> bool:
    """Tell whether a field of this name, or one that it is within, is never indexed, served or logged.

    >>> is_secured("params.Secured")
    True
    """
    return "secured" in re.sub("[-_ ]", "", name).lower().split(".")
