from pathlib import Path

from structlog.testing import capture_logs

from gateway.config.cursor_key import CursorKey
from gateway.config.settings import Settings
from indexer.engines import index_secret


def test_the_key_that_is_set_is_in_force_whatever_the_index_has(tmp_path: Path):
    assert CursorKey(Settings(index=str(tmp_path), cursor_key="ü" * 32))() == ("ü" * 32).encode()
    assert [*tmp_path.iterdir()] == []


def test_without_one_it_is_the_secret_of_the_index(tmp_path: Path):
    settings = Settings(index=str(tmp_path))
    assert CursorKey(settings)() == CursorKey(settings)() == index_secret(str(tmp_path))


def test_an_index_that_was_removed_and_rebuilt_has_another_key(tmp_path: Path):
    key = CursorKey(Settings(index=str(tmp_path)))
    before = key()
    for file in tmp_path.iterdir():
        file.unlink()
    assert before != key() == index_secret(str(tmp_path))


def test_where_the_index_keeps_none_it_is_one_of_this_process_and_the_log_says_so(tmp_path: Path):
    settings = Settings(index=str(tmp_path / "nowhere"))
    with capture_logs() as lines:
        keys = CursorKey(settings)(), CursorKey(settings)()
    assert len({*keys}) == 2
    assert [line["log_level"] for line in lines] == ["warning"] * 2
    assert "other workers refuse them" in lines[0]["event"]
    assert "set NEWSSTAND_CURSOR_KEY" in lines[0]["event"]
    assert "No such file" in lines[0]["reason"]
    assert not any(key.hex() in repr(lines) or repr(key) in repr(lines) for key in keys)


def test_a_key_that_cannot_be_read_any_more_stays_in_force(tmp_path: Path):
    folder = tmp_path / "index"
    folder.mkdir()
    key = CursorKey(Settings(index=str(folder)))
    before = key()
    (folder / "newsstand.secret").unlink()
    folder.rmdir()
    with capture_logs() as lines:
        assert key() == before
    assert len(lines) == 1
