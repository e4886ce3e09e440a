"""Files that must be regular ones: nobody may ever write to a pipe that has taken their place."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path


def open_regular(path: Path) -> BufferedReader:
    """The file at `path`, open for reading. Raises OSError also where it is none, but a pipe, device or folder."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        code, reason = (
            (errno.EISDIR, "Is a directory") if stat.S_ISDIR(mode) else (errno.EINVAL, "It is no regular file")
        )
        raise OSError(code, reason, str(path))
    return os.fdopen(descriptor, "rb")


def read_regular(path: Path, size: int = -1) -> bytes:
    """The file's content, or its first bytes, `size` of them. Raises OSError as `open_regular` does."""
    with open_regular(path) as file:
        return file.read(size)
