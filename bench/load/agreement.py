"""Agreement of servers: the speeds of those that answer differently cannot be compared."""

import statistics
from collections.abc import Iterable, Sequence

import orjson
from servers.server import Server

from load.operations import SEARCHES, Operation, box
from load.request import Answer, Request

_MOST = 500  # answers from which one of mean length is chosen
_OK = 200
_NOT_MODIFIED = 304
_OWN_FIELDS = frozenset({"cursor", "endCursor"})  # each server has its own values of them


def found_everywhere(texts: Iterable[str], servers: Sequence[Server]) -> list[str]:
    """The texts for which each server finds an article. Raises SystemExit where one answers with an error."""
    return [text for text in texts if all(_edges(_data(server, box(text))) for server in servers)]


def check_agreement(operations: Sequence[Operation], ours: Server, peers: Sequence[Server]) -> None:
    """Stop where a peer answers an operation otherwise than we do. Searches rank otherwise, and are not compared."""
    for operation in operations:
        if operation.name in SEARCHES:
            continue
        expected = _shared(_data(ours, operation.requests[0]))
        for peer in peers:
            if operation.name in peer.asked and _shared(_data(peer, operation.requests[0])) != expected:
                raise SystemExit(f"{peer.name} and {ours.name} answer the {operation.name} differently")


def answers_of(server: Server, operations: Sequence[Operation]) -> dict[str, Answer]:
    """The answer of a server to each operation, by its slug; of many, one whose length is nearest to the mean."""
    answers = {}
    for operation in operations:
        requests = operation.requests[:_MOST] if operation.name in SEARCHES else operation.requests[:1]
        each = [request.answer(server.port) for request in requests]
        mean = statistics.fmean(len(answer.body) for answer in each)
        answers[operation.slug] = min(each, key=lambda answer: abs(len(answer.body) - mean))
    return answers


def current(operation: Operation, server: Server) -> Operation:
    """The operation as a client sends it that has the server's answer, which is 304. Raises SystemExit otherwise."""
    etag = operation.requests[0].answer(server.port).headers.get("etag", "")
    named = [request._replace(etag=etag) for request in operation.requests]
    status = named[0].answer(server.port).status
    if status != _NOT_MODIFIED:
        raise SystemExit(f"{server.name} answers {status} to a client that has its answer already")
    return operation._replace(requests=named)


def _data(server: Server, request: Request) -> object:
    """The answer's data. Raises SystemExit for one with errors."""
    status, _, body = request.answer(server.port)
    relative = body.replace(f"http://127.0.0.1:{server.port}/".encode(), b"/")  # pictures, as peers leave them
    answer = orjson.loads(relative) if status == _OK else {}
    if "errors" in answer or "data" not in answer:
        raise SystemExit(f"{server.name} answers {status} to {request.body[:500]!r}:\n{body[:2000].decode()}")
    return answer["data"]


def _edges(data: object) -> Sequence[object]:
    match data:
        case {"articles": {"edges": [*edges]}}:
            return edges
        case _:
            return ()


def _shared(data: object) -> object:
    """The data without what is each server's own affair."""
    match data:
        case dict():
            return {key: _shared(value) for key, value in data.items() if key not in _OWN_FIELDS}
        case list():
            return [_shared(value) for value in data]
        case _:
            return data
