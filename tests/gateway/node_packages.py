"""Programs with the packages they need, run by Node.js."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

_PROGRAMS = Path(__file__).parent / "node"
_PATIENCE = 180


@dataclass(frozen=True, slots=True)
class Node:
    """Node.js at `program`, and a folder where the packages are installed."""

    program: str
    folder: Path

    def run(self, script: str, *arguments: str) -> list[dict[str, object]]:
        """The JSON that a program of `node/` prints."""
        command = (self.program, str(self.folder / script), *arguments)
        done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)  # noqa: S603 - our own
        assert done.returncode == 0, done.stderr.decode()
        results: list[dict[str, object]] = orjson.loads(done.stdout)
        return results


def installed(folder: Path, programs: Path = _PROGRAMS) -> Node:
    """Node.js with `programs` and their packages, installed in `folder`. Skips the test where that is not possible."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        pytest.skip("Node.js and npm are not installed")
    for path in programs.iterdir():
        shutil.copy(path, folder)
    command = (npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline", "--ignore-scripts")
    try:
        subprocess.run(command, cwd=folder, capture_output=True, timeout=_PATIENCE, check=True)  # noqa: S603 - as above
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"npm could not install the packages: {error}")
    return Node(program, folder)
