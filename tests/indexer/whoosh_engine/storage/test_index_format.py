"""The format of an index, as it is written and read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.whoosh_engine.storage.checksums import Checksum
from indexer.whoosh_engine.storage.index_format import VERSION, Format


@given(st.integers(0, 99), st.text(st.characters(exclude_categories=["Cs"])), st.datetimes(timezones=st.just(UTC)))
def test_a_format_comes_back_as_it_was(version: int, language: str, built_at: datetime) -> None:
    for has_bodies in (False, True):
        original = Format(version=version, language=language, built_at=built_at, has_bodies=has_bodies)
        assert Format.decoded(original.encoded()) == original


def test_a_format_of_this_version_with_another_byte_is_none() -> None:
    built_at = datetime(2024, 6, 1, tzinfo=UTC)
    checksums = {"MAIN_a.pst": Checksum(1, 2, 3, 4), "_MAIN_1.toc": Checksum(5, 6)}
    original = Format(version=VERSION, language="english", built_at=built_at, checksums=checksums)
    whole = original.encoded()
    assert Format.decoded(whole) == original
    for place in range(len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        try:
            assert Format.decoded(damaged).version != VERSION, place
        except ValueError:
            continue


def test_a_format_that_does_not_tell_of_bodies_has_none() -> None:
    older = b'{"version":5,"language":"english","built_at":"2024-06-01T00:00:00+00:00"}'
    assert Format.decoded(older).has_bodies is False


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"null", b"[]", b"1", b"{}", b'{"version":1,"language":"english"}', b"\xff"]
    + [b'{"version":1,"language":"english","built_at":%s}' % built for built in (b"1", b'"soon"', b"null")],
)
def test_anything_else_is_no_format(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        Format.decoded(data)
