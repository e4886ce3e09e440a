"""Content files read and parsed, on all processors, in order, with a bounded number in memory."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from indexer.content.fields.rules import STRICT, FieldRules
from indexer.content.markup.frontmatter import MAX_BYTES
from indexer.content.parse import Parsed, parse_article
from indexer.errors import ContentProblem
from indexer.regular_file import read_regular

CHUNK = 200
_IN_FLIGHT = 3  # chunks a process, so that none waits and few results pile up


class FileToRead(NamedTuple):
    """A file to read in a context, and the digest of its content and context when it was last parsed, if ever."""

    path: str
    digest: str
    context: str = ""


class Reading(NamedTuple):
    """The result of reading a file: `parsed` is None where its content is as it was, `digest` None where it is gone."""

    path: str
    digest: str | None
    parsed: Parsed | None


def read_files(
    root: Path, files: Sequence[FileToRead], *, rules: FieldRules = STRICT, processes: int | None = None
) -> Iterator[Reading]:
    """Read `files` below `root`; parse those whose digest changed. The readings come in the order of the files.

    `processes` share the work, by default as many as there are processors; few files are read without any.
    """
    processes = processes or os.cpu_count() or 1
    if len(files) <= CHUNK or processes == 1:
        yield from (_read(root, rules, *file) for file in files)
        return
    spawning = multiprocessing.get_context("spawn")
    # An interrupt is left to the process that started the others, which stops them in good order.
    with ProcessPoolExecutor(processes, spawning, signal.signal, (signal.SIGINT, signal.SIG_IGN)) as pool:
        waiting: deque[Future[list[Reading]]] = deque()
        for start in range(0, len(files), CHUNK):
            waiting.append(pool.submit(_read_chunk, root, rules, files[start : start + CHUNK]))
            if len(waiting) >= processes * _IN_FLIGHT:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def digest_of(data: bytes, context: str = "") -> str:
    """The digest by which contents are compared."""
    return blake2b(data, digest_size=16, key=context.encode()).hexdigest()


def _read_chunk(root: Path, rules: FieldRules, chunk: Sequence[FileToRead]) -> list[Reading]:
    return [_read(root, rules, *file) for file in chunk]


def _read(root: Path, rules: FieldRules, path: str, last_digest: str, context: str) -> Reading:
    try:
        data = read_regular(root / path, MAX_BYTES + 1)
    except FileNotFoundError:
        return Reading(path, None, None)
    except OSError as error:
        reason = f"the file cannot be read: {error.strerror}"
        problem = ContentProblem(path=path, reason=reason, remedy="give read permission")
        return Reading(path, "", Parsed(None, (problem,)))
    digest = digest_of(data, context)
    return Reading(path, digest, None if digest == last_digest else parse_article(path, data, rules))
