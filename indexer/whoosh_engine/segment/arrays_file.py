"""Named arrays in one file, read into memory and compared with their checksum."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, SupportsIndex, overload

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.errors import lacks_descriptors
from indexer.regular_file import open_regular

# Raise this when the arrays of a segment change; files of another version are made anew.
_MAGIC = b"NEWSSTAND ARRAYS 6\n"
_ALIGNMENT = 64
_SUMMED = len(_MAGIC) + 4  # from here on, all bytes count in the checksum
_HEAD = _SUMMED + 4
_END = b"\xff"  # of a text; UTF-8 has no such byte, but a text may hold any character, be it NUL

Arrays = Mapping[str, NDArray[Any]]  # Any: each array has a type of its own


def save(path: Path, arrays: Arrays) -> None:
    """Write the arrays to `path`, all at once: a reader sees the old file or the new one.

    The file's name counts in its checksum, so that it is not taken for that of another segment.
    """
    entries: dict[str, tuple[str, int, int]] = {}
    size = 0
    for name, array in arrays.items():
        entries[name] = (array.dtype.str, size, len(array))
        size += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    head = orjson.dumps([size, entries])
    start = len(head).to_bytes(4, "little") + head
    start += bytes(-(_SUMMED + len(start)) % _ALIGNMENT)
    contents = [np.ascontiguousarray(array).view(np.uint8).data for array in arrays.values()]
    checksum = zlib.crc32(start, _seed(path))
    for content in contents:
        checksum = zlib.crc32(_padding(content), zlib.crc32(content, checksum))
    draft = path.with_name(f"{path.name}.tmp")
    with draft.open("wb") as file:
        file.write(_MAGIC + checksum.to_bytes(4, "little") + start)
        for content in contents:
            file.write(content)
            file.write(_padding(content))
    draft.replace(path)


def load(path: Path) -> Arrays | None:
    """The arrays in the file; None where it is missing, of another version, or damaged.

    They are a copy in memory: a mapped file that is cut short would end every process that looks at it.
    """
    try:
        content = _content(path)
    except OSError as error:
        if lacks_descriptors(error):  # making them anew would take long, and need more
            raise
        return None
    if content[: len(_MAGIC)] != _MAGIC or len(content) < _HEAD:
        return None
    if zlib.crc32(content[_SUMMED:], _seed(path)) != int.from_bytes(content[len(_MAGIC) : _SUMMED], "little"):
        return None
    length = int.from_bytes(content[_SUMMED:_HEAD], "little")
    _, entries = orjson.loads(content[_HEAD : _HEAD + length])
    base = -(-(_HEAD + length) // _ALIGNMENT) * _ALIGNMENT
    return {
        name: np.frombuffer(content, dtype=np.dtype(kind), count=count, offset=base + offset)
        for name, (kind, offset, count) in entries.items()
    }


def joined(texts: Sequence[str]) -> NDArray[np.uint8]:
    """Texts as one array of bytes."""
    return np.frombuffer(b"".join(text.encode() + _END for text in texts), dtype=np.uint8)


def split(array: NDArray[np.uint8]) -> list[str]:
    """The texts that `joined` made `array` of."""
    return [text.decode() for text in array.tobytes().split(_END)[:-1]]


class Texts(Sequence[str]):
    """The texts that `joined` made an array of, decoded one at a time: a million in a list take twice their bytes."""

    def __init__(self, array: NDArray[np.uint8]) -> None:
        self._array = array
        self._bytes = array.data
        self._ends = np.flatnonzero(array == _END[0]).data

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, index: SupportsIndex) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> list[str]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> str | list[str]:
        if isinstance(index, slice):
            return self.some(range(*index.indices(len(self))))
        number = index.__index__()
        if number < 0:
            number = range(len(self))[number]
        return str(self._bytes[self._ends[number - 1] + 1 if number else 0 : self._ends[number]], "utf-8")

    def __iter__(self) -> Iterator[str]:
        return iter(split(self._array))

    def some(self, numbers: Iterable[int]) -> list[str]:
        """The texts with these numbers, from 0."""
        texts, ends = self._bytes, self._ends
        return [str(texts[ends[number - 1] + 1 if number else 0 : ends[number]], "utf-8") for number in numbers]


def _content(path: Path) -> memoryview:
    """The bytes of the file, aligned, for reading only. Raises OSError."""
    with open_regular(path) as file:
        size = path.stat().st_size
        memory = np.empty(size + _ALIGNMENT, dtype=np.uint8)
        start = -memory.ctypes.data % _ALIGNMENT
        content = memory[start : start + size].data.toreadonly()
        read = file.readinto(memory[start : start + size].data)
    return content[:read]


def _seed(path: Path) -> int:
    return zlib.crc32(path.name.encode())


def _padding(content: memoryview) -> bytes:
    return bytes(-content.nbytes % _ALIGNMENT)
