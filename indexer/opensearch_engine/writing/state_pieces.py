"""The state of a builder in pieces, each a document of its own: where it has grown at its end, few are new."""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

from indexer.errors import IndexUnreadable
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.head import STATE

_SIZE = 2_000_000  # bytes, before they are compressed


def pieces_of(state: bytes) -> list[tuple[str, bytes]]:
    """The pieces of a state in order, each behind the id of its document. Equal pieces have one document."""
    pieces = [state[start : start + _SIZE] for start in range(0, len(state), _SIZE)]
    return [(f"{STATE}-{blake2b(piece, digest_size=16).hexdigest()}", piece) for piece in pieces]


def packed(piece: bytes) -> Mapping[str, str]:
    """The source of a piece's document."""
    return {"data": b64encode(zlib.compress(piece, 1)).decode()}


def joined(ids: Sequence[str], sources: Mapping[str, Mapping[str, Any]], address: Address) -> bytes:  # Any: JSON
    """The state of the pieces with these ids. Raises IndexUnreadable where one is missing or damaged."""
    try:
        state = b"".join(zlib.decompress(b64decode(sources[id_]["data"])) for id_ in ids)
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise IndexUnreadable(f"the state of the index {address} is damaged; build it with --full") from error
    if [id_ for id_, _ in pieces_of(state)] != list(ids):
        raise IndexUnreadable(f"the state of the index {address} is damaged; build it with --full")
    return state
