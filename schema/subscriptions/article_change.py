"""The GraphQL type `ArticleChange`."""

from dataclasses import dataclass

import strawberry

from indexer import article as content
from indexer.search.changes import ChangeKind
from schema.inputs.enums import declare_enum
from schema.types.article import Article
from schema.types.node import NodeKind, global_id

declare_enum(
    ChangeKind,
    "What happened to an article, as a saved search sees it.",
    {
        ChangeKind.ENTERED: "It matches now, and did not before: it is new, its time has come, or it was edited.",
        ChangeKind.CHANGED: "It matches now as before, and something of it is another.",
        ChangeKind.LEFT: "It matches no more: it was edited, put off, withdrawn or deleted.",
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeEvent:
    """A change of a saved search, told in a generation."""

    change: ChangeKind
    key: str
    article: content.Article | None
    generation: int


def _article_id(parent: strawberry.Parent[ChangeEvent]) -> strawberry.ID:
    return global_id(NodeKind.ARTICLE, parent.key)


@strawberry.type(description="An article that entered, changed in or left a saved search.")
class ArticleChange:
    """Resolves from `ChangeEvent`."""

    change: ChangeKind = strawberry.field(description="What happened to it.")
    article_id: strawberry.ID = strawberry.field(
        resolver=_article_id, description="The article's `id`, also where it has LEFT."
    )
    key: str = strawberry.field(description="The article's `key`.")
    article: Article | None = strawberry.field(description="The article as it is now; null where it has LEFT.")
    generation: int = strawberry.field(
        description="The build that was served when it happened, as `index { generation }` has it."
    )
