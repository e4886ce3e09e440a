"""The names by which clients may call a server (RFC 9110, section 7.2)."""

import ipaddress
import re

from starlette.exceptions import HTTPException
from starlette.types import Scope

PREFIX = "newsstand.prefix"
"""The key of a scope under which the path stands that clients write before every address of this server."""
_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = rf"(?P<name>{_LABEL}(?:\.{_LABEL})*\.?)"
_ADDRESS = r"\[(?P<address>[0-9A-Fa-f:.]+)\]"
_HOST = re.compile(rf"(?:{_NAME}|{_ADDRESS})(?::(?P<port>[0-9]{{1,5}}))?")
_LONGEST = 253  # characters of a name, as DNS has it
_MAX_PORT = 65535


def is_host(text: str) -> bool:
    """True for a name, or an address of IPv4 or IPv6, with a port or without.

    >>> is_host("news.example:8000"), is_host("[::1]"), is_host(".."), is_host("news.example/path")
    (True, True, False, False)
    """
    match = _HOST.fullmatch(text)
    if match is None or not 0 < int(match["port"] or _MAX_PORT) <= _MAX_PORT:
        return False
    return len(match["name"]) <= _LONGEST if match["name"] else _is_address(match["address"])


class ServerUrl:
    """The URL of this server, before the paths of its addresses: the `public_url`, or else as clients ask for it.

    That of the latest request is kept, since most requests ask for the same one.
    """

    def __init__(self, public_url: str | None) -> None:
        self._public_url = public_url and public_url.rstrip("/")
        self._latest: tuple[tuple[str, bytes, str], str] | None = None

    def of(self, scope: Scope) -> str:
        """The URL for the client of a request, without a slash at its end.

        Raises HTTPException 400 where the Host header names no server.
        """
        if self._public_url:
            return self._public_url
        asked = scope.get("scheme", "http"), _host(scope), scope.get(PREFIX, "")
        if self._latest is None or self._latest[0] != asked:
            self._latest = asked, _url(*asked)
        return self._latest[1]


def _host(scope: Scope) -> bytes:
    """The host that a request names. HTTP/1.0 needs none: the client called the server by its address then."""
    for name, value in scope["headers"]:
        if name == b"host":
            return bytes(value)
    address, port = scope.get("server") or ("localhost", None)
    address = f"[{address}]" if ":" in address else address
    return f"{address}:{port}".encode() if port else address.encode()


def _url(scheme: str, host: bytes, prefix: str) -> str:
    name = host.decode("latin-1")
    if not is_host(name):
        raise HTTPException(400, "The Host header must name the server that is asked, as in Host: news.example:8000")
    return f"{scheme}://{name}{prefix}"


def _is_address(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
