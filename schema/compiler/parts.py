"""Parts of an answer that depend on their value alone: encoded once, and kept as long as their values are served."""

from typing import NamedTuple

import orjson
from graphql import GraphQLObjectType, get_named_type, is_abstract_type, is_object_type
from graphql.execution.collect_fields import FieldDetailsList

from indexer.memory import Memory, Shelf, own_bytes
from schema.compiler.resolving import attribute_of, strawberry_field
from schema.compiler.selection import Fields, Selections

_OVERHEAD = 1_000
"""Bytes of a part beside its JSON, about: its entry in a dictionary, and the value that it keeps alive."""


class Part(NamedTuple):
    """A value's part of an answer, of `nbytes`. It keeps the value alive, so that no other has its identity."""

    json: orjson.Fragment
    value: object
    nbytes: int

    @classmethod
    def of(cls, value: object, json: bytes) -> "Part":
        """The part of a value."""
        return cls(orjson.Fragment(json), value, len(json) + _OVERHEAD)


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
