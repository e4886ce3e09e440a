"""An empty folder, and a process that builds its index."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.newsroom import Builder
from tests.indexer.folder import Folder

ROOT = Path(__file__).parents[2]


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> int:
    """The number of faults to draw."""
    number: int = request.config.getoption("--faults")
    return number


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.fixture
def builder(folder: Folder) -> Iterator[Builder]:
    command = [sys.executable, str(Path(__file__).with_name("builder.py"))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as process:
        yield Builder(process, folder)
        assert process.stdin
        process.stdin.close()
