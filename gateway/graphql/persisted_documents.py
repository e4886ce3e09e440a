"""Documents that clients name instead of sending them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from sys import getsizeof

from gateway.config.settings import DocumentsMode
from gateway.graphql.manifest import plain_id
from gateway.graphql.request import Parameters
from gateway.http.error_responses import Refusal
from indexer.memory import OVERHEAD, Memory, Shelf
from schema.execution.request import GraphQLRequest

# To Apollo's clients an unknown hash is no failure: they send the query next, and may cache nothing until then.
_GO_ON = 200
_UNCACHED = {"Cache-Control": "private, no-cache, must-revalidate"}


class PersistedDocuments:
    """The documents in `manifest`, by id, and those that clients register, by SHA-256.

    Clients register a document by sending it with its hash (Apollo's automatic persisted queries). The ones used last
    are kept in memory.
    """

    def __init__(self, manifest: Mapping[str, str], *, mode: DocumentsMode, memory: Memory) -> None:
        self._manifest = manifest
        self._allowed = frozenset(manifest.values()) if mode is DocumentsMode.ONLY else None
        self._takes_more = mode is DocumentsMode.ALLOW and memory.max_bytes > 0
        self._registered: Shelf[str, str] = memory.shelf("persisted", _size)

    def request(self, parameters: Parameters, *, server_url: str, now: datetime | None = None) -> GraphQLRequest:
        """The request with its document. Raises `Refusal` where that is unknown, not allowed, or not of this hash."""
        return GraphQLRequest(
            query=self._text(parameters),
            variables=parameters.variables,
            operation_name=parameters.operation_name,
            now=now,
            server_url=server_url,
        )

    def register(self, parameters: Parameters) -> None:
        """Keep the document of a request that was executed, if it came with its hash."""
        if self._takes_more and parameters.query is not None and parameters.sha256 is not None:
            self._registered.put(parameters.sha256, parameters.query)

    def _text(self, parameters: Parameters) -> str:
        if parameters.document_id is not None:
            return self._in_manifest(parameters.document_id)
        if parameters.query is None:
            return self._hashed(parameters.sha256 or "")
        if self._allowed is not None and parameters.query not in self._allowed:
            raise Refusal(403, "Only documents in this server's manifest are executed", code="PERSISTED_QUERY_ONLY")
        if parameters.sha256 is not None and parameters.sha256 != _sha256(parameters.query):
            problem = "sha256Hash is not the SHA-256 of the query in UTF-8, in hexadecimal digits"
            raise Refusal(400, problem, code="PERSISTED_QUERY_MISMATCH")
        return parameters.query

    def _in_manifest(self, document_id: str) -> str:
        text = self._manifest.get(plain_id(document_id))
        if text is None:
            problem = "documentId is not in this server's manifest of documents"
            raise Refusal(400, problem, code="PERSISTED_QUERY_NOT_FOUND")
        return text

    def _hashed(self, sha256: str) -> str:
        text = self._manifest.get(sha256) or self._registered.find(sha256)
        if text is not None:
            return text
        if self._takes_more:
            raise Refusal(_GO_ON, "PersistedQueryNotFound", code="PERSISTED_QUERY_NOT_FOUND", headers=_UNCACHED)
        raise Refusal(_GO_ON, "PersistedQueryNotSupported", code="PERSISTED_QUERY_NOT_SUPPORTED", headers=_UNCACHED)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _size(sha256: str, text: str) -> int:
    return OVERHEAD + getsizeof(sha256) + getsizeof(text)
