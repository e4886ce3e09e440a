"""Whole articles as bytes in the index, and back."""

import zlib
from collections.abc import Iterator, Sequence
from itertools import accumulate

import msgspec
import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.article import Article

_DECODER = msgspec.json.Decoder(Article)

STARTS = "articles.starts"
CHECKSUMS = "articles.checksums"


def encoded(article: Article) -> bytes:
    """The article as JSON, with the attributes' names."""
    return orjson.dumps(article)


def article_arrays(articles: Sequence[bytes]) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """The position of each article in a file of all, and its CRC-32, as named arrays."""
    yield STARTS, np.array([0, *accumulate(map(len, articles))], dtype=np.int64)
    yield CHECKSUMS, np.array([*map(zlib.crc32, articles)], dtype=np.uint32)


def decoded(data: bytes) -> Article:
    """The article that `encoded` made `data` of."""
    return _DECODER.decode(data)
