"""The state of a cluster's copies of an index. Each node checks the bytes of its own files as it reads them."""

from collections.abc import Iterator

from indexer.errors import ContentProblem, IndexMissing, Severity
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.head import HEAD, readable
from indexer.opensearch_engine.writing.patient_client import PatientClient
from indexer.search.access import Access


def index_problems(address: Address, access: Access) -> list[ContentProblem]:
    """The parts of the index that no node has, and those that only one has, as a warning where there are more nodes.

    Raises IndexMissing and IndexUnreadable where there is no index that this version can read, and IndexUnreachable.
    """
    client = PatientClient(address, access, patience=0)
    try:
        return [*_problems(client)]
    finally:
        client.close()


def _problems(client: PatientClient) -> Iterator[ContentProblem]:
    address = client.address
    try:
        fields = client.ask("GET", f"/{address.name}/_doc/{HEAD}")["_source"]
    except IndexMissing:
        fields = None
    head = readable(fields, address)
    for index in (address.name, head.commit.articles):
        health = client.ask("GET", f"/_cluster/health/{index}")
        if health["status"] == "red":
            yield ContentProblem(
                path=index,
                reason="no node has all of it",
                remedy="start the nodes that are down, or build it anew",
            )
        elif health["status"] == "yellow" and health["number_of_data_nodes"] > 1:
            yield ContentProblem(
                path=index,
                reason=f"{health['unassigned_shards']} copies are on no node",
                remedy="start the nodes that are down, or make room on the others",
                severity=Severity.WARNING,
            )
