"""Removal of all that no generation has: half-finished builds, and articles that went long ago."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from indexer.errors import IndexMissing
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.head import STATE, Head, number_of
from indexer.opensearch_engine.writing.bulk import Action, Bulk, deletion, update
from indexer.opensearch_engine.writing.patient_client import PatientClient

WHOLE = {"allow_partial_search_results": "false"}
"""The parameters of a search that all shards must answer."""

_AT_ONCE = 2_000
_Query = Mapping[str, Any]  # Any: JSON


def of_generation(generation: int) -> list[_Query]:
    """The conditions that the documents of a generation meet."""
    return [
        {"range": {mapping.ADDED: {"lte": generation}}},
        {"range": {mapping.REMOVED: {"gt": generation}}},
    ]


def indices(client: PatientClient) -> list[str]:
    """All indices of articles."""
    name = client.address.name
    found = client.ask("GET", f"/{name}-articles-*/_settings", params={"allow_no_indices": "true"})
    return [index for index in found if number_of(name, index) is not None]


def sweep(client: PatientClient, head: Head | None) -> None:
    """Remove whatever an unfinished build has left beside the commits of the head; without a head, all of it."""
    commits = head.history if head else ()
    _sweep_indices(client, {commit.articles for commit in commits})
    if head is None or not commits:
        return
    newest = commits[-1]
    client.ask("POST", f"/{newest.articles}/_refresh")
    unfinished = {"range": {mapping.ADDED: {"gt": newest.generation}}}
    let_go = {"range": {mapping.REMOVED: {"gt": newest.generation, "lt": mapping.NEVER}}}
    _write(client, newest.articles, unfinished, deletion)
    _write(client, newest.articles, _both(let_go, _not(unfinished)), _stay)
    client.ask("POST", f"/{newest.articles}/_refresh")
    _sweep_state(client, head)


def forget(client: PatientClient, before: Head | None, head: Head) -> None:
    """Remove what the head before had and this one has no more, where `sweep` has left nothing else to remove."""
    if before is None:
        return
    _sweep_state_pieces(client, set(before.state) - set(head.state))
    oldest = head.history[0]
    if before.history and before.history[0].generation < oldest.generation:
        _sweep_indices(client, {commit.articles for commit in head.history})
        gone = {"range": {mapping.REMOVED: {"lte": oldest.generation}}}
        _write(client, head.commit.articles, gone, deletion)


def _write(client: PatientClient, index: str, query: _Query, action: Callable[[str], Action]) -> None:
    """Write all documents that a query finds."""
    bulk = Bulk(client)
    try:
        for ids in _ids(client, index, query):
            bulk.send(index, [*map(action, ids)])
        bulk.wait()
    finally:
        bulk.close()


def _stay(id_: str) -> Action:
    return update(id_, {mapping.REMOVED: mapping.NEVER})


def _both(*queries: _Query) -> _Query:
    return {"bool": {"filter": [*queries]}}


def _not(query: _Query) -> _Query:
    return {"bool": {"must_not": [query]}}


def _sweep_indices(client: PatientClient, kept: set[str]) -> None:
    for index in indices(client):
        if index not in kept:
            with suppress(IndexMissing):  # a try before this one has removed it
                client.ask("DELETE", f"/{index}")


def _sweep_state(client: PatientClient, head: Head) -> None:
    """Remove the pieces of states that are not the head's."""
    name = client.address.name
    client.ask("POST", f"/{name}/_refresh")
    body = {"size": 10_000, "_source": False, "query": {"match_all": {}}}
    hits = client.ask("POST", f"/{name}/_search", body, params=WHOLE)["hits"]["hits"]
    pieces = {hit["_id"] for hit in hits if hit["_id"].startswith(f"{STATE}-")}
    _sweep_state_pieces(client, pieces - set(head.state))


def _sweep_state_pieces(client: PatientClient, ids: Iterable[str]) -> None:
    for id_ in ids:
        with suppress(IndexMissing):  # a try before this one has removed it
            client.ask("DELETE", f"/{client.address.name}/_doc/{id_}")


def _ids(client: PatientClient, index: str, query: _Query) -> Iterator[list[str]]:
    """The ids of the documents that a query finds, in the state of the last refresh, in portions."""
    body: dict[str, Any] = {
        "size": _AT_ONCE,
        "_source": False,
        "query": query,
        "sort": [{mapping.KEY: "asc"}, {mapping.ADDED: "asc"}],
    }
    while True:
        hits = client.ask("POST", f"/{index}/_search", body, params=WHOLE)["hits"]["hits"]
        if not hits:
            return
        yield [hit["_id"] for hit in hits]
        body["search_after"] = hits[-1]["sort"]
