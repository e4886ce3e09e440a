"""Files that never change under their address, kept compressed."""

import gzip
import os
from datetime import UTC, datetime
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from gateway.http.compression import coding_of
from gateway.http.validators import Freshness, fingerprint

_VARY = {"Vary": "Accept-Encoding"}
_UNTIL_EVER = "public, max-age=31536000, immutable"


class CompressedFiles(StaticFiles):
    """Serves the file `name.gz` at the address `name`; files that are not compressed are not served at all."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """The compressed file for an address, and its state where it exists."""
        return super().lookup_path(f"{path}.gz")

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file as it is; decompressed for the rare client that does not take gzip."""
        version = Freshness(
            tag=fingerprint(stat_result.st_mtime_ns, stat_result.st_size),
            modified=datetime.fromtimestamp(stat_result.st_mtime, UTC),
            cache_control=_UNTIL_EVER,
        )
        response = version.answer(Headers(scope=scope), lambda: _file(full_path, stat_result, scope, status_code))
        response.headers.update(_VARY)
        return response


def _file(path: str | os.PathLike[str], state: os.stat_result, scope: Scope, status: int) -> Response:
    packed = FileResponse(path, status, {"Content-Encoding": "gzip"}, stat_result=state)
    if coding_of(scope):
        return packed
    return Response(gzip.decompress(Path(path).read_bytes()), status, media_type=packed.media_type)
