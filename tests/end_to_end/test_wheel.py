"""The package as a stranger gets it: built, installed elsewhere, run on another folder."""

import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

ARTICLE = """---
title: Rain at last
publishedDateTime: 2024-05-01
webUrl: https://hill.example/rain
provider: {domain: hill.example}
---
"""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    return folder


def _run(*command: str | Path, cwd: Path | None = None, path: Path | None = None) -> str:
    env = {"PATH": "/usr/bin:/bin", **({"PYTHONPATH": str(path)} if path else {})}
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_installed_wheel_indexes_and_searches_another_folder(dist: Path, tmp_path: Path) -> None:
    installed, content = tmp_path / "installed", tmp_path / "articles"
    content.mkdir()
    (content / "rain.md").write_text(ARTICLE, encoding="utf-8")
    wheel = next(dist.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)  # noqa: S202  # built a moment ago
    newsstand = [sys.executable, "-c", "from gateway.cli.main import main; main()"]
    _run(*newsstand, "index", "--content", content, "--index", "here", cwd=tmp_path, path=installed)
    found = _run(*newsstand, "search", "rain", "--json", "--index", "here", cwd=tmp_path, path=installed)
    assert "Rain at last" in found
    assert json.loads(found)
    for compiled in (installed / "indexer/whoosh_engine/postings").glob("loops.*.so"):
        compiled.unlink()  # as where there is no compiler
    again = _run(*newsstand, "search", "rain", "--json", "--index", "here", cwd=tmp_path, path=installed)
    assert again == found
    place = _run(sys.executable, "-c", "import gateway; print(gateway.__file__)", cwd=tmp_path, path=installed)
    assert place.startswith(str(installed))


def test_wheel_and_source_archive_hold_the_code_and_nothing_else(dist: Path) -> None:
    with zipfile.ZipFile(next(dist.glob("*.whl"))) as archive:
        wheel = {name.split("/")[0] for name in archive.namelist()}
        assert "schema/schema.graphql" in archive.namelist()
        assert any(name.startswith("gateway/static/graphiql/") for name in archive.namelist())
        compiled = [name for name in archive.namelist() if name.startswith("indexer/whoosh_engine/postings/loops.")]
    assert any(name.endswith((".so", ".pyd")) for name in compiled) or not shutil.which("cc")
    assert {name for name in wheel if not name.endswith(".dist-info")} == {"gateway", "indexer", "schema"}
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    assert {"README.md", "CLIENTS.md", "LICENSE", "pyproject.toml", "schema/schema.graphql"} <= names
    assert {"indexer/whoosh_engine/postings/c/loops.c", "indexer/whoosh_engine/postings/c/table.h"} <= names
