"""The files of a folder at `/assets/`: pictures of articles."""

import asyncio
import errno
import os
import re
import stat
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gateway.config.assets import AssetFolder
from gateway.http.error_responses import overloaded
from gateway.http.validators import Freshness, fingerprint
from indexer.regular_file import open_regular

TYPES: Mapping[str, str] = {
    **{f".{name}": f"image/{name}" for name in ("apng", "avif", "bmp", "gif", "jpeg", "jxl", "png", "webp")},
    ".jpg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".json": "application/json",
}
"""Media types by suffix. Browsers run what is in none of them, and SVG only where nothing forbids it."""
_OTHER = "application/octet-stream"  # which browsers save
_INERT = {
    "Accept-Ranges": "bytes",
    "Content-Security-Policy": "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox",
}
"""A picture that is opened by itself is no page of ours: it runs no script, and loads nothing."""
_CHUNK = 256 * 1024
_RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))[ \t]*", re.IGNORECASE)
_ABSENT = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.EACCES, errno.EPERM})


class _File(NamedTuple):
    """An ordinary file, and the size and time of writing by which another version of it shows."""

    path: Path
    size: int
    mtime_ns: int

    def read(self, start: int, size: int) -> bytes:
        """These bytes of the file. Raises OSError where it is another one by now.

        It is open no longer than that: clients that read slowly would hold as many files open as connections.
        """
        with open_regular(self.path, follow=False) as file:
            if _File.of(self.path, os.fstat(file.fileno())) != self:
                raise OSError(f"{self.path} was changed while it was sent")
            file.seek(start)
            return file.read(size)

    @classmethod
    def of(cls, path: Path, status: os.stat_result) -> "_File | None":
        """The file of that status; None where it is a folder, a device or the like."""
        return cls(path, status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None


class Assets:
    """Serves the files of `folder`. Links are followed within it; hidden files are not served.

    Caches may answer for `cache_seconds` without asking.
    """

    def __init__(self, folder: AssetFolder, *, cache_seconds: int) -> None:
        self._folder = folder
        self._cache_control = f"public, max-age={cache_seconds}" if cache_seconds else "no-cache"

    async def answer(self, request: Request) -> Response:
        """The file, or the range of it that the client asks for. Raises HTTPException 404, 416 and 503."""
        file = await asyncio.to_thread(self._file, request.path_params["path"])
        if file is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        modified = datetime.fromtimestamp(file.mtime_ns // 1_000_000_000, UTC)
        tag = fingerprint(file.size, file.mtime_ns)
        version = Freshness(tag=tag, modified=modified, cache_control=self._cache_control)
        if version.is_known(request.headers):
            return Response(status_code=304, headers=version.headers)
        headers = {**version.headers, **_INERT, "Content-Type": TYPES.get(file.path.suffix.lower(), _OTHER)}
        if request.method == "HEAD":
            return Response(headers={**headers, "Content-Length": str(file.size)})
        if request.headers.get("if-range", headers["Last-Modified"]) == headers["Last-Modified"]:
            part = _range(request.headers.get("range", ""), file.size)
        else:
            part = None
        if part is None:
            return await _sent(file, range(file.size), 200, headers)
        headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{file.size}"
        return await _sent(file, part, 206, headers)

    def _file(self, path: str) -> _File | None:
        """The file at a path below the folder; None where there is none that may be served."""
        if not _is_open(path):
            return None
        try:
            root = self._folder.root()
            real = (root / path).resolve(strict=True)
            inside = real.is_relative_to(root) and _is_open(real.relative_to(root).as_posix())
            return _File.of(real, real.stat()) if inside else None
        except (ValueError, RuntimeError):  # a text that is no path, or a loop of links
            return None
        except OSError as error:
            if error.errno in _ABSENT:
                return None
            raise


def _is_open(path: str) -> bool:
    """True for a path downwards, without hidden files or folders."""
    return not any(part.startswith(".") or not part or "\\" in part for part in path.split("/"))


def _range(asked: str, size: int) -> range | None:
    """The one range of bytes that is asked for; None for all of them. Raises HTTPException 416 for one beyond the end.

    Several ranges are answered with the whole file, which RFC 9110 (section 14.2) allows.
    """
    match = _RANGE.fullmatch(asked)
    if match is None or (match[2] and int(match[2]) < int(match[1])):
        return None
    part = range(int(match[1]), min(int(match[2] or size) + 1, size)) if match[1] else range(size)[-int(match[3]) :]
    if not part or match[3] == "0":
        problem = f"The file has {size} bytes, and no such range; ask for some of them, as in Range: bytes=0-99"
        raise HTTPException(416, problem, {"Content-Range": f"bytes */{size}"})
    return part


async def _sent(file: _File, part: range, status: int, headers: Mapping[str, str]) -> Response:
    if len(part) <= _CHUNK:
        try:
            return Response(await asyncio.to_thread(file.read, part.start, len(part)), status, headers)
        except OSError as error:
            raise overloaded("The file is being changed") from error
    return StreamingResponse(_chunks(file, part), status, {**headers, "Content-Length": str(len(part))})


async def _chunks(file: _File, part: range) -> AsyncIterator[bytes]:
    for start in range(part.start, part.stop, _CHUNK):
        yield await asyncio.to_thread(file.read, start, min(_CHUNK, part.stop - start))
