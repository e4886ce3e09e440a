"""The ways to talk to a cluster: options of its clients, and its refusals as errors of ours. All of opensearch-py."""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import orjson
from opensearchpy import AsyncOpenSearch, OpenSearch
from opensearchpy.exceptions import (
    HTTP_EXCEPTIONS,
    AuthenticationException,
    AuthorizationException,
    ConflictError,
    ConnectionError,  # noqa: A004 - that of the client
    ImproperlyConfigured,
    NotFoundError,
    TransportError,
)
from opensearchpy.serializer import JSONSerializer

from indexer.errors import IndexBusy, IndexMissing, IndexUnreachable, IndexUnreadable, Overloaded, SearchIndexError
from indexer.opensearch_engine.storage.address import Address
from indexer.search.access import Access

_CONNECTIONS = 20  # to each node, of one process
_DEAD_SECONDS = 1.0  # for which a node that failed is asked last
_TOO_MANY_REQUESTS = 429
_UNAVAILABLE = (502, 503, 504)
_OTHER_HOST = re.compile("mismatch|not valid for|doesn't match")
_HUNG_UP = re.compile("disconnect|aborted|reset|protocol")


class NotReady(IndexUnreachable):
    """Nodes answer, but have not got what is asked for yet, as after the loss of one."""


class _Serializer(JSONSerializer):
    """JSON by orjson, which reads and writes several times as fast. Bytes and texts are sent as they are."""

    def dumps(self, data: object) -> object:
        """Write a body."""
        return data if isinstance(data, bytes | str) else orjson.dumps(data)

    def loads(self, s: str) -> object:
        """Read an answer."""
        parsed: object = orjson.loads(s)
        return parsed


def reading_client(address: Address, access: Access) -> AsyncOpenSearch:
    """A client that reads: where a node fails or is slow, the next one is asked, each of them once."""
    with translated(address):
        return AsyncOpenSearch(**_options(address, access), timeout=access.seconds, retry_on_timeout=True)


def writing_client(address: Address, access: Access, *, seconds: float) -> OpenSearch:
    """A client that writes, and that may take so many seconds for each request."""
    with translated(address):
        return OpenSearch(**_options(address, access), timeout=seconds)


def _options(address: Address, access: Access) -> dict[str, Any]:
    logging.getLogger("opensearch").setLevel(logging.CRITICAL)  # what it would tell is raised, too, in our words
    options: dict[str, Any] = {
        "hosts": [{"host": host, "port": port} for host, port in address.hosts],
        "use_ssl": address.is_secure,
        "serializer": _Serializer(),
        "max_retries": len(address.hosts),
        "pool_maxsize": _CONNECTIONS,
        "dead_timeout": _DEAD_SECONDS,
        "timeout_cutoff": 1,
    }
    if address.is_secure and access.ca:
        options["ca_certs"] = str(access.ca)
    if access.api_key:
        options["headers"] = {"Authorization": f"ApiKey {access.api_key}"}
    elif access.user:
        options["http_auth"] = (access.user, access.password or "")
    return options


@contextmanager
def translated(address: Address) -> Iterator[None]:
    """Raise what the client raises as an error of ours."""
    try:
        yield
    except (TransportError, ImproperlyConfigured, OSError) as error:
        raise error_of(error, address) from error


def error_of(error: Exception, address: Address) -> SearchIndexError | Overloaded:  # noqa: PLR0911 - one for each kind
    """The error of ours for one of the client's."""
    match error:
        case ConnectionError():  # also that of TLS
            return IndexUnreachable(_silence(error, address))
        case AuthenticationException() | AuthorizationException():
            return IndexUnreadable(
                f"the nodes of the index {address} refuse this user; set NEWSSTAND_OPENSEARCH_USER and _PASSWORD, or "
                "NEWSSTAND_OPENSEARCH_API_KEY"
            )
        case NotFoundError():
            return IndexMissing(f"there is no index {address}; build it with `newsstand index`")
        case ConflictError():
            return IndexBusy(f"another build has written the index {address} meanwhile; build it again")
        case TransportError(status_code=status) if status == _TOO_MANY_REQUESTS:
            return Overloaded("The cluster of the index has more requests than it can answer")
        case TransportError(status_code=status) if status in _UNAVAILABLE:
            return NotReady(f"the nodes of the index {address} cannot answer yet ({_reason(error)}); wait")
        case TransportError():
            return SearchIndexError(f"the nodes of the index {address} refuse a request: {_reason(error)}")
        case ImproperlyConfigured():
            return SearchIndexError(f"the index {address} cannot be reached: {error}; mend the settings")
        case _:
            return SearchIndexError(f"the index {address} cannot be reached: {error}")


def refusal(answer: Mapping[str, Any], address: Address) -> SearchIndexError | Overloaded | None:  # Any: JSON
    """The error of ours for one answer among several; None where it is no error."""
    if "error" not in answer:
        return None
    status, error = answer.get("status", 0), answer["error"]
    kind = HTTP_EXCEPTIONS.get(status, TransportError)
    return error_of(kind(status, error.get("type", ""), {"error": error}), address)


def _silence(error: ConnectionError, address: Address) -> str:
    """The reason why no node answers, and the remedy."""
    told = f"{error.error} {error.info}".lower()
    if "certificate" in told and _OTHER_HOST.search(told):
        return f"a certificate is for another host than that of the index {address}; set the host that it names"
    if "certificate" in told:
        return f"the certificates of the nodes of the index {address} are not trusted; set NEWSSTAND_OPENSEARCH_CA"
    if address.is_secure and "ssl" in told:
        return f"the nodes of the index {address} do not speak TLS; write opensearch:// in its URL"
    silence = f"no node of the index {address} answers ({_kind(error)}); start one"
    has_hung_up = not address.is_secure and _HUNG_UP.search(told)
    return f"{silence}, or write opensearch+https:// if they want TLS" if has_hung_up else silence


def _kind(error: ConnectionError) -> str:
    return type(error.info).__name__ if isinstance(error.info, Exception) else str(error.error)


def _reason(error: TransportError) -> str:
    """The reason of a refusal, at its root."""
    told = error.info.get("error") if isinstance(error.info, dict) else None
    reasons: list[dict[str, Any]] = told.get("root_cause") or [] if isinstance(told, dict) else []
    return next((f"{each.get('type')}: {each.get('reason')}" for each in reasons), str(error.error))
