"""The secret of an index in a cluster: random bytes, the same for all processes that serve it."""

from base64 import b64decode, b64encode
from secrets import token_bytes

from indexer.errors import IndexBusy, IndexUnreadable
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.head import HEAD, SECRET
from indexer.opensearch_engine.writing.patient_client import PatientClient
from indexer.search.access import Access

_SIZE = 32


def secret(address: Address, access: Access) -> bytes:
    """The secret, made by the process that comes first. An index must be there.

    Raises IndexMissing where there is none, IndexUnreachable where no node answers, and IndexUnreadable where the
    secret is no such thing.
    """
    client = PatientClient(address, access, patience=0)
    try:
        client.ask("GET", f"/{address.name}/_doc/{HEAD}", params={"_source": "false"})
        answer = client.ask("POST", f"/{address.name}/_mget", {"ids": [SECRET]})["docs"][0]
        if not answer.get("found"):
            answer = _made(client)
    finally:
        client.close()
    try:
        made = b64decode(answer["_source"]["secret"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(address) from error
    if len(made) != _SIZE:
        raise _damaged(address)
    return made


def _made(client: PatientClient) -> dict[str, dict[str, str]]:
    """The document of a new secret, or of another process that was faster."""
    path = f"/{client.address.name}/_doc/{SECRET}"
    document = {"secret": b64encode(token_bytes(_SIZE)).decode()}
    try:
        client.ask("PUT", path, document, params={"op_type": "create"})
    except IndexBusy:
        document = dict(client.ask("GET", path)["_source"])
    return {"_source": document}


def _damaged(address: Address) -> IndexUnreadable:
    return IndexUnreadable(f"the secret of the index {address} is damaged; delete its document {SECRET!r}")
