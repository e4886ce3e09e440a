"""The address of an index in a cluster."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from indexer.errors import SearchIndexError

SCHEMES = ("opensearch", "opensearch+https")
_PORT = 9200
_NAME = re.compile("[a-z0-9][a-z0-9_-]{0,99}")
_FORM = "opensearch://host:9200/name, with several hosts between commas"


@dataclass(frozen=True, slots=True)
class Address:
    """The name of an index, and the nodes that are asked for it: as `host:port`, by HTTPS where `is_secure`."""

    hosts: tuple[tuple[str, int], ...]
    name: str
    is_secure: bool = False

    @classmethod
    def of_url(cls, url: str) -> "Address":
        """Read a URL such as `opensearch://one:9200,two:9200/newsstand`, or `opensearch+https://...`.

        Raises SearchIndexError where it is none.
        """
        scheme, _, rest = url.partition("://")
        hosts, _, name = rest.partition("/")
        if "@" in hosts:
            raise SearchIndexError(
                "the URL of the index has a user in it, which logs would show; set NEWSSTAND_OPENSEARCH_USER and "
                "NEWSSTAND_OPENSEARCH_PASSWORD instead"
            )
        if not _NAME.fullmatch(name):
            raise SearchIndexError(f"{url!r} names no index; write {_FORM}; a name has small letters, digits, - and _")
        return cls(tuple(_host(host, url) for host in hosts.split(",")), name, scheme == SCHEMES[1])

    def __str__(self) -> str:
        return f"{self.name} at {', '.join(f'{host}:{port}' for host, port in self.hosts)}"


def _host(host: str, url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(f"//{host}")
        port = parts.port
    except ValueError as error:
        raise SearchIndexError(f"{host!r} in {url!r} is no host; write {_FORM}") from error
    if not parts.hostname or parts.path:
        raise SearchIndexError(f"{host!r} in {url!r} is no host; write {_FORM}")
    return parts.hostname, _PORT if port is None else port
