import os
import subprocess
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from gateway.config.errors import SettingError
from gateway.config.settings import DocumentsMode
from gateway.graphql.manifest import in_force
from tests.gateway.server_process import COMMAND

ALLOW = DocumentsMode.ALLOW
QUERY = "query Titles { articles { nodes { title } } }"
HASH = sha256(QUERY.encode()).hexdigest()


def written(folder: Path, content: object) -> Path:
    path = folder / "documents.json"
    path.write_bytes(content if isinstance(content, bytes) else orjson.dumps(content))
    return path


@pytest.mark.parametrize(
    "content",
    [
        {HASH: QUERY},
        {f"sha256:{HASH}": QUERY},
        {f"sha256:{HASH}": QUERY, HASH: QUERY},
        {
            "format": "apollo-persisted-query-manifest",
            "version": 1,
            "operations": [{"id": HASH, "name": "Titles", "type": "query", "body": QUERY}],
        },
    ],
)
def test_the_files_of_relay_graphql_codegen_and_apollo_are_read(tmp_path: Path, content: object):
    assert in_force(written(tmp_path, content), ALLOW) == {HASH: QUERY}


def test_an_id_need_not_be_a_hash(tmp_path: Path):
    """Relay hashes with MD5 unless it is told otherwise, and some builds count."""
    assert in_force(written(tmp_path, {"1": QUERY, "format": "{ a }"}), ALLOW) == {"1": QUERY, "format": "{ a }"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"{", "JSON|end of data|EOF"),
        (b'{"a": "\xff"}', "UTF-8|str is not valid"),
        ([QUERY], "must be a JSON object"),
        ({"a": 1}, "'a' stands for must be a text"),
        ({f"sha256:{HASH}": "{ other }"}, "is not the SHA-256"),
        ({f"sha256:{HASH}": QUERY, HASH: "{ other }"}, "two documents"),
        ({"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}, "version 1"),
        ({"format": "apollo-persisted-query-manifest", "version": 1}, "list of operations"),
        ({"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a"}]}, "id and a body"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_reason(tmp_path: Path, content: object, reason: str):
    path = written(tmp_path, content)
    with pytest.raises(SettingError, match=reason) as error:
        in_force(path, ALLOW)
    assert f"NEWSSTAND_DOCUMENTS is '{path}'" in str(error.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path):
    with pytest.raises(SettingError, match=r"nowhere\.json"):
        in_force(tmp_path / "nowhere.json", ALLOW)


def test_a_server_does_not_start_with_a_file_that_cannot_be_used(tmp_path: Path):
    path = written(tmp_path, [QUERY])
    environment = {**os.environ, "NEWSSTAND_DOCUMENTS": str(path), "NEWSSTAND_WORKERS": "2"}
    options = ("--content", str(tmp_path / "nowhere"), "--index", str(tmp_path / "index"))
    started = subprocess.run(  # noqa: S603 - it is our own command
        (*COMMAND, *options), env=environment, capture_output=True, check=False
    )
    assert started.returncode == 2
    [line] = started.stderr.decode().splitlines()
    assert line.startswith("newsstand: NEWSSTAND_DOCUMENTS is ")


def test_only_without_a_file_would_refuse_everything():
    assert in_force(None, ALLOW) == {}
    with pytest.raises(SettingError, match="NEWSSTAND_DOCUMENTS must name a file"):
        in_force(None, DocumentsMode.ONLY)
