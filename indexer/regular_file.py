"""Files that must be regular ones: nobody may ever write to a pipe that has taken their place."""

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


def open_regular(path: Path, *, follow: bool = True) -> BufferedReader:
    """The file at `path`, open for reading. Raises OSError also where it is none, but a pipe, device or folder.

    Without `follow`, the same is true of a link.
    """
    descriptor = os.open(path, _READING if follow else _READING | _NO_LINK)
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
