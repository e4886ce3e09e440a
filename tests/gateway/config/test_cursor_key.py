from pathlib import Path

from structlog.testing import capture_logs

from gateway.config.cursor_key import in_force
from gateway.config.settings import Settings
from indexer.engines import index_secret


def test_the_key_that_is_set_is_in_force_whatever_the_index_has(tmp_path: Path):
    assert in_force(Settings(index=str(tmp_path), cursor_key="ü" * 32)) == ("ü" * 32).encode()
    assert [*tmp_path.iterdir()] == []


def test_without_one_it_is_the_secret_of_the_index(tmp_path: Path):
    settings = Settings(index=str(tmp_path))
    assert in_force(settings) == in_force(settings) == index_secret(str(tmp_path))


def test_where_the_index_keeps_none_it_is_one_of_this_process_and_the_log_says_so(tmp_path: Path):
    settings = Settings(index=str(tmp_path / "nowhere"))
    with capture_logs() as lines:
        keys = in_force(settings), in_force(settings)
    assert len({*keys}) == 2
    assert [line["log_level"] for line in lines] == ["warning"] * 2
    assert "other workers refuse them" in lines[0]["event"]
    assert "set NEWSSTAND_CURSOR_KEY" in lines[0]["event"]
    assert "No such file" in lines[0]["reason"]
    assert not any(key.hex() in repr(lines) or repr(key) in repr(lines) for key in keys)
