"""The GraphQL type `Image`."""

from typing import cast

import strawberry

from indexer import article as content
from schema.compiler.markers import FIXED, prepared_by
from schema.inputs.scalars import URL
from schema.loading.context import Info, RequestContext


def image_url(image: content.Image, base: str) -> URL:
    """The image's address: absolute, and that of an image on the site itself behind its `base`."""
    url = image.url
    if not url.startswith("/"):
        return cast("URL", url)
    return URL(f"https:{url}" if url.startswith("//") else base + url)


class _Address:
    """Resolves `url` for any number of images."""

    def __call__(self, parent: content.Image, context: RequestContext) -> URL:
        return image_url(parent, context.asset_base_url)


def _url(parent: strawberry.Parent[content.Image], info: Info) -> URL:
    return _Address()(parent, info.context)


@strawberry.type(description="A picture.")
class Image:
    """Resolves from `indexer.article.Image`."""

    url: URL = strawberry.field(
        resolver=_url,
        metadata={**FIXED, **prepared_by(_Address)},
        description="Where the picture is: `https://img.example/1.jpg`. It is absolute: a file may name an address on "
        "the site itself (`/assets/1.jpg`), and the server adds the base of its assets, or its own address.",
    )
    width: int | None = strawberry.field(description="Width in pixels, where known.")
    height: int | None = strawberry.field(description="Height in pixels, where known.")
    title: str | None = strawberry.field(description="What the picture shows; fit for an `alt` text.")
