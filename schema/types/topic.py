"""The GraphQL type `Topic`, and lists of topics."""

import strawberry

from schema.types.article_connection import ArticleConnection
from schema.types.article_lists import PREPARED, count_articles, list_articles
from schema.types.node import Node
from schema.types.page_info import PageInfo


def _name(parent: strawberry.Parent[str]) -> str:
    return parent


@strawberry.type(
    description="What articles are about. Names that differ in case only are one topic. Wherever it is, it is spelled "
    "as its newest article has it, of several at one time that with the first `key`. It exists as long as it has an "
    "article to show."
)
class Topic(Node):
    """Resolves from the topic's name."""

    name: str = strawberry.field(resolver=_name, description="The topic's name, such as `AI`.")
    article_count = strawberry.field(
        resolver=count_articles, graphql_type=int, description="How many articles with the topic there are."
    )
    articles = strawberry.field(
        resolver=list_articles,
        metadata=PREPARED,
        graphql_type=ArticleConnection,
        description="The articles with the topic.",
    )

    @staticmethod
    def is_type_of(value: object, _info: object) -> bool:
        """True where an interface is declared and `value` is of this type."""
        return isinstance(value, str)


@strawberry.type(description="A topic in its place in the list of topics.")
class TopicEdge:
    """Resolves from `schema.results.term_page.TermEdge`."""

    cursor: str = strawberry.field(description="The place in the list: pass it as `after`.")
    node: Topic = strawberry.field(description="The topic.")


@strawberry.type(description="A page of the list of topics, those with most articles first.")
class TopicConnection:
    """Resolves from `schema.results.term_page.TermPage`."""

    edges: list[TopicEdge] = strawberry.field(description="The topics of this page with their places, in order.")
    nodes: list[Topic] = strawberry.field(description="The topics of this page, in order.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in the list.")
    total_count: int = strawberry.field(description="How many topics there are.")
