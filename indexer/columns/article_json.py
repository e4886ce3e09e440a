"""Whole articles as bytes in the index, and back."""

from sys import getsizeof

import msgspec

from indexer.article import Article
from indexer.memory import plain_bytes

_ARTICLE = 4_000  # bytes of an article without long texts, about
_QUOTED = 800  # and of an image or an article that it quotes
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Article)


def encoded(article: Article) -> bytes:
    """The article as JSON, with the attributes' names, but for those that have their defaults."""
    return _ENCODER.encode(article)


def decoded(data: bytes | str) -> Article:
    """The article that `encoded` made `data` of."""
    return _DECODER.decode(data)


def article_bytes(article: Article) -> int:
    """The memory that an article takes, about."""
    texts = sum(map(getsizeof, (article.excerpt, article.body, article.lead, article.text)))
    extras = plain_bytes(article.extras) if article.extras else 0
    return _ARTICLE + texts + extras + _QUOTED * (len(article.related) + len(article.images))
