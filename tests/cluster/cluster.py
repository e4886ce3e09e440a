"""A real cluster of three nodes in one Java process, which ends with the process that it was started for.

`python tests/cluster/cluster.py` starts one by hand, tells its hosts for `pytest --cluster`, and ends it at Ctrl-C.
"""

import contextlib
import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

FOLDER = Path(__file__).parent
NODES = 3

_LIBRARIES = FOLDER / "target" / "libraries"
_JAVA = 21
"""The oldest version that OpenSearch 3 runs on."""

_OPTIONS = (
    *("-Xms256m", "-Xmx768m", "-XX:+UseSerialGC"),  # a small process, however large the machine
    "-XX:TieredStopAtLevel=1",  # most tests are over before better code would pay
    "--enable-native-access=ALL-UNNAMED",
)
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made there
_FREE = 2 * 1024**3  # bytes

_SECONDS = 240
"""For each command, also on a machine that is busy with much else."""


class ClusterMissing(Exception):
    """What a cluster needs is not there, and the message tells what."""


_STARTED: list["Cluster"] = []
"""Kept, since others may use them when the process that started them has ended."""


class Cluster:
    """Three nodes, numbered from 0, at `hosts`: `host:port`, between commas. They end with the process `owner`.

    Raises ClusterMissing where they do not start. `fetch` has been called.
    """

    def __init__(self, folder: Path, *, owner: int) -> None:
        ports = _free_ports(2 * NODES)
        self.ports = ports[:NODES]
        self.hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports)
        self._files = _node_files(folder)
        self._answers = self._files / "answers"
        self._read = 0
        command = [str(_java()), *_OPTIONS, "-cp", f"{_LIBRARIES}/*", str(FOLDER / "ThreeNodes.java")]
        with (folder / "log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a JDK and the class path of this folder
                [*command, str(self._files), ",".join(map(str, ports)), str(owner)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._wait_for("start")

    def stop(self, node: int) -> None:
        """End a node; its connections break."""
        self._command(f"stop {node}")

    def start(self, node: int) -> None:
        """Start a node again, with the files that it had."""
        self._command(f"start {node}")

    def pause(self) -> None:
        """Let all nodes hang: they take connections and never answer, until `resume`."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let the nodes go on."""
        self._process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End all nodes, hanging or not."""
        self._process.kill()
        self._process.communicate()
        shutil.rmtree(self._files)

    def _command(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()
        self._wait_for(line)

    def _wait_for(self, line: str) -> None:
        ends = time.monotonic() + _SECONDS
        while True:
            said = self._answers.read_text("utf-8") if self._answers.exists() else ""
            found = said.find(f"done {line}\n", self._read)
            if found >= 0:
                self._read = found + 1
                return
            if self._process.poll() is not None or time.monotonic() > ends:
                raise ClusterMissing(f"the nodes do not {line}; {self._answers} says {said}")
            time.sleep(0.05)


def fetch() -> None:
    """Fetch OpenSearch, unless it is there already. Raises ClusterMissing where something lacks that it needs."""
    command = _java()
    if _LIBRARIES.exists() and _LIBRARIES.stat().st_mtime > (FOLDER / "pom.xml").stat().st_mtime:
        return
    maven = shutil.which("mvn")
    if maven is None:
        raise ClusterMissing("no Maven, which fetches OpenSearch; install it (`apt-get install maven`)")
    ended = subprocess.run(  # noqa: S603 - what the project file of this folder says
        [maven, "--batch-mode", "--quiet", "package"],
        cwd=FOLDER,
        env=os.environ | {"JAVA_HOME": str(command.parent.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        raise ClusterMissing(f"Maven cannot fetch OpenSearch; it says\n{ended.stdout[-2_000:]}")
    _LIBRARIES.touch()


def shared(folder: Path, *, owner: int) -> str:
    """The hosts of the one cluster of a test session, started by whichever of its processes asks first.

    All name the same folder and `owner`. Raises ClusterMissing where there cannot be one.
    """
    known = folder / "hosts"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            fetch()
            cluster = Cluster(folder, owner=owner)
            _STARTED.append(cluster)
            known.write_text(cluster.hosts, "utf-8")
    return known.read_text("utf-8")


def _java() -> Path:
    """The command of a JDK that is new enough: that of `JAVA_HOME`, or else the newest that Linux has."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(Path("/usr/lib/jvm").glob("*"), key=_version, reverse=True)
    for home in homes:
        if _version(home) >= _JAVA:
            return home / "bin" / "java"
    raise ClusterMissing(f"no JDK {_JAVA} or newer, on which OpenSearch runs; install one, and set JAVA_HOME")


def _version(home: Path) -> int:
    """The version of the JDK at a place; 0 where there is none that can compile."""
    release = home / "release"
    if not (home / "bin" / "javac").exists() or not release.exists():
        return 0
    found = re.search(r'^JAVA_VERSION="(\d+)', release.read_text("utf-8"), re.MULTILINE)
    return int(found[1]) if found else 0


def _node_files(folder: Path) -> Path:
    """The folder for the nodes' files: in memory where that is possible, since they wait for each write on a disk."""
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _FREE:
        return Path(tempfile.mkdtemp(prefix="newsstand-test-cluster-", dir=_MEMORY))
    return folder / "nodes"


def _free_ports(count: int) -> list[int]:
    with ExitStack() as sockets:
        listening = [sockets.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in listening]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as given, contextlib.suppress(KeyboardInterrupt):
        print(f"pytest --cluster={shared(Path(given), owner=os.getpid())}", flush=True)  # noqa: T201
        signal.pause()
