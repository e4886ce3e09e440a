"""Checksums of an index's files: taken when a file is complete, compared before it is trusted."""

import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from indexer.regular_file import open_regular

CHANGED = "the file has other bytes than were written"
MISSING = "the file is missing"

_CHUNK = 2**20
_DIGITS = 8


class Checksum(NamedTuple):
    """Size in bytes and CRC-32 of a file.

    `ctime_ns` and `inode` are those of the file when it was read: as long as they stay, nobody has written to it.
    """

    size: int
    crc32: int
    ctime_ns: int = 0
    inode: int = 0

    @classmethod
    def of_bytes(cls, data: bytes) -> "Checksum":
        """The checksum of a file with this content, which is read whenever it is compared."""
        return cls(len(data), zlib.crc32(data))

    @classmethod
    def of_file(cls, path: Path) -> "Checksum":
        """The checksum of a file as it is now. Raises OSError."""
        size = crc32 = 0
        with open_regular(path) as file:
            status = os.fstat(file.fileno())
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                crc32 = zlib.crc32(chunk, crc32)
        return cls(size, crc32, status.st_ctime_ns, status.st_ino)

    def is_untouched(self, path: Path) -> bool:
        """True if nobody has written to the file since its checksum was taken. Reads nothing of it."""
        try:
            status = path.stat()
        except OSError:
            return False
        return (self.size, self.ctime_ns, self.inode) == (status.st_size, status.st_ctime_ns, status.st_ino)

    def damage(self, path: Path) -> str:
        """The difference of the file as it is now, in words; empty where it is whole. Raises OSError."""
        try:
            now = Checksum.of_file(path)
        except FileNotFoundError:
            return MISSING
        if now.size != self.size:
            return f"the file has {now.size} bytes instead of {self.size}"
        return "" if now.crc32 == self.crc32 else CHANGED


def of_segment(folder: Path, segment: str) -> dict[str, Checksum]:
    """The checksums of Whoosh's files of a segment, by their names."""
    paths = sorted(folder.glob(f"{segment}.*"))
    return {path.name: Checksum.of_file(path) for path in paths if path.suffix in {".col", ".pst", ".trm"}}


def within(checksums: Mapping[str, Checksum], segment: str) -> Iterator[tuple[str, Checksum]]:
    """Those of one segment's files."""
    return (item for item in checksums.items() if item[0].startswith(f"{segment}."))


def sealed(data: bytes) -> bytes:
    """The data behind a line with its own checksum."""
    return b"%0*x\n%s" % (_DIGITS, zlib.crc32(data), data)


def unsealed(data: bytes) -> bytes:
    """Read what `sealed` wrote. Raises ValueError where a byte of it is another."""
    head, _, body = data.partition(b"\n")
    if head != b"%0*x" % (_DIGITS, zlib.crc32(body)):
        raise ValueError(CHANGED)
    return body
