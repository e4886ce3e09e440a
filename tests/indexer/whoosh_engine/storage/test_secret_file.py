"""The secret of an index: one for all processes, and hard to lose."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from indexer.engines import index_secret
from indexer.errors import SearchIndexError
from indexer.text.language import Language
from indexer.whoosh_engine.storage.secret_file import secret
from indexer.whoosh_engine.writing.writer import WhooshWriter
from tests.samples import plain


def built(folder: Path, key: str) -> None:
    with WhooshWriter(folder, language=Language.ENGLISH) as writer:
        writer.add([plain(key)])
        writer.commit(b"")


def test_whoever_asks_at_the_same_time_gets_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        [made] = {*threads.map(secret, [tmp_path] * 64)}
    assert len(made) == 32
    assert [path.name for path in tmp_path.iterdir()] == ["newsstand.secret"]
    assert index_secret(f"whoosh://{tmp_path}") == made


def test_each_index_has_a_secret_of_its_own_that_its_owner_alone_may_read(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    assert secret(tmp_path / "a") != secret(tmp_path / "b")
    assert stat.S_IMODE((tmp_path / "a" / "newsstand.secret").stat().st_mode) == 0o600


def test_builds_leave_the_secret_alone(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    built(folder, "a")
    made = secret(folder)
    for key in "abc":
        built(folder, key)
    assert secret(folder) == made


@pytest.mark.parametrize("content", [b"", b"short", bytes(33)])
def test_a_damaged_secret_is_told_and_not_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "newsstand.secret"
    path.write_bytes(content)
    with pytest.raises(SearchIndexError, match=r"newsstand\.secret, is damaged; remove the file"):
        secret(tmp_path)
    assert path.read_bytes() == content


def test_a_secret_with_another_byte_is_told(tmp_path: Path) -> None:
    made, path = secret(tmp_path), tmp_path / "newsstand.secret"
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(SearchIndexError, match="is damaged; remove the file"):
            secret(tmp_path)
    path.write_bytes(whole[:32])  # as older versions wrote it
    assert secret(tmp_path) == made


def test_a_folder_that_cannot_keep_a_secret_is_told(tmp_path: Path) -> None:
    with pytest.raises(SearchIndexError, match="cannot be used: No such file"):
        secret(tmp_path / "nowhere")
    (tmp_path / "file").touch()
    with pytest.raises(SearchIndexError, match="cannot be used: Not a directory"):
        secret(tmp_path / "file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_only_read_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SearchIndexError, match="cannot be used: Permission denied"):
        secret(tmp_path)
