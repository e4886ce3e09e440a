"""A process that builds an index in children of its own, made by forking: the modules are imported once.

Each line of its input has, in JSON, a content folder, an index, and the number of the file operation at which the child
kills itself (0: never), or the seconds after which it is killed. It answers with a line: the child's exit status and
the number of file operations that it began.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from indexer import engines
from indexer.content.build import build
from indexer.errors import ContentProblem

OPERATIONS = frozenset({"open", "os.remove", "os.rename", "os.truncate", "os.mkdir", "os.link"})


class Silent:
    """A listener to a build that says nothing."""

    def start(self, files: int) -> None: ...
    def advance(self, files: int) -> None: ...
    def problem(self, problem: ContentProblem) -> None: ...
    def finish(self) -> None: ...


def counting(fatal: int) -> Callable[[], int]:
    """Count file operations from now on, and die before the one of this number."""
    begun = 0

    def hook(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal begun
        if event in OPERATIONS:
            begun += 1
            if begun == fatal:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    return lambda: begun


def build_in_child(content: str, index: str, fatal: int, told: int) -> None:
    """Build, and tell the number of file operations."""
    begun = counting(fatal)
    with engines.open_writer(index, lock_seconds=60) as writer:
        build(Path(content), writer, progress=Silent(), processes=1)
    os.write(told, str(begun()).encode())


def main() -> None:
    """Answer each line."""
    for line in sys.stdin:
        content, index, fatal, seconds = json.loads(line)
        reading, told = os.pipe()
        child = os.fork()
        if not child:
            status = 1
            try:
                build_in_child(content, index, fatal, told)
                status = 0
            finally:
                os._exit(status)
        os.close(told)
        if seconds:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        begun = os.read(reading, 20)
        os.close(reading)
        print(json.dumps([os.waitstatus_to_exitcode(status), int(begun or b"0")]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
