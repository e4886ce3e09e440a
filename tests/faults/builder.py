"""A process that builds an index in children of its own, made by forking: the modules are imported once.

Each line of its input has, in JSON, a content folder, an index, the number of the file operation at which the child
kills itself (0: never), the seconds after which it is killed (0: never), and the most bytes that a file may have (0:
any number). It answers with a line: the child's exit status, the number of file operations that it began, and the error
that it met.
"""

import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from indexer import engines
from indexer.content.build import build
from indexer.errors import ContentProblem, NewsstandError

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


def build_in_child(content: str, index: str, *, fatal: int, most_bytes: int) -> tuple[int, str]:
    """Build. The number of file operations, and the error."""
    if most_bytes:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    begun, trouble = counting(fatal), ""
    try:
        with engines.open_writer(index, lock_seconds=60) as writer:
            build(Path(content), writer, progress=Silent(), processes=1)
    except NewsstandError as error:
        trouble = str(error)
    return begun(), trouble


def main() -> None:
    """Answer each line."""
    for line in sys.stdin:
        content, index, fatal, seconds, most_bytes = json.loads(line)
        reading, told = os.pipe()
        child = os.fork()
        if not child:
            status = 1
            try:
                report = build_in_child(content, index, fatal=fatal, most_bytes=most_bytes)
                os.write(told, json.dumps(report).encode())
                status = 0
            finally:
                os._exit(status)
        os.close(told)
        if seconds:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        report = json.loads(os.read(reading, 10_000) or b'[0, ""]')
        os.close(reading)
        print(json.dumps([os.waitstatus_to_exitcode(status), *report]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
