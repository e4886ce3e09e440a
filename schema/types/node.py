"""The GraphQL interface `Node`, and global ids."""

import base64
from enum import StrEnum

import strawberry

from indexer.article import Article, Provider
from schema.compiler.markers import FIXED
from schema.inputs.bad_input import BadUserInput, quoted, short


class NodeKind(StrEnum):
    """The GraphQL type that a global id names."""

    ARTICLE = "Article"
    PROVIDER = "Provider"


def global_id(kind: NodeKind, value: str) -> strawberry.ID:
    """The id of an article with this key, or of a provider with this domain."""
    return strawberry.ID(base64.b64encode(f"{kind}:{value}".encode()).decode())


def read_id(text: str, *, argument: str) -> tuple[NodeKind, str]:
    """The kind of an id, and an article's key or a provider's domain. Raises `BadUserInput` for any other text."""
    try:
        kind, value = base64.b64decode(text, validate=True).decode().split(":", maxsplit=1)
        node_kind = NodeKind(kind)
    except ValueError as error:
        raise BadUserInput(argument, f"{quoted(text)} is no id of this API; pass one that an answer gave") from error
    return node_kind, short(value, argument)


def _id(parent: strawberry.Parent[Article | Provider]) -> strawberry.ID:
    if isinstance(parent, Article):
        return global_id(NodeKind.ARTICLE, parent.key)
    return global_id(NodeKind.PROVIDER, parent.domain)


@strawberry.interface(description="Anything that can be looked up again by its id, with `node(id)`.")
class Node:
    """Implemented by articles and providers."""

    id: strawberry.ID = strawberry.field(
        resolver=_id,
        metadata=FIXED,
        description="A global id that stays the same as long as the thing exists. Take it as a whole.",
    )
