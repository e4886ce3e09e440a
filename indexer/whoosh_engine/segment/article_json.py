"""Whole articles as bytes in the index, and back."""

from datetime import datetime
from typing import Any

import orjson

from indexer.article import Article, Extra, Image, Provider, Related


def encoded(article: Article) -> bytes:
    """The article as JSON, with the attributes' names."""
    return orjson.dumps(article)


def decoded(data: bytes) -> Article:
    """The article that `encoded` made `data` of."""
    fields: dict[str, Any] = orjson.loads(data)  # Any: what encoded() wrote, read back
    fields["published_date_time"] = datetime.fromisoformat(fields["published_date_time"])
    fields["provider"] = _provider(fields["provider"])
    fields["topics"] = tuple(fields["topics"])
    fields["images"] = _images(fields["images"])
    fields["related"] = tuple(_related(related) for related in fields["related"])
    fields["authors"] = tuple(fields["authors"])
    if fields["updated_date_time"]:
        fields["updated_date_time"] = datetime.fromisoformat(fields["updated_date_time"])
    fields["extras"] = tuple(Extra(**extra) for extra in fields["extras"])
    return Article(**fields)


def _related(fields: dict[str, Any]) -> Related:
    if fields["published_date_time"]:
        fields["published_date_time"] = datetime.fromisoformat(fields["published_date_time"])
    if fields["provider"]:
        fields["provider"] = _provider(fields["provider"])
    fields["images"] = _images(fields["images"])
    return Related(**fields)


def _provider(fields: dict[str, Any]) -> Provider:
    fields["images"] = _images(fields["images"])
    return Provider(**fields)


def _images(items: list[dict[str, Any]]) -> tuple[Image, ...]:
    return tuple(Image(**fields) for fields in items)
