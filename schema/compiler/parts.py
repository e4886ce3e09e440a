"""Parts of an answer that depend on their value and a little of the context: encoded once, and kept while it is so.

Addresses in them may depend on the base that a request asks for, too.
"""

from collections.abc import Sequence
from typing import Protocol, Self

import orjson
from graphql import GraphQLField, GraphQLObjectType, get_named_type, is_abstract_type, is_object_type
from graphql.execution.collect_fields import FieldDetailsList

from indexer.memory import Memory, Shelf, own_bytes
from schema.compiler.markers import fixing
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

    `around` is all of the context that the part depends on, but for the base of addresses. That stands between the
    `pieces` of its JSON: the part of the latest base is kept, since most requests have the same one, and those with
    another leave nothing behind. A part without pieces is blank: it only tells that the value was met.
    """

    __slots__ = ("_pieces", "around", "base", "is_blank", "json", "nbytes", "value")

    def __init__(
        self, value: object, pieces: Sequence[bytes], around: tuple[object, ...] | None = (), *, base: str = ""
    ) -> None:
        self.value = value
        self.around = around
        self.is_blank = not pieces
        self._pieces = pieces
        self.json = self.at(base)
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


def dependencies(type_: GraphQLObjectType, fields: Fields, selections: Selections) -> frozenset[str] | None:
    """The attributes of the context that all fields depend on beside immutable values.

    None where a field may depend on more. See `fixed_by`.
    """
    attributes: frozenset[str] = frozenset()
    for nodes in fields.values():
        more = _dependencies(type_, nodes, selections)
        if more is None:
            return None
        attributes |= more
    return attributes


def _dependencies(type_: GraphQLObjectType, nodes: FieldDetailsList, selections: Selections) -> frozenset[str] | None:
    name = nodes[0].node.name.value
    if name == "__typename":
        return frozenset()
    field = type_.fields.get(name)
    if field is None or field.args:
        return None
    own = frozenset[str]() if attribute_of(field) is not None else _declared(field)
    if own is None:
        return None
    inner = get_named_type(field.type)
    if is_object_type(inner):
        behind = dependencies(inner, selections.within(inner, nodes), selections)
        return None if behind is None else own | behind
    return None if is_abstract_type(inner) else own


def _declared(field: GraphQLField) -> frozenset[str] | None:
    declared = strawberry_field(field)
    return fixing(declared.metadata) if declared else None
