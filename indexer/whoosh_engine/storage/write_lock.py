"""The lock of an index: one writer at a time among all processes. Its file names the holder."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname

import orjson
from whoosh.filedb.filestore import FileStorage
from whoosh.util.filelock import LockBase

from indexer.errors import IndexBusy, IndexUnreadable

_NAME = "MAIN_WRITELOCK"  # the one that Whoosh's own writers take
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class WriteLock:
    """A lock that is taken. The system gives it up where the process dies, however that happens."""

    lock: LockBase

    def release(self) -> None:
        """Give it up, and leave no name of a holder behind."""
        with suppress(OSError):
            os.ftruncate(self.lock.fd, 0)
        self.lock.release()


def locked(folder: Path, *, seconds: float = 0) -> WriteLock:
    """The lock of the index, taken; the folder is made if it is missing.

    Another holder has so many `seconds` to end. Raises IndexBusy, which names it, and IndexUnreadable.
    """
    deadline = time.monotonic() + seconds
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileStorage(str(folder)).lock(_NAME)
        while not lock.acquire():
            if time.monotonic() >= deadline:
                raise IndexBusy(
                    f"another build{_holder(folder)} is writing the index in {folder}; wait until it ends, or end it"
                )
            time.sleep(_POLL_SECONDS)
    except OSError as error:
        raise IndexUnreadable(f"the index folder {folder} cannot be written: {error.strerror}") from error
    _sign(lock)
    return WriteLock(lock)


def _sign(lock: LockBase) -> None:
    """Write who holds the lock into its file. On a full disk it is held without a name."""
    holder = {"pid": os.getpid(), "host": gethostname(), "since": datetime.now(UTC).replace(microsecond=0)}
    with suppress(OSError):
        os.ftruncate(lock.fd, 0)
        os.pwrite(lock.fd, orjson.dumps(holder), 0)


def _holder(folder: Path) -> str:
    """The holder as the file tells it; empty where it tells nothing, as with a writer of plain Whoosh."""
    try:
        holder = orjson.loads((folder / _NAME).read_bytes())
        return f" (process {holder['pid']} on {holder['host']}, since {holder['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
