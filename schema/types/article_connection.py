"""The GraphQL types of a list of articles."""

from collections.abc import Awaitable
from typing import TYPE_CHECKING, Annotated

import strawberry

from indexer.search.requests import Explanation
from schema.compiler.markers import kept_by
from schema.loading.context import Info
from schema.results import article_page
from schema.types.facets import ArticleFacets
from schema.types.highlights import Highlights, highlight_edge
from schema.types.page_info import PageInfo
from schema.types.search_understanding import SearchUnderstanding

if TYPE_CHECKING:
    from schema.types.article import Article


@strawberry.type(
    description="What an article's score is made of. The parts add up to `score`; those that a list does not weigh are "
    "0. A word that stands in several fields counts once, and is shared among them."
)
class ScoreExplanation:
    """Resolves from `indexer.search.requests.Explanation`."""

    score: float = strawberry.field(description="The score, as the edge has it.")
    title: float = strawberry.field(description="What words of `search` count in the title.")
    excerpt: float = strawberry.field(description="What words of `search` count in the excerpt.")
    body: float = strawberry.field(description="What words of `search` count in the body, where bodies are searched.")
    topic: float = strawberry.field(description="What words after `topic:` count.")
    provider: float = strawberry.field(description="What words after `provider:` count.")
    nearness: float = strawberry.field(description="What it counts that words stand near each other, as in `search`.")
    recency: float = strawberry.field(description="What it counts how new the article is, weighed by `tuning`.")
    quality: float = strawberry.field(description="What the quality counts, weighed by `tuning`.")
    heat: float = strawberry.field(description="What the heat counts, weighed by `tuning`.")


_Article = Annotated["Article", strawberry.lazy("schema.types.article")]
_KEPT_PAGE = kept_by("hits_at_hand", "cursors_at_hand")


def _explain(parent: strawberry.Parent[article_page.ArticleEdge], info: Info) -> Awaitable[Explanation | None] | None:
    return parent.explanation(info.context.searches)


@strawberry.type(description="An article in its place in a list.")
class ArticleEdge:
    """Resolves from `schema.results.article_page.ArticleEdge`."""

    cursor: str = strawberry.field(description="The place in the list: pass it as `after` or `before`.")
    node: _Article = strawberry.field(description="The article.")
    score: float | None = strawberry.field(
        description="How well the article matches `search`: a number above 0 that is comparable within this list only. "
        "Null where there were no words to look for."
    )
    explain = strawberry.field(
        resolver=_explain,
        graphql_type=ScoreExplanation | None,
        description="What the score is made of. Null where there is no score. Computed only where it is asked for.",
    )
    highlights = strawberry.field(
        resolver=highlight_edge,
        graphql_type=Highlights | None,
        description="The article's title, excerpt and body with what `search` found marked in them: "
        "`highlights { title { html } excerpt { fragment { html } } }`. Null where there were no words to look for.",
    )


@strawberry.type(
    description="A page of a list of articles. Ask for `nodes` where only the articles matter, and for `edges` where "
    "their cursors or scores do. A list keeps the clock of its first page: what is published meanwhile does not shift "
    "later pages."
)
class ArticleConnection:
    """Resolves from `schema.results.article_page.ArticlePage`."""

    edges: list[ArticleEdge] = strawberry.field(
        description="The articles of this page with their places, in order.", metadata=_KEPT_PAGE
    )
    nodes: list[_Article] = strawberry.field(
        description="The articles of this page, in order.", metadata=kept_by("hits_at_hand")
    )
    page_info: PageInfo = strawberry.field(description="Where this page lies in the list.", metadata=_KEPT_PAGE)
    search: SearchUnderstanding | None = strawberry.field(
        description="How `search` was understood, and the correction offered. Null where there were no words to look "
        "for; signs alone, such as `#`, count as a word that no article has."
    )
    total_count: int = strawberry.field(
        description="The exact number of articles in the whole list. Counted only where it is asked for."
    )
    facets: ArticleFacets = strawberry.field(
        description="How many articles of the whole list have which topics, providers, categories and types, when they "
        "were published, and their qualities and heats. Counted only where it is asked for."
    )
