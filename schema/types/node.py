"""The GraphQL interface `Node`, and global ids."""

import base64
import binascii
from enum import StrEnum

import strawberry

from indexer.article import Article, Provider
from indexer.canonical import canonical_topic
from schema.compiler.markers import FIXED
from schema.inputs.bad_input import BadUserInput, quoted, short


class NodeKind(StrEnum):
    """The GraphQL type that a global id names."""

    ARTICLE = "Article"
    PROVIDER = "Provider"
    TOPIC = "Topic"


def global_id(kind: NodeKind, value: str) -> strawberry.ID:
    """The id of an article with this key, of a provider with this domain, or of a topic with this canonical name."""
    return strawberry.ID(binascii.b2a_base64(f"{kind}:{value}".encode(), newline=False).decode())


def read_id(text: str, *, argument: str) -> tuple[NodeKind, str]:
    """The kind of an id, and the key, domain or name that it holds. Raises `BadUserInput` for any other text."""
    try:
        kind, value = base64.b64decode(text, validate=True).decode().split(":", maxsplit=1)
        node_kind = NodeKind(kind)
    except ValueError as error:
        raise BadUserInput(argument, f"{quoted(text)} is no id of this API; pass one that an answer gave") from error
    return node_kind, short(value, argument)


def _id(parent: strawberry.Parent[Article | Provider | str]) -> strawberry.ID:
    if isinstance(parent, Article):
        return global_id(NodeKind.ARTICLE, parent.key)
    if isinstance(parent, Provider):
        return global_id(NodeKind.PROVIDER, parent.domain)
    return global_id(NodeKind.TOPIC, canonical_topic(parent))


@strawberry.interface(description="Anything that can be looked up again by its id, with `node(id)`.")
class Node:
    """Implemented by articles, providers and topics."""

    id: strawberry.ID = strawberry.field(
        resolver=_id,
        metadata=FIXED,
        description="A global id that stays the same as long as the thing exists. Take it as a whole.",
    )
