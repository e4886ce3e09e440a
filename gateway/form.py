"""The form in which a client wants its answer: media type and coding, as its headers say."""

from functools import lru_cache
from typing import NamedTuple

from gateway.media_type import MediaType, Offer, best_offer

RawHeaders = tuple[tuple[bytes, bytes], ...]

VARY = "Accept, Accept-Encoding, Origin"
"""What decides on the form of an answer, and on whether a page of another site may read it."""

_REMEMBERED = 256  # pairs of headers, of which clients send few different ones
_LONGEST = 4096
_GZIP = ("gzip", "x-gzip", "*")


class Form(NamedTuple):
    """A media type, and how what is sent in it is compressed: `gzip`, or not at all. `headers` describe it."""

    offer: Offer
    coding: str
    headers: RawHeaders

    @property
    def media_type(self) -> str:
        """The value of Content-Type."""
        return _media_type(self.offer)


@lru_cache(_REMEMBERED)
def best_form(accept: bytes, accept_encoding: bytes, offers: tuple[Offer, ...]) -> Form | None:
    """The form that a client with these headers likes best; None where it takes none of `offers`."""
    offer = best_offer([accept.decode("latin-1")] if accept else [], offers)
    if offer is None:
        return None
    headers = ((b"content-type", _media_type(offer).encode()), (b"vary", VARY.encode()))
    return Form(offer, _coding(accept_encoding), headers)


def _media_type(offer: Offer) -> str:
    return f"{offer}; charset=utf-8"


def _coding(accept_encoding: bytes) -> str:
    ranges = [MediaType.parse(part) for part in accept_encoding[:_LONGEST].decode("latin-1").split(",")]
    liked = {each.name: each.quality for each in reversed(ranges)}
    quality = next((liked[name] for name in _GZIP if name in liked), 0.0)
    return "gzip" if quality > 0 else ""
