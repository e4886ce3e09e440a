"""Scripts, styles and icons of pages: each has a plain address, and a versioned one that may be kept for a year."""

import gzip
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.http.compression import WORTH_IT, coding_of
from gateway.http.validators import Freshness, fingerprint

_FOLDER = Path(__file__).parents[1] / "static" / "pages"
_UNTIL_EVER = "public, max-age=31536000, immutable"
_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_VERSION_LENGTH = 12


class PageFile:
    """A file of `gateway/static/pages/`, read and packed once.

    It is served at its name, or at another `address`. With `?v=` and its `version` the answer never changes. Any other
    version gets the file as it is, so that pages which name an older one go on working.
    """

    def __init__(self, name: str, *, address: str = "") -> None:
        self._address = address or name
        self._body = (_FOLDER / name).read_bytes()
        self._packed = gzip.compress(self._body, mtime=0) if len(self._body) >= WORTH_IT else None
        self._media_type = _MEDIA_TYPES[Path(name).suffix]
        self.version = fingerprint(name, self._body.decode())[:_VERSION_LENGTH]

    @property
    def address(self) -> str:
        """The address of this version, relative to that of the server."""
        return f"{self._address}?v={self.version}"

    @property
    def route(self) -> Route:
        """The route to the file."""
        return Route(f"/{self._address}", self._answer, methods=["GET"])

    async def _answer(self, request: Request) -> Response:
        is_versioned = request.query_params.get("v") == self.version
        freshness = Freshness(tag=self.version, cache_control=_UNTIL_EVER if is_versioned else "no-cache")
        response = freshness.answer(request.headers, lambda: self._file(coding_of(request.scope)))
        response.headers["Vary"] = "Accept-Encoding"
        return response

    def _file(self, coding: str) -> Response:
        if coding and self._packed:
            return Response(self._packed, headers={"Content-Encoding": "gzip"}, media_type=self._media_type)
        return Response(self._body, media_type=self._media_type)


SEARCH_BOX = "search-box.js"
ICON = "icon.svg"
FAVICON = "favicon.ico"
"""The address that browsers ask for an icon without being told of one."""
HOME_STYLE = "home.css"
HOME_SCRIPT = "home.js"
