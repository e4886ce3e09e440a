"""Documents that clients name instead of sending them."""

import hashlib
from collections.abc import Mapping
from sys import getsizeof

from gateway.config.settings import DocumentsMode
from gateway.graphql.manifest import plain_id
from gateway.graphql.request import Parameters
from gateway.http.error_responses import Refusal


class RecentTexts:
    """Texts by key, in `max_bytes` of memory: those used longest ago go first, and what is too large is not taken."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._texts: dict[str, str] = {}  # the one used longest ago comes first

    def find(self, key: str) -> str | None:
        """The text, which now counts as used."""
        text = self._texts.pop(key, None)
        if text is not None:
            self._texts[key] = text
        return text

    def put(self, key: str, text: str) -> None:
        """Take a text, which now counts as used."""
        self._drop(key)
        self._texts[key] = text
        self._bytes += _size(key, text)
        while self._bytes > self._max_bytes:
            self._drop(next(iter(self._texts)))

    def _drop(self, key: str) -> None:
        text = self._texts.pop(key, None)
        if text is not None:
            self._bytes -= _size(key, text)


def _size(key: str, text: str) -> int:
    return getsizeof(key) + getsizeof(text)


# To Apollo's clients these two are no failures: they send the query next, and may cache nothing until then.
_GO_ON = 200
_UNCACHED = {"Cache-Control": "private, no-cache, must-revalidate"}


class PersistedDocuments:
    """Finds the text that a request means.

    Known are the texts in `manifest`, by id, and those that clients register by themselves, by their SHA-256, as
    Apollo's automatic persisted queries do it: the latest used ones, in `max_bytes` of memory.
    """

    def __init__(self, manifest: Mapping[str, str], *, mode: DocumentsMode, max_bytes: int) -> None:
        self._manifest = manifest
        self._allowed = frozenset(manifest.values()) if mode is DocumentsMode.ONLY else None
        self._takes_more = mode is DocumentsMode.ALLOW and max_bytes > 0
        self._registered = RecentTexts(max_bytes)

    def text(self, asked: Parameters) -> str:
        """The document. Raises `Refusal` where it is unknown, not allowed, or not the one it is said to be."""
        if asked.document_id is not None:
            return self._listed(asked.document_id)
        if asked.query is None:
            return self._known(asked.sha256 or "")
        if self._allowed is not None and asked.query not in self._allowed:
            raise Refusal(403, "Only documents in this server's manifest are executed", code="PERSISTED_QUERY_ONLY")
        if asked.sha256 is not None and asked.sha256 != _sha256(asked.query):
            problem = "sha256Hash is not the SHA-256 of the query in UTF-8, in hexadecimal digits"
            raise Refusal(400, problem, code="PERSISTED_QUERY_MISMATCH")
        return asked.query

    def register(self, asked: Parameters) -> None:
        """Remember the document of a request that was found good, where it came with its hash."""
        if self._takes_more and asked.query is not None and asked.sha256 is not None:
            self._registered.put(asked.sha256, asked.query)

    def _listed(self, document_id: str) -> str:
        text = self._manifest.get(plain_id(document_id))
        if text is None:
            problem = "documentId is not in this server's manifest of documents"
            raise Refusal(400, problem, code="PERSISTED_QUERY_NOT_FOUND")
        return text

    def _known(self, sha256: str) -> str:
        text = self._manifest.get(sha256) or self._registered.find(sha256)
        if text is not None:
            return text
        if self._takes_more:
            raise Refusal(_GO_ON, "PersistedQueryNotFound", code="PERSISTED_QUERY_NOT_FOUND", headers=_UNCACHED)
        raise Refusal(_GO_ON, "PersistedQueryNotSupported", code="PERSISTED_QUERY_NOT_SUPPORTED", headers=_UNCACHED)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
