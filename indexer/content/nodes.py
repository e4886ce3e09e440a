"""Nodes of a YAML text: texts, lists and mappings, each with its place."""

from typing import NamedTuple, Protocol


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
