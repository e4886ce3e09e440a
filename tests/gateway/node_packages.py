"""Programs with the packages they need, run by Node.js."""

import fcntl
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

_PROGRAMS = Path(__file__).parent / "node"
PATIENCE = 180


@dataclass(frozen=True, slots=True)
class Node:
    """Node.js at `program`, and a folder where the packages are installed."""

    program: str
    folder: Path

    def run(self, script: str, *arguments: str) -> list[dict[str, object]]:
        """The JSON that a program of `node/` prints."""
        command = (self.program, str(self.folder / script), *arguments)
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 - our own
        assert done.returncode == 0, done.stderr.decode()
        results: list[dict[str, object]] = orjson.loads(done.stdout)
        return results


def installed(folder: Path, programs: Path = _PROGRAMS, *, oldest: int = 18) -> Node:
    """Node.js with `programs` and their packages, installed in `folder` where they are not yet.

    Tests of other processes, which share the folder, wait meanwhile. Skips the test where that is not possible, or
    Node.js is older than `oldest`.
    """
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        pytest.skip("Node.js and npm are not installed")
    version = subprocess.run((program, "--version"), capture_output=True, text=True, check=True).stdout  # noqa: S603
    if int(version.removeprefix("v").partition(".")[0]) < oldest:
        pytest.skip(f"Node.js is {version.strip()}, and the packages of this test need {oldest} or newer")
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        changed = [path for path in programs.iterdir() if _differs(path, folder / path.name)]
        is_complete = folder / ".complete"
        if changed or not is_complete.exists():
            is_complete.unlink(missing_ok=True)
            for path in changed:
                shutil.copy(path, folder)
            _install(npm, folder)
            is_complete.touch()
    return Node(program, folder)


def _differs(path: Path, copy: Path) -> bool:
    return not copy.exists() or copy.read_bytes() != path.read_bytes()


def _install(npm: str, folder: Path) -> None:
    command = (npm, "install", "--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline", "--ignore-scripts")
    try:
        subprocess.run(command, cwd=folder, capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603 - as above
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"npm could not install the packages: {error}")
