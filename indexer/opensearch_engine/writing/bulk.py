"""Documents sent to a cluster in bulk, while the next ones are made."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import orjson

from indexer.errors import Overloaded, SearchIndexError
from indexer.opensearch_engine.storage.client import refusal
from indexer.opensearch_engine.writing.patient_client import PatientClient

_AT_ONCE = 2  # requests on their way
_TRIES = 8
_FIRST_WAIT = 0.1
_MISSING = 404


class Action(NamedTuple):
    """A write of one document by id: `index` with its source, `update` with the changed fields, or `delete`."""

    kind: str
    id: str
    source: bytes = b""

    def lines(self) -> bytes:
        """The action as lines of a bulk request."""
        head = orjson.dumps({self.kind: {"_id": self.id}})
        return b"%b\n%b\n" % (head, self.source) if self.source else b"%b\n" % head


def indexing(id_: str, document: Mapping[str, object]) -> Action:
    """The action that writes a document."""
    return Action("index", id_, orjson.dumps(document))


def update(id_: str, fields: Mapping[str, object]) -> Action:
    """The action that changes fields of a document."""
    return Action("update", id_, orjson.dumps({"doc": fields}))


def deletion(id_: str) -> Action:
    """The action that deletes a document; one that is not there is ignored."""
    return Action("delete", id_)


class Bulk:
    """Sends actions to one index from threads. A document has one action on its way at the most.

    An error in a thread is raised by the next call. Where a node refuses some of them for now, these are sent again,
    after waits that grow.
    """

    def __init__(self, client: PatientClient) -> None:
        self._client = client
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="bulk")
        self._sent: deque[tuple[Future[None], frozenset[str]]] = deque()

    def send(self, index: str, actions: Sequence[Action]) -> None:
        """Send actions, after those before have left room."""
        if not actions:
            return
        ids = frozenset(action.id for action in actions)
        while len(self._sent) > _AT_ONCE or any(not ids.isdisjoint(others) for _, others in self._sent):
            self._sent.popleft()[0].result()
        self._sent.append((self._pool.submit(self._send, index, actions), ids))

    def wait(self) -> None:
        """Wait until all is written."""
        while self._sent:
            self._sent.popleft()[0].result()

    def close(self) -> None:
        """Wait for what is on its way, whatever becomes of it."""
        self._pool.shutdown(cancel_futures=True)
        self._sent.clear()

    def _send(self, index: str, actions: Sequence[Action]) -> None:
        error: SearchIndexError | Overloaded | None = None
        wait = _FIRST_WAIT
        for _ in range(_TRIES):
            answer = self._client.ask("POST", f"/{index}/_bulk", b"".join(action.lines() for action in actions))
            if not answer["errors"]:
                return
            actions, error = self._refused(actions, answer["items"])
            if error is None:
                return
            self._client.wait(wait)
            wait *= 2
        if error is not None:
            raise error

    def _refused(
        self,
        actions: Sequence[Action],
        items: Iterable[Mapping[str, Mapping[str, Any]]],  # Any: JSON
    ) -> tuple[list[Action], SearchIndexError | Overloaded | None]:
        """The actions to send again, and why. Raises what no further try mends."""
        again, reason = [], None
        for action, item in zip(actions, items, strict=True):
            answer = item[action.kind]
            error = refusal(answer, self._client.address)
            if error is None or (action.kind == "delete" and answer["status"] == _MISSING):
                continue
            if answer["status"] not in _FOR_NOW:
                raise error
            again.append(action)
            reason = error
        return again, reason


_FOR_NOW = (429, 502, 503, 504)
