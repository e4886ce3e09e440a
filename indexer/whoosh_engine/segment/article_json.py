"""Whole articles as bytes in the index, and back."""

import zlib
from collections.abc import Iterable, Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from indexer.article import Article

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Article)

STARTS = "articles.starts"
CHECKSUMS = "articles.checksums"


def encoded(article: Article) -> bytes:
    """The article as JSON, with the attributes' names, but for those that have their defaults."""
    return _ENCODER.encode(article)


def article_arrays(articles: Iterable[bytes]) -> Iterator[tuple[str, NDArray[np.generic]]]:
    """The position of each article in a file of all, and its CRC-32, as named arrays."""
    sizes, checksums = [], []
    for article in articles:
        sizes.append(len(article))
        checksums.append(zlib.crc32(article))
    yield STARTS, np.cumsum([0, *sizes], dtype=np.int64)
    yield CHECKSUMS, np.array(checksums, dtype=np.uint32)


def decoded(data: bytes) -> Article:
    """The article that `encoded` made `data` of."""
    return _DECODER.decode(data)
