"""Content negotiation: the media type and the compression of an answer, by a client's headers."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import NamedTuple

RawHeaders = tuple[tuple[bytes, bytes], ...]

VARY = "Accept, Accept-Encoding, Origin"
"""The request headers that decide on an answer's form, and on whether pages of other sites may read it."""

MAX_HEADER = 4096
"""Bytes of a header that are looked at, so that what is kept by headers stays small."""
_HEADER_PAIRS = 256  # clients send few different ones
_GZIP = ("gzip", "x-gzip", "*")


class Offer(StrEnum):
    """The media types in which /graphql can answer."""

    JSON = "application/json"
    GRAPHQL_RESPONSE = "application/graphql-response+json"
    HTML = "text/html"
    EVENT_STREAM = "text/event-stream"

    __hash__ = str.__hash__  # that of an enumeration runs in Python, and every answer is looked up by its form


class Negotiated(NamedTuple):
    """The form of an answer: its media type, and its coding, `gzip` or empty for none."""

    offer: Offer
    coding: str

    @property
    def media_type(self) -> str:
        """The value of Content-Type."""
        return f"{self.offer}; charset=utf-8"

    @property
    def headers(self) -> RawHeaders:
        """Content-Type and Vary. Content-Encoding is left out, since short answers are not compressed."""
        return _headers(self)


class Specificity(IntEnum):
    """The exactness with which a media range names a media type. The most exact range decides."""

    ANY = 0
    KIND = 1
    EXACT = 2


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type or range in lower case, with its parameters."""

    name: str
    parameters: dict[str, str]

    @classmethod
    def parse(cls, text: str) -> "MediaType":
        """The media type in `text`, a value of Content-Type or one range of Accept."""
        name, *rest = text.split(";")
        pairs = (parameter.partition("=") for parameter in rest)
        return cls(name.strip().lower(), {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs})

    @property
    def quality(self) -> float:
        """A client's preference for it, from 0 (never) to 1; 0 also where the value is no such number."""
        try:
            quality = float(self.parameters.get("q", "1"))
        except ValueError:
            return 0.0
        return quality if 0 <= quality <= 1 else 0.0

    def covers(self, offer: Offer) -> Specificity | None:
        """The exactness with which this range names `offer`; None where it does not."""
        if self.name == offer:
            return Specificity.EXACT
        if self.name == f"{offer.partition('/')[0]}/*":
            return Specificity.KIND
        return Specificity.ANY if self.name == "*/*" else None


def negotiate(accept: bytes, accept_encoding: bytes, offers: tuple[Offer, ...]) -> Negotiated | None:
    """The form that a client with these headers likes best; None where it takes none of `offers`."""
    return _negotiate(accept[:MAX_HEADER], accept_encoding[:MAX_HEADER], offers)


def coding(accept_encoding: bytes) -> str:
    """The coding that a client with this header likes best: `gzip`, or empty for none."""
    return _coding(accept_encoding[:MAX_HEADER])


def best_offer(accept: Sequence[str], offers: Sequence[Offer]) -> Offer | None:
    """The one of `offers` that a client with these Accept headers likes best; None if it likes none.

    Of offers liked equally, one that is named goes before one that a wildcard covers, and GRAPHQL_RESPONSE, where it
    is named, before JSON: a client that names it knows what its status codes mean. Else the first of them is taken.

    >>> best_offer(["application/graphql-response+json, application/json;q=0.9"], tuple(Offer))
    <Offer.GRAPHQL_RESPONSE: 'application/graphql-response+json'>
    >>> best_offer(["*/*"], tuple(Offer))
    <Offer.JSON: 'application/json'>
    """
    ranges = [MediaType.parse(text) for text in (",".join(accept)[:MAX_HEADER] or "*/*").split(",")]
    preferred = max(offers, key=lambda offer: _liking(offer, ranges))
    quality, *_ = _liking(preferred, ranges)
    return preferred if quality > 0 else None


@lru_cache(_HEADER_PAIRS)
def _negotiate(accept: bytes, accept_encoding: bytes, offers: tuple[Offer, ...]) -> Negotiated | None:
    offer = best_offer([accept.decode("latin-1")] if accept else [], offers)
    return Negotiated(offer, coding(accept_encoding)) if offer else None


def _liking(offer: Offer, ranges: Sequence[MediaType]) -> tuple[float, Specificity, bool]:
    covering = [(exactness, range_.quality) for range_ in ranges if (exactness := range_.covers(offer)) is not None]
    exactness, quality = max(covering, default=(Specificity.ANY, 0.0))
    return quality, exactness, exactness is Specificity.EXACT and offer is Offer.GRAPHQL_RESPONSE


@lru_cache(_HEADER_PAIRS)
def _coding(accept_encoding: bytes) -> str:
    ranges = [MediaType.parse(text) for text in accept_encoding.decode("latin-1").split(",")]
    liked = {coding.name: coding.quality for coding in reversed(ranges)}
    quality = next((liked[name] for name in _GZIP if name in liked), 0.0)
    return "gzip" if quality > 0 and quality >= liked.get("identity", 0.0) else ""


@lru_cache
def _headers(negotiated: Negotiated) -> RawHeaders:
    return (b"content-type", negotiated.media_type.encode()), (b"vary", VARY.encode())
