"""The secret of an index: random bytes in its folder, the same for all processes that serve it."""

import os
import zlib
from pathlib import Path
from secrets import token_bytes, token_hex

from indexer.errors import SearchIndexError
from indexer.regular_file import read_regular

_SIZE = 32
NAME = "newsstand.secret"  # no name of Whoosh's, and none of a generation's: it outlives both


def secret(folder: Path) -> bytes:
    """The secret, made by the process that comes first. Raises SearchIndexError where it cannot be kept or read."""
    path = folder / NAME
    try:
        if not path.exists():
            _make(path)
        data = read_regular(path)
    except OSError as error:
        raise SearchIndexError(f"the secret of the index, {path}, cannot be used: {error.strerror}") from error
    made = data[:_SIZE]
    if len(made) < _SIZE or data[_SIZE:] not in {_checksum(made), b""}:  # older versions wrote none
        raise SearchIndexError(f"the secret of the index, {path}, is damaged; remove the file")
    return made


def _make(path: Path) -> None:
    """Write a draft and link it to the name, which fails where another process was faster."""
    draft = path.with_suffix(f".{token_hex(8)}.tmp")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123 - a descriptor
            made = token_bytes(_SIZE)
            file.write(made + _checksum(made))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink(missing_ok=True)


def _checksum(made: bytes) -> bytes:
    return zlib.crc32(made).to_bytes(4, "little")
