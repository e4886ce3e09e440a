"""Files that never change under their address, kept compressed."""

import gzip
import os
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}


class CompressedFiles(StaticFiles):
    """Serves the file `name.gz` at the address `name`; files that are not compressed are not served at all."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """The compressed file for an address, and its state where it exists."""
        return super().lookup_path(f"{path}.gz")

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """The file as it is; decompressed for the rare client that does not take gzip."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers.update(_HEADERS)
        if not isinstance(response, FileResponse):
            return response
        if "gzip" in Headers(scope=scope).get("accept-encoding", ""):
            response.headers["Content-Encoding"] = "gzip"
            return response
        return Response(gzip.decompress(Path(full_path).read_bytes()), headers=_HEADERS, media_type=response.media_type)
