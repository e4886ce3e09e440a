"""New indices in a running cluster, each with a name of its own, which are removed as others are made."""

from collections import deque
from secrets import token_hex

from opensearchpy import OpenSearch

from tests.engine_place import UrlPlace

_MOST = 6  # that one test has at a time


class ClusterPlaces:
    """Makes places in the cluster at some hosts, `host:port` between commas."""

    def __init__(self, hosts: str) -> None:
        self._hosts = hosts
        self._client = OpenSearch([f"http://{host}" for host in hosts.split(",")], timeout=60)
        self._names: deque[str] = deque()

    def __call__(self) -> UrlPlace:
        while len(self._names) >= _MOST:
            self._remove(self._names.popleft())
        self._names.append(f"test-{token_hex(8)}")
        return UrlPlace(f"opensearch://{self._hosts}/{self._names[-1]}")

    def close(self) -> None:
        """Remove all that is left."""
        for name in self._names:
            self._remove(name)
        self._client.close()

    def _remove(self, name: str) -> None:
        self._client.indices.delete(index=f"{name},{name}-*", params={"ignore_unavailable": "true"})
