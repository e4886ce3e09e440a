"""Whole articles as bytes in the index, and back."""

import msgspec
import orjson

from indexer.article import Article

_DECODER = msgspec.json.Decoder(Article)


def encoded(article: Article) -> bytes:
    """The article as JSON, with the attributes' names."""
    return orjson.dumps(article)


def decoded(data: bytes | str) -> Article:
    """The article that `encoded` made `data` of."""
    return _DECODER.decode(data)
