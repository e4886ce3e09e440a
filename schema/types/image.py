"""The GraphQL type `Image`."""

import strawberry

from indexer import article as content
from schema.compiler.markers import FIXED, prepared_by
from schema.inputs.scalars import URL
from schema.loading.context import Info, RequestContext


def image_url(image: content.Image, base: str | None) -> URL:
    """The image's address; an address on the site itself is made absolute by the site's `base`, if that is given."""
    if base is None or not image.url.startswith("/") or image.url.startswith("//"):
        return URL(image.url)
    return URL(base.rstrip("/") + image.url)


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
        description="Where the picture is: `https://img.example/1.jpg`. An address on the site itself "
        "(`/assets/1.jpg`) is made absolute where the server knows the address of its assets.",
    )
    width: int | None = strawberry.field(description="Width in pixels, where known.")
    height: int | None = strawberry.field(description="Height in pixels, where known.")
    title: str | None = strawberry.field(description="What the picture shows; fit for an `alt` text.")
