"""Parts of an answer that depend on their value alone: encoded once, and kept as long as their values are served.

Addresses in them may depend on the base that a request asks for, too.
"""

from collections.abc import Sequence
from typing import Protocol, Self

import orjson
from graphql import GraphQLObjectType, get_named_type, is_abstract_type, is_object_type
from graphql.execution.collect_fields import FieldDetailsList

from indexer.memory import Memory, Shelf, own_bytes
from schema.compiler.resolving import attribute_of, strawberry_field
from schema.compiler.selection import Fields, Selections

_OVERHEAD = 1_000
"""Bytes of a part beside its JSON, about: its entry in a dictionary, and the value that it keeps alive."""


class BaseContext(Protocol):
    """The context of a request with a base of addresses."""

    @property
    def asset_base_url(self) -> str:
        """The base."""

    def with_base(self, base: str) -> Self:
        """The same context with another base."""


class Part:
    """A value's part of an answer, of `nbytes`. It keeps the value alive, so that no other has its identity.

    Between the `pieces` of its JSON stands the base of addresses. The part of the latest base is kept: most requests
    have the same one, and those with another leave nothing behind.
    """

    __slots__ = ("_pieces", "base", "json", "nbytes", "value")

    def __init__(self, value: object, pieces: Sequence[bytes]) -> None:
        self.value = value
        self._pieces = pieces
        self.json = self.at("")
        self.nbytes = _OVERHEAD + sum(map(len, pieces)) * min(len(pieces), 2)

    def at(self, base: str) -> orjson.Fragment:
        """The JSON with this base, which a client may have chosen."""
        self.base, self.json = base, orjson.Fragment(orjson.dumps(base)[1:-1].join(self._pieces))
        return self.json


Parts = Shelf[object, Part]
"""The parts of one selection in one operation, by the identity of their values."""


def parts(memory: Memory) -> Parts:
    """A shelf for parts in a memory that others share."""
    return memory.shelf("parts", own_bytes)


def is_fixed(type_: GraphQLObjectType, fields: Fields, selections: Selections) -> bool:
    """True where all fields are read from immutable values, or marked as `FIXED`."""
    return all(_is_fixed(type_, nodes, selections) for nodes in fields.values())


def _is_fixed(type_: GraphQLObjectType, nodes: FieldDetailsList, selections: Selections) -> bool:
    name = nodes[0].node.name.value
    if name == "__typename":
        return True
    field = type_.fields.get(name)
    if field is None or field.args:
        return False
    declared = strawberry_field(field)
    if attribute_of(field) is None and not (declared and declared.metadata.get("fixed")):
        return False
    inner = get_named_type(field.type)
    if is_object_type(inner):
        return is_fixed(inner, selections.within(inner, nodes), selections)
    return not is_abstract_type(inner)
