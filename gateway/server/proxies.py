"""Requests as their clients sent them, before proxies passed them on."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from starlette.types import Scope

from gateway.config.setting_values import Network, is_prefix
from gateway.config.settings import ForwardedHeaders, Settings
from gateway.http.host import PREFIX, is_host

_MOST = 32  # proxies that are looked at, from the last one on
_SCHEMES = frozenset({"http", "https"})
_PAIR = re.compile(r'\s*([A-Za-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*))\s*(;|,|$)')
_WITH_PORT = re.compile(r"\[(?P<v6>[0-9A-Fa-f:.]+)\](?::[0-9]+)?|(?P<v4>[0-9.]+):[0-9]+")


@dataclass(frozen=True, slots=True)
class _Hops:
    """The values that proxies have written, each list from the latest proxy back to the first."""

    clients: Sequence[str]
    schemes: Sequence[str]
    hosts: Sequence[str]
    prefixes: Sequence[str]


class Proxies:
    """Puts the client, the scheme, the host and the prefix of a request into its scope, as trusted proxies tell them.

    They tell them by `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix`, or by `Forwarded` (RFC 7239), as it is set:
    what a proxy does not write itself it may pass on from anybody. Each proxy adds to the end of a list, so the client
    is the last address that is no trusted proxy's, and what stands before it counts for nothing. Of the other lists,
    the value counts that the first trusted proxy has written.

    Where no proxy tells a prefix, it is `root_path`. A path may begin with the prefix, or a proxy may have cut it off.
    """

    def __init__(
        self,
        trusted: Sequence[Network] = (),
        *,
        headers: ForwardedHeaders = ForwardedHeaders.X_FORWARDED,
        root_path: str = "",
    ) -> None:
        self._trusted = tuple(trusted)
        self._read = _forwarded if headers is ForwardedHeaders.FORWARDED else _x_forwarded
        self._root_path = root_path
        self._changes_nothing = not (trusted or root_path)

    @classmethod
    def of(cls, settings: Settings) -> "Proxies":
        """The proxies that are set."""
        return cls(settings.trusted_proxies, headers=settings.forwarded_headers, root_path=settings.root_path)

    def readdress(self, scope: Scope) -> None:
        """Change the scope of a request."""
        if self._changes_nothing:
            return
        prefix, client = self._root_path, scope.get("client")
        if client and self._trusts(_address(client[0])):
            hops = self._read(scope["headers"])
            prefix = self._follow(scope, hops) or prefix
        path = scope["path"]
        if prefix and path.startswith(f"{prefix}/"):
            scope["path"] = path[len(prefix) :]
        scope[PREFIX] = prefix

    def _follow(self, scope: Scope, hops: _Hops) -> str | None:
        """Go back to the client, and take what the first trusted proxy has written. Returns the prefix."""
        proxies = 1
        for text in hops.clients:
            address = _address(text)
            if address is None:
                break
            scope["client"] = (str(address), 0)
            if not self._trusts(address):
                break
            proxies += 1
        scheme = _first(hops.schemes, proxies).lower()
        if scheme in _SCHEMES:
            scope["scheme"] = scheme
        host = _first(hops.hosts, proxies)
        if is_host(host):
            scope["headers"] = [
                *(header for header in scope["headers"] if header[0] != b"host"),
                (b"host", host.encode()),
            ]
        prefix = _first(hops.prefixes, proxies).rstrip("/")
        return prefix if is_prefix(prefix) else None

    def _trusts(self, address: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)


def _first(values: Sequence[str], proxies: int) -> str:
    """The value of the first of so many proxies, or of the first one that has written any."""
    return next((value for value in reversed(values[:proxies]) if value), "")


def _x_forwarded(headers: Iterable[tuple[bytes, bytes]]) -> _Hops:
    lists: dict[bytes, list[str]] = {}
    for name, value in headers:
        if name.startswith(b"x-forwarded-"):
            lists.setdefault(name[len(b"x-forwarded-") :], []).append(value.decode("latin-1"))
    values = {
        name: [item.strip() for item in ",".join(lines).rsplit(",", _MOST)[-_MOST:]][::-1]
        for name, lines in lists.items()
    }
    clients, schemes, hosts, prefixes = (values.get(name, ()) for name in (b"for", b"proto", b"host", b"prefix"))
    return _Hops(clients, schemes, hosts, prefixes)


def _forwarded(headers: Iterable[tuple[bytes, bytes]]) -> _Hops:
    """Elements are divided by commas, their pairs by semicolons. A header that is written otherwise counts as none."""
    text = ",".join(value.decode("latin-1") for name, value in headers if name == b"forwarded")
    elements: list[dict[str, str]] = [{}]
    position = 0
    while match := _PAIR.match(text, position):
        name, quoted, token, end = match.groups()
        elements[-1][name.lower()] = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else token
        position = match.end()
        if end == ",":
            elements.append({})
    if position < len(text):
        return _Hops((), (), (), ())
    latest = elements[: -_MOST - 1 : -1]
    clients, schemes, hosts = ([element.get(name, "") for element in latest] for name in ("for", "proto", "host"))
    return _Hops(clients, schemes, hosts, ())


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address in a text, which may have a port behind it; that of IPv4 where it is written as one of IPv6."""
    match = _WITH_PORT.fullmatch(text)
    try:
        address = ipaddress.ip_address((match["v6"] or match["v4"]) if match else text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address
