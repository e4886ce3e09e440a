"""A client for builds: where a cluster is busy or loses a node, it waits and tries again."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from indexer.errors import IndexUnreachable, Overloaded, SearchIndexError
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.client import translated, writing_client
from indexer.search.access import Access

_SECONDS = 60.0  # that a node may take for a request
_FIRST_WAIT = 0.1
_LONGEST_WAIT = 5.0

_Json = Mapping[str, Any]  # Any: JSON


class PatientClient:
    """Sends requests one by one, from any thread, and waits for a cluster that cannot take one yet.

    Whatever it sends may arrive twice, so a request must have the same effect then. Raises the errors of
    `client.error_of`: `IndexUnreachable` and `Overloaded` where the cluster has not recovered after `patience` seconds,
    or has never answered yet.
    """

    def __init__(
        self,
        address: Address,
        access: Access,
        *,
        patience: float = 300.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.address = address
        self._client = writing_client(address, access, seconds=_SECONDS)
        self._patience = patience
        self._sleep = sleep
        self._clock = clock
        self._has_answered = False

    def ask(
        self, method: str, path: str, body: _Json | bytes | None = None, *, params: Mapping[str, object] | None = None
    ) -> _Json:
        """The answer to a request; `body` is JSON, or lines of JSON as bytes."""
        deadline, wait = self._clock() + self._patience, _FIRST_WAIT
        while True:
            try:
                answer = self._once(method, path, body, params)
            except (IndexUnreachable, Overloaded):
                if not self._has_answered or self._clock() + wait > deadline:
                    raise
            except SearchIndexError:
                self._has_answered = True
                raise
            else:
                self._has_answered = True
                return answer
            self._sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)

    def wait(self, seconds: float) -> None:
        """Wait, as between tries."""
        self._sleep(seconds)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _once(self, method: str, path: str, body: _Json | bytes | None, params: Mapping[str, object] | None) -> _Json:
        data = orjson.dumps(body) if isinstance(body, Mapping) else body
        with translated(self.address):
            answer = self._client.transport.perform_request(
                method, path, params=dict(params or {}), body=data, headers={"content-type": "application/json"}
            )
        return answer if isinstance(answer, dict) else {}
