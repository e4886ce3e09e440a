"""Files of named arrays: what comes back, and what is recognised as no such file."""

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.whoosh_engine.segment.arrays_file import Texts, joined, load, save, split
from tests.indexer.whoosh_engine.gathered import assert_equal_arrays

ARRAYS = {
    "empty": np.empty(0, dtype=np.int32),
    "bytes": np.frombuffer(b"some bytes", dtype=np.uint8),
    "large": np.arange(10_000, dtype=np.int64) * 2**40,
    "every.second": np.arange(10, dtype=np.uint16)[::2],
    "truths": np.array([True, False, True]),
    "末": np.array([1.5, -0.0]),
}


def test_arrays_come_back_with_their_types(tmp_path: Path) -> None:
    save(tmp_path / "file", ARRAYS)
    loaded = load(tmp_path / "file")
    assert loaded is not None
    assert_equal_arrays(dict(loaded), ARRAYS)


def test_no_arrays_come_back_as_none(tmp_path: Path) -> None:
    save(tmp_path / "file", {})
    assert load(tmp_path / "file") == {}


def test_arrays_begin_where_processors_read_them_fastest(tmp_path: Path) -> None:
    save(tmp_path / "file", ARRAYS)
    for array in (load(tmp_path / "file") or {}).values():
        assert array.ctypes.data % 64 == 0


def test_loaded_arrays_cannot_be_changed(tmp_path: Path) -> None:
    # All searches share them.
    save(tmp_path / "file", ARRAYS)
    with pytest.raises(ValueError, match="read-only"):
        (load(tmp_path / "file") or {})["large"][0] = 1


def test_saving_again_leaves_what_was_loaded(tmp_path: Path) -> None:
    save(tmp_path / "file", ARRAYS)
    old = load(tmp_path / "file") or {}
    save(tmp_path / "file", {"large": np.zeros(3)})
    assert old["large"][-1] == 9_999 * 2**40
    assert [*(load(tmp_path / "file") or {})] == ["large"]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_missing_file_has_no_arrays(tmp_path: Path) -> None:
    assert load(tmp_path / "file") is None


def test_a_file_cut_short_anywhere_has_no_arrays(tmp_path: Path) -> None:
    save(tmp_path / "file", {"some": np.arange(20), "more": np.arange(3)})
    whole = (tmp_path / "file").read_bytes()
    for size in range(len(whole)):
        (tmp_path / "file").write_bytes(whole[:size])
        assert load(tmp_path / "file") is None, size
    (tmp_path / "file").write_bytes(whole + b"\0")
    assert load(tmp_path / "file") is None


def test_a_file_with_another_byte_anywhere_has_no_arrays(tmp_path: Path) -> None:
    save(tmp_path / "file", {"some": np.arange(20), "more": np.arange(3)})
    whole = (tmp_path / "file").read_bytes()
    for place in range(len(whole)):
        (tmp_path / "file").write_bytes(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :])
        assert load(tmp_path / "file") is None, place


def test_a_file_that_is_cut_short_later_leaves_what_was_loaded(tmp_path: Path) -> None:
    save(tmp_path / "file", ARRAYS)
    loaded = load(tmp_path / "file")
    with (tmp_path / "file").open("r+b") as file:
        file.truncate(0)
    assert_equal_arrays(dict(loaded or {}), ARRAYS)


def test_a_file_under_the_name_of_another_has_no_arrays(tmp_path: Path) -> None:
    save(tmp_path / "file", ARRAYS)
    (tmp_path / "other").write_bytes((tmp_path / "file").read_bytes())
    assert load(tmp_path / "other") is None


def test_a_pipe_in_its_place_has_no_arrays(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "file")
    assert load(tmp_path / "file") is None


def test_a_file_of_another_version_has_no_arrays(tmp_path: Path) -> None:
    save(tmp_path / "file", ARRAYS)
    magic, rest = (tmp_path / "file").read_bytes().split(b"\n", 1)
    version = int(magic.split()[-1])
    for other in (version - 1, version + 1):
        (tmp_path / "file").write_bytes(b"%s%d\n%s" % (magic.rstrip(b"0123456789"), other, rest))
        assert load(tmp_path / "file") is None


def test_a_file_of_zeros_behind_the_right_beginning_has_no_arrays(tmp_path: Path) -> None:
    # Such as a disk that lost its power leaves; nothing has the checksum zero.
    save(tmp_path / "file", ARRAYS)
    magic = (tmp_path / "file").read_bytes().split(b"\n", 1)[0] + b"\n"
    (tmp_path / "file").write_bytes(magic + bytes(200))
    assert load(tmp_path / "file") is None


def assert_back(texts: list[str]) -> None:
    assert split(joined(texts)) == texts
    one_by_one = Texts(joined(texts))
    assert (len(one_by_one), [*one_by_one], one_by_one[1:-1]) == (len(texts), texts, texts[1:-1])
    for number in range(-len(texts), len(texts)):
        assert one_by_one[number] == texts[number]
    assert one_by_one.some(range(len(texts))[::-1]) == texts[::-1]
    with pytest.raises(IndexError):
        _ = one_by_one[len(texts)]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts_of_any_characters_come_back(texts: list[str]) -> None:
    assert_back(texts)


@pytest.mark.parametrize("texts", [[], [""], ["", ""], ["a\0b", "\n"], ["ÿ", "東京", "🗞️"]])
def test_empty_and_strange_texts_come_back(texts: list[str]) -> None:
    assert_back(texts)
