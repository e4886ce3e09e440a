"""The state of a builder in pieces."""

import pytest

from indexer.errors import IndexUnreadable
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.writing.state_pieces import joined, packed, pieces_of

ADDRESS = Address((("one", 9200),), "news")


@pytest.mark.parametrize("state", [b"", b"x", b"\x00\xff" * 3_000_000, bytes(range(256)) * 30_000])
def test_a_state_comes_back_from_its_pieces(state: bytes) -> None:
    pieces = pieces_of(state)
    sources = {id_: packed(piece) for id_, piece in pieces}
    assert joined([id_ for id_, _ in pieces], sources, ADDRESS) == state


def test_a_state_that_grows_at_its_end_keeps_the_pieces_before() -> None:
    state = bytes(range(256)) * 20_000
    before, after = dict(pieces_of(state)), dict(pieces_of(state + b"more"))
    assert len(after.keys() - before.keys()) == 1


def test_a_piece_that_is_missing_or_another_is_damage() -> None:
    [(id_, piece)] = pieces_of(b"state")
    for sources in ({}, {id_: {}}, {id_: {"data": "!"}}, {id_: packed(b"other")}):
        with pytest.raises(IndexUnreadable, match="damaged"):
            joined([id_], sources, ADDRESS)
    assert piece == b"state"
