"""Tags of answers to GraphQL requests, and the time for which caches may keep them."""

import hashlib
from collections.abc import Sequence

import orjson
from starlette.exceptions import HTTPException

from gateway.http.moment import Moment
from gateway.http.negotiation import RawHeaders
from gateway.http.validators import fingerprint, tags
from schema.execution.request import GraphQLRequest

_REVALIDATE = b"no-cache"


def edition(version: str, *parts: bytes) -> str:
    """A hash of everything else on which answers depend: this software's version, and its settings."""
    digest = hashlib.sha256(version.encode())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


class AnswerTags:
    """Makes tags. Processes of the same `edition` that serve the same index make the same ones.

    Caches may answer for `seconds` without asking, but not after the next article appears; with 0 they ask each time.
    """

    def __init__(self, *, seconds: int, edition: str) -> None:
        self._seconds = seconds
        self._edition = edition

    def tag(self, request: GraphQLRequest, moment: Moment, *, form: Sequence[str]) -> bytes:
        """The strong tag of the answer to `request` at `moment`, in quotes; `form` is its media type and coding.

        Raises HTTPException 422 for variables that are nested too deep for a tag.
        """
        question = (request.query, request.operation_name, request.variables or {}, request.server_url)
        try:
            return b'"%b"' % fingerprint(self._edition, moment.identity, question, form).encode()
        except orjson.JSONEncodeError as error:
            raise HTTPException(422, "variables are nested too deep for an address: send them by POST") from error

    def headers(self, tag: bytes, moment: Moment) -> RawHeaders:
        """The tag, and the time for which an answer may be kept from now on."""
        return (b"etag", tag), (b"cache-control", self._cache_control(moment))

    @staticmethod
    def is_named(tag: bytes, if_none_match: bytes) -> bool:
        """True where the header names this very version."""
        return if_none_match == tag or tag.decode() in tags(if_none_match.decode("latin-1"))

    def _cache_control(self, moment: Moment) -> bytes:
        left = self._seconds if moment.seconds_left is None else min(self._seconds, int(moment.seconds_left))
        return b"public, max-age=%d" % left if left > 0 else _REVALIDATE
