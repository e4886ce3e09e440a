"""Parts of an answer that depend on their value alone."""

from graphql import GraphQLObjectType, get_named_type, is_abstract_type, is_object_type
from graphql.execution.collect_fields import FieldDetailsList

from schema.compiler.resolving import attribute_of, strawberry_field
from schema.compiler.selection import Fields, Selections


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
