"""Named arrays in one file, mapped into memory when read, so that all processes share them."""

import mmap
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.errors import lacks_descriptors

# Raise this when the arrays of a segment change; files of another version are made anew.
_MAGIC = b"NEWSSTAND ARRAYS 5\n"
_ALIGNMENT = 64
_END = b"\xff"  # of a text; UTF-8 has no such byte, but a text may hold any character, be it NUL

Arrays = Mapping[str, NDArray[Any]]  # Any: each array has a type of its own


def save(path: Path, arrays: Arrays) -> None:
    """Write the arrays to `path`, all at once: a reader sees the old file or the new one."""
    entries: dict[str, tuple[str, int, int]] = {}
    size = 0
    for name, array in arrays.items():
        entries[name] = (array.dtype.str, size, len(array))
        size += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    head = orjson.dumps([size, entries])
    preamble = _MAGIC + zlib.crc32(head).to_bytes(4, "little") + len(head).to_bytes(4, "little") + head
    draft = path.with_name(f"{path.name}.tmp")
    with draft.open("wb") as file:
        file.write(_padded(preamble))
        for array in arrays.values():
            file.write(_padded(np.ascontiguousarray(array).tobytes()))
    draft.replace(path)


def load(path: Path) -> Arrays | None:
    """The arrays in the file; None where it is missing, of another version, or cut short."""
    try:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:  # ValueError: an empty file
        if lacks_descriptors(error):  # making them anew would take long, and need more
            raise
        return None
    start = len(_MAGIC) + 8
    checksum, length = mapped[len(_MAGIC) : start - 4], int.from_bytes(mapped[start - 4 : start], "little")
    head = mapped[start : start + length]
    if mapped[: len(_MAGIC)] != _MAGIC or not head or zlib.crc32(head).to_bytes(4, "little") != checksum:
        return None
    size, entries = orjson.loads(head)
    base = len(_padded(mapped[: start + length]))
    if len(mapped) != base + size:
        return None
    return {
        name: np.frombuffer(mapped, dtype=np.dtype(kind), count=count, offset=base + offset)
        for name, (kind, offset, count) in entries.items()
    }


def joined(texts: Sequence[str]) -> NDArray[np.uint8]:
    """Texts as one array of bytes."""
    return np.frombuffer(b"".join(text.encode() + _END for text in texts), dtype=np.uint8)


def split(array: NDArray[np.uint8]) -> list[str]:
    """The texts that `joined` made `array` of."""
    return [text.decode() for text in array.tobytes().split(_END)[:-1]]


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % _ALIGNMENT)
