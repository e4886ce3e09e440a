"""One HTTP request: sent alone for its answer, or written out for the loader to send again and again."""

import http.client
from typing import NamedTuple

_HOST = "127.0.0.1"
_PATIENCE = 60  # seconds


class Answer(NamedTuple):
    """The answer. Names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Request(NamedTuple):
    """A request to any server: a POST of JSON, or without a body a GET of a version that is not `etag`."""

    path: str
    body: bytes = b""
    etag: str = ""

    @property
    def method(self) -> str:
        """GET or POST."""
        return "POST" if self.body else "GET"

    def answer(self, port: int) -> Answer:
        """Send it on a connection of its own. Raises OSError where nobody listens."""
        connection = http.client.HTTPConnection(_HOST, port, timeout=_PATIENCE)
        try:
            connection.request(self.method, self.path, self.body or None, self._headers)
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read())
        finally:
            connection.close()

    def written(self, port: int) -> bytes:
        """The request as it goes over the wire."""
        headers = {"Host": f"{_HOST}:{port}", **self._headers}
        if self.body:
            headers["Content-Length"] = str(len(self.body))
        head = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*head, "\r\n"]).encode() + self.body

    @property
    def _headers(self) -> dict[str, str]:
        content = {"Content-Type": "application/json"} if self.body else {}
        return {**content, "If-None-Match": self.etag} if self.etag else content
