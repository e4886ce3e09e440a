"""The GraphQL type `Image`."""

import strawberry

from indexer import article as content
from schema.context import Info
from schema.scalars import URL


def _url(parent: strawberry.Parent[content.Image], info: Info) -> URL:
    base = info.context.asset_base_url
    if base is None or not parent.url.startswith("/") or parent.url.startswith("//"):
        return URL(parent.url)
    return URL(base.rstrip("/") + parent.url)


@strawberry.type(description="A picture.")
class Image:
    """Resolves from `indexer.article.Image`."""

    url: URL = strawberry.field(
        resolver=_url,
        description="Where the picture is: `https://img.example/1.jpg`. An address on the site itself "
        "(`/assets/1.jpg`) is made absolute where the server knows the address of its assets.",
    )
    width: int | None = strawberry.field(description="Width in pixels, where known.")
    height: int | None = strawberry.field(description="Height in pixels, where known.")
    title: str | None = strawberry.field(description="What the picture shows; fit for an `alt` text.")
