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


def best_form(accept: bytes, accept_encoding: bytes, offers: tuple[Offer, ...]) -> Form | None:
    """The form that a client with these headers likes best; None where it takes none of `offers`."""
    return _best_form(accept[:_LONGEST], accept_encoding[:_LONGEST], offers)


@lru_cache(_REMEMBERED)
def _best_form(accept: bytes, accept_encoding: bytes, offers: tuple[Offer, ...]) -> Form | None:
    offer = best_offer([accept.decode("latin-1")] if accept else [], offers)
    return Form(offer, _coding(accept_encoding)) if offer else None


@lru_cache
def _headers(form: Form) -> RawHeaders:
    return (b"content-type", form.media_type.encode()), (b"vary", VARY.encode())


def _coding(accept_encoding: bytes) -> str:
    ranges = [MediaType.parse(part) for part in accept_encoding.decode("latin-1").split(",")]
    liked = {each.name: each.quality for each in reversed(ranges)}
    quality = next((liked[name] for name in _GZIP if name in liked), 0.0)
    return "gzip" if quality > 0 and quality >= liked.get("identity", 0.0) else ""
