"""New indexes in a running cluster, each with a name of its own, which are removed as others are made."""

from collections.abc import Iterable
from secrets import token_hex

from opensearchpy import OpenSearch

from indexer.search.engine import BodySearch
from tests.engine_place import UrlPlace

_KEPT = 40
"""The newest ones, which tests still use."""


class ClusterPlaces:
    """Makes places in the cluster at some hosts, `host:port` between commas."""

    def __init__(self, hosts: str) -> None:
        self._hosts = hosts
        self._client = OpenSearch([f"http://{host}" for host in hosts.split(",")], timeout=60)
        self._names: list[str] = []

    def new(self, *, bodies: BodySearch = BodySearch.KEPT) -> UrlPlace:
        """A place for a new index."""
        if len(self._names) == 2 * _KEPT:  # many at once: each removal is a new state of the cluster
            self._remove(self._names[:_KEPT])
            del self._names[:_KEPT]
        self._names.append(f"test-{token_hex(8)}")
        return UrlPlace(f"opensearch://{self._hosts}/{self._names[-1]}", bodies=bodies)

    def close(self) -> None:
        """Remove all that is left."""
        self._remove(self._names)
        self._client.close()

    def _remove(self, names: Iterable[str]) -> None:
        indexes = ",".join(f"{name},{name}-*" for name in names)
        if indexes:
            self._client.indices.delete(index=indexes, params={"ignore_unavailable": "true"})
