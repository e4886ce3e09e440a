"""The lock of an index in a cluster: one writer at a time among all machines, for as long as it says that it lives."""

import os
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from secrets import token_hex
from socket import gethostname
from typing import Any

from indexer.errors import IndexBusy, IndexMissing, Overloaded, SearchIndexError
from indexer.opensearch_engine.storage.head import LOCK
from indexer.opensearch_engine.writing.patient_client import PatientClient

_LEASE_SECONDS = 30.0
_POLL_SECONDS = 0.2

# The clock of a node decides, so that those of the builders do not matter.
_TAKE = """
def held = ctx._source.owner;
if (held == null || held == params.owner || held == params.dead || ctx._source.until <= ctx._now) {
  ctx._source.putAll(params.holder);
  ctx._source.owner = params.owner;
  ctx._source.until = ctx._now + params.lease;
} else {
  ctx.op = 'none';
}
"""
_LEAVE = "if (ctx._source.owner == params.owner) { ctx._source.until = 0L } else { ctx.op = 'none' }"
_RELEASE = "ctx.op = ctx._source.owner == params.owner ? 'delete' : 'none'"


class Lock:
    """A lock that is taken. A thread renews it; `release` gives it up, and so does time where the process dies."""

    def __init__(
        self,
        client: PatientClient,
        *,
        seconds: float = 0.0,
        lease: float = _LEASE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the lock. Another holder has so many `seconds` to end. Raises IndexBusy, which names it."""
        self._client = client
        self._path = f"/{client.address.name}/_update/{LOCK}"
        self._owner = token_hex(16)
        self._lease = lease
        self._clock = clock
        self._held_until = 0.0
        self._is_lost = False
        self._released = threading.Event()
        self._is_new = False
        deadline = clock() + seconds
        while not (self._take() or self._take(dead=self._dead())):
            if clock() >= deadline:
                holder = self._holder()
                raise IndexBusy(f"another build{holder} is writing the index {client.address}; wait for its end")
            client.wait(_POLL_SECONDS)
        self.is_clean = self._is_new
        """True if the holder before has left nothing behind that is unfinished."""
        self._renewer = threading.Thread(target=self._renew, name="lock of the index", daemon=True)
        self._renewer.start()

    def check(self) -> None:
        """Raise IndexBusy where another build had the lock while the cluster could not be reached."""
        if self._is_lost or (self._clock() >= self._held_until and not self._renewed()):
            raise IndexBusy(
                f"this build could not reach the index {self._client.address} for {self._lease:g} s, and another one "
                "may be writing it; build it again"
            )

    def release(self, *, leaves: bool = False) -> None:
        """Give it up; with something unfinished that it `leaves` behind, let the next holder know."""
        self._released.set()
        self._renewer.join()
        with suppress(SearchIndexError):
            self._client.ask("POST", self._path, _script(_LEAVE if leaves else _RELEASE, owner=self._owner))

    def _take(self, *, dead: str | None = None) -> bool:
        asked = self._clock()
        holder = {"pid": os.getpid(), "host": gethostname(), "since": f"{datetime.now(UTC):%FT%TZ}"}
        params = {"owner": self._owner, "dead": dead, "lease": round(1000 * self._lease), "holder": holder}
        body = {**_script(_TAKE, **params), "scripted_upsert": True, "upsert": {}}
        answer = self._client.ask("POST", self._path, body, params={"retry_on_conflict": 5})
        is_taken: bool = answer["result"] != "noop"
        if is_taken:
            self._held_until = asked + self._lease
            self._is_new = answer["result"] == "created"
        return is_taken

    def _renew(self) -> None:
        while not self._released.wait(self._lease / 4):
            with suppress(SearchIndexError, Overloaded):
                if not self._renewed():
                    return

    def _renewed(self) -> bool:
        """Renew the lock. False where another build has it, or had it and has left."""
        self._is_lost = not self._take() or self._is_new
        return not self._is_lost

    def _current(self) -> Mapping[str, Any]:  # Any: JSON
        try:
            source: Mapping[str, Any] = self._client.ask("GET", f"/{self._client.address.name}/_doc/{LOCK}")["_source"]
        except IndexMissing:
            return {}
        return source

    def _dead(self) -> str | None:
        """The owner of a lock whose process, on this machine, has ended without giving it up."""
        current = self._current()
        if current.get("host") != gethostname():
            return None
        try:
            os.kill(current["pid"], 0)
        except ProcessLookupError:
            owner: str = current["owner"]
            return owner
        except OSError:
            return None
        return None

    def _holder(self) -> str:
        current = self._current()
        return f" (process {current['pid']} on {current['host']}, since {current['since']})" if current else ""


def _script(source: str, **params: object) -> dict[str, object]:
    return {"script": {"source": source, "params": params}}
