"""The form in which a client wants its answer: media type and coding, as its headers say."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from typing import NamedTuple

_LONGEST_ACCEPT = 4096


class Offer(StrEnum):
    """The forms in which /graphql can answer."""

    JSON = "application/json"
    GRAPHQL_RESPONSE = "application/graphql-response+json"
    HTML = "text/html"

    __hash__ = str.__hash__  # that of an enumeration is looked up in Python, and every answer is looked up by its form


class Specificity(IntEnum):
    """How exactly a media range names a media type. The most exact range decides."""

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
        """The media type in `text`, a value of a Content-Type or a part of an Accept header."""
        name, *rest = text.split(";")
        pairs = (part.partition("=") for part in rest)
        return cls(name.strip().lower(), {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs})

    @property
    def quality(self) -> float:
        """How much a client wants this, from 0 (not at all) to 1; a value that is none counts as 0."""
        try:
            quality = float(self.parameters.get("q", "1"))
        except ValueError:
            return 0.0
        return quality if 0 <= quality <= 1 else 0.0

    def covers(self, offer: Offer) -> Specificity | None:
        """How exactly this range names `offer`; None where it does not."""
        if self.name == offer:
            return Specificity.EXACT
        if self.name == f"{offer.partition('/')[0]}/*":
            return Specificity.KIND
        return Specificity.ANY if self.name == "*/*" else None


def best_offer(accept: Sequence[str], offers: Sequence[Offer]) -> Offer | None:
    """The one of `offers` that a client with these Accept headers likes best; None if it likes none.

    Of offers liked equally, one that is named goes before one that a wildcard covers, and GRAPHQL_RESPONSE, where it
    is named, before JSON: who names it knows what its status codes mean. Else the first of them is taken.

    >>> best_offer(["application/graphql-response+json, application/json;q=0.9"], tuple(Offer))
    <Offer.GRAPHQL_RESPONSE: 'application/graphql-response+json'>
    >>> best_offer(["*/*"], tuple(Offer))
    <Offer.JSON: 'application/json'>
    """
    listed = ",".join(accept)[:_LONGEST_ACCEPT] or "*/*"
    ranges = [MediaType.parse(part) for part in listed.split(",")]
    preferred = max(offers, key=lambda offer: _liking(offer, ranges))
    quality, *_ = _liking(preferred, ranges)
    return preferred if quality > 0 else None


def _liking(offer: Offer, ranges: Sequence[MediaType]) -> tuple[float, Specificity, bool]:
    covering = [(exactness, entry.quality) for entry in ranges if (exactness := entry.covers(offer)) is not None]
    exactness, quality = max(covering, default=(Specificity.ANY, 0.0))
    return quality, exactness, exactness is Specificity.EXACT and offer is Offer.GRAPHQL_RESPONSE


RawHeaders = tuple[tuple[bytes, bytes], ...]

VARY = "Accept, Accept-Encoding, Origin"
"""What decides on the form of an answer, and on whether a page of another site may read it."""

_REMEMBERED = 256  # pairs of headers, of which clients send few different ones
_LONGEST = 4096
_GZIP = ("gzip", "x-gzip", "*")


class Negotiated(NamedTuple):
    """A media type, and how what is sent in it is compressed: `gzip`, or not at all."""

    offer: Offer
    coding: str

    @property
    def media_type(self) -> str:
        """The value of Content-Type."""
        return f"{self.offer}; charset=utf-8"

    @property
    def headers(self) -> RawHeaders:
        """What tells caches and clients of it, but for the coding, which short answers go without."""
        return _headers(self)


def best_form(accept: bytes, accept_encoding: bytes, offers: tuple[Offer, ...]) -> Negotiated | None:
    """The form that a client with these headers likes best; None where it takes none of `offers`."""
    return _best_form(accept[:_LONGEST], accept_encoding[:_LONGEST], offers)


@lru_cache(_REMEMBERED)
def _best_form(accept: bytes, accept_encoding: bytes, offers: tuple[Offer, ...]) -> Negotiated | None:
    offer = best_offer([accept.decode("latin-1")] if accept else [], offers)
    return Negotiated(offer, _coding(accept_encoding)) if offer else None


@lru_cache
def _headers(form: Negotiated) -> RawHeaders:
    return (b"content-type", form.media_type.encode()), (b"vary", VARY.encode())


def _coding(accept_encoding: bytes) -> str:
    ranges = [MediaType.parse(part) for part in accept_encoding.decode("latin-1").split(",")]
    liked = {each.name: each.quality for each in reversed(ranges)}
    quality = next((liked[name] for name in _GZIP if name in liked), 0.0)
    return "gzip" if quality > 0 and quality >= liked.get("identity", 0.0) else ""
