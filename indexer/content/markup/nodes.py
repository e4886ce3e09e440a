"""Nodes of a text in YAML, TOML or JSON: texts, lists and mappings, each with its place."""

from typing import NamedTuple, Protocol

MAX_DEPTH = 12
MAX_NAME = 200


class Form(NamedTuple):
    """A kind of file, for its messages, and how much of it is read. `needed` is what to write into an empty one."""

    name: str
    needed: str
    unit: str  # of which there is one a file
    max_bytes: int
    max_nodes: int


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
