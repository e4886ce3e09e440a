"""The size of an answer, bounded while it is written."""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import TypeGuard

import orjson

from indexer.errors import RequestError


class AnswerTooLarge(RequestError):
    """An answer has more than `most` bytes."""

    def __init__(self, most: int) -> None:
        self.most = most
        remedy = "Ask for smaller pages, or for less in each entry"
        super().__init__(f"The answer is larger than {most} bytes, the most that is sent. {remedy}.")


class AnswerBuffer(BytesIO):
    """A file in memory that takes `most` bytes. Raises `AnswerTooLarge` before it takes more."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, piece: bytes) -> int:  # type: ignore[override] # of all buffers, bytes are written
        """Write behind what was written before."""
        if self.tell() + len(piece) > self._most:
            raise AnswerTooLarge(self._most)
        return super().write(piece)


def as_json(value: object) -> bytes:
    """A value in JSON, instants of UTC as the scalar `DateTime` has them: `2020-02-06T01:27:00Z`."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def written(value: Mapping[str, object], *, most: int, pieces: float = 1) -> bytes:
    """An object in JSON, of at most `most` bytes. Raises `AnswerTooLarge`.

    With more `pieces` than one, about so many are written one after another: entries of lists, or parts of them. What
    is too large is found out then before more than `most` bytes and one piece take memory.
    """
    if pieces <= 1:
        body = as_json(value)
        if len(body) > most:
            raise AnswerTooLarge(most)
        return body
    buffer = AnswerBuffer(most)
    write_pieces(value, pieces, buffer.write)
    return buffer.getvalue()


def write_pieces(value: object, pieces: float, write: Callable[[bytes], object]) -> None:
    """Write a value in JSON by about so many calls of `write`."""
    if pieces > 1 and type(value) is dict and value:
        before = b"{"
        for name, each in value.items():
            write(b"%b%b:" % (before, orjson.dumps(name)))
            write_pieces(each, pieces, write)
            before = b","
        write(b"}")
    elif pieces > 1 and _is_list(value) and value:
        before = b"["
        size = max(1, int(len(value) / pieces))
        for start in range(0, len(value), size):
            write(before)
            if size > 1:
                write(as_json(value[start : start + size])[1:-1])
            else:
                write_pieces(value[start], pieces / len(value), write)
            before = b","
        write(b"]")
    else:
        write(as_json(value))


def _is_list(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    return type(value) is list or type(value) is tuple
