"""For how long answers to GraphQL requests may be kept, and by which tag they are known."""

import hashlib
from collections.abc import Sequence

import orjson

from gateway.freshness import Freshness, Strength
from gateway.moment import Moment
from schema.executor import GraphQLRequest

_TAG_LENGTH = 32


def edition(version: str, *parts: bytes) -> str:
    """A name for everything else that answers depend on: this software's version, and what it was set up with."""
    digest = hashlib.sha256(version.encode())
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


class Caching:
    """Versions of answers. Processes of the same `edition` that serve the same index give the same tags.

    Caches may answer for `seconds` without asking, but not beyond the moment in which the next article appears; with 0
    they ask each time.
    """

    def __init__(self, *, seconds: int, edition: str) -> None:
        self._seconds = seconds
        self._edition = edition

    def freshness(self, request: GraphQLRequest, moment: Moment, *, form: Sequence[str]) -> Freshness:
        """The version of the answer to `request` at `moment`; `form` says how it is encoded."""
        asked = (request.query, request.operation_name, request.variables or {})
        origin = (self._edition, moment.generation, moment.built_at, moment.clock)
        named = orjson.dumps((origin, asked, form), option=orjson.OPT_SORT_KEYS)
        tag = hashlib.sha256(named).hexdigest()[:_TAG_LENGTH]
        return Freshness(tag=tag, strength=Strength.STRONG, cache_control=self._cache_control(moment))

    def _cache_control(self, moment: Moment) -> str:
        left = self._seconds if moment.seconds_left is None else min(self._seconds, int(moment.seconds_left))
        return f"public, max-age={left}" if left > 0 else "no-cache"
