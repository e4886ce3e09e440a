"""The GraphQL type `Provider`, and lists of providers."""

import strawberry

from indexer import article as content
from schema.types.article_connection import ArticleConnection
from schema.types.article_lists import PREPARED, count_articles, list_articles
from schema.types.image import Image
from schema.types.node import Node
from schema.types.page_info import PageInfo


@strawberry.type(
    description="Who published articles. Wherever it is, a provider has the name and images of its newest article, of "
    "several at one time that with the first `key`; `Article.credit` is what another one writes. It exists as long as "
    "it has an article to show."
)
class Provider(Node):
    """Resolves from `indexer.article.Provider`."""

    name: str | None = strawberry.field(description="The provider's name, such as `CNET`.")
    domain: str = strawberry.field(description="What identifies the provider: `cnet.com`, in lower case.")
    images: list[Image] = strawberry.field(description="Logos of the provider, in the order of the content.")
    article_count = strawberry.field(
        resolver=count_articles, graphql_type=int, description="How many articles of the provider there are."
    )
    articles = strawberry.field(
        resolver=list_articles,
        metadata=PREPARED,
        graphql_type=ArticleConnection,
        description="The provider's articles.",
    )

    @staticmethod
    def is_type_of(value: object, _info: object) -> bool:
        """True where an interface is declared and `value` is of this type."""
        return isinstance(value, content.Provider)


@strawberry.type(
    description="A provider as one article writes it. It has no id: articles may write the same provider differently."
)
class Credit:
    """Resolves from `indexer.article.Provider`."""

    name: str | None = strawberry.field(description="The provider's name, such as `CNET`.")
    domain: str = strawberry.field(description="What identifies the provider: `cnet.com`, in lower case.")
    images: list[Image] = strawberry.field(description="Logos of the provider, in the order of the content.")


@strawberry.type(description="A provider in its place in the list of providers.")
class ProviderEdge:
    """Resolves from `schema.results.term_page.TermEdge`."""

    cursor: str = strawberry.field(description="The place in the list: pass it as `after`.")
    node: Provider = strawberry.field(description="The provider.")


@strawberry.type(description="A page of the list of providers, those with most articles first.")
class ProviderConnection:
    """Resolves from `schema.results.term_page.TermPage`."""

    edges: list[ProviderEdge] = strawberry.field(description="The providers of this page with their places, in order.")
    nodes: list[Provider] = strawberry.field(description="The providers of this page, in order.")
    page_info: PageInfo = strawberry.field(description="Where this page lies in the list.")
    total_count: int = strawberry.field(description="How many providers there are.")
