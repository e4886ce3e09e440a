"""The GraphQL schema as a whole, and its text."""

import strawberry
from graphql import GraphQLSchema, Undefined, is_object_type
from strawberry.schema.config import StrawberryConfig

from schema.compiler.resolving import graphql_schema
from schema.inputs.scalars import scalars
from schema.subscriptions.subscription import Subscription
from schema.types.query import Query


def build_schema() -> strawberry.Schema:
    """The schema; everything in it can be reached from `Query` and `Subscription`."""
    schema = strawberry.Schema(Query, subscription=Subscription, config=StrawberryConfig(scalar_map=scalars()))
    _drop_null_defaults(graphql_schema(schema))
    return schema


def sdl() -> str:
    """The schema in the schema definition language, as `schema.graphql` holds it."""
    return build_schema().as_str() + "\n"


def _drop_null_defaults(schema: GraphQLSchema) -> None:
    """An argument that may be left out needs no null as its default: the resolver's own default says the same."""
    types = [type_ for type_ in schema.type_map.values() if is_object_type(type_)]
    for argument in [
        argument for type_ in types for field in type_.fields.values() for argument in field.args.values()
    ]:
        if argument.default_value is None:
            argument.default_value = Undefined
