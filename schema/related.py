"""The GraphQL type `Related`."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from indexer import article as content
from schema.context import Info
from schema.image import Image
from schema.provider import Provider
from schema.scalars import URL

if TYPE_CHECKING:
    from schema.article import Article

_Article = Annotated["Article", strawberry.lazy("schema.article")]


def _article(parent: strawberry.Parent[content.Related], info: Info) -> Awaitable[content.Article | None]:
    return info.context.by_url.load(parent.web_url)


@strawberry.type(
    description="An article as another one refers to it. It need not be among the articles here: `article` is the full "
    "one where it is."
)
class Related:
    """Resolves from `indexer.article.Related`."""

    title: str = strawberry.field(description="The headline.")
    excerpt: str | None = strawberry.field(description="The first sentences, or a summary.")
    published_date_time: datetime | None = strawberry.field(description="When it was published, where known.")
    web_url: URL = strawberry.field(description="Where it can be read.")
    amp_web_url: URL | None = strawberry.field(description="Where its AMP version can be read.")
    cdn_amp_web_url: URL | None = strawberry.field(description="Where its AMP version can be read from a cache.")
    type: str | None = strawberry.field(description="What kind of piece it is, such as `article`.")
    quality: int | None = strawberry.field(description="An editorial score, usually 0 to 100; higher is better.")
    provider: Provider | None = strawberry.field(description="Who published it, where known.")
    images: list[Image] = strawberry.field(description="Its images, in the order of the content.")
    article = strawberry.field(
        resolver=_article,
        graphql_type=_Article | None,
        description="The full article with this `webUrl`, or null where it is not among the articles here.",
    )
