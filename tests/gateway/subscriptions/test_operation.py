"""An operation of a stream is work like that of a request."""

from typing import Any, cast

from gateway.config.settings import DocumentsMode
from gateway.graphql.persisted_documents import PersistedDocuments
from gateway.graphql.request import Parameters
from gateway.http.host import ServerUrl
from gateway.http.request_log import BACKLOG
from gateway.subscriptions.operation import Operations
from indexer import work
from indexer.backlog import Backlog
from indexer.memory import Memory
from indexer.work import Work
from schema.execution.request import Answer, GraphQLRequest

SCOPE = {"type": "websocket", "scheme": "ws", "client": ("192.0.2.7", 80), "headers": [(b"host", b"n.example")]}


class Index:
    """Notes the work as which it is asked."""

    work: Work

    async def subscribe(self, _request: GraphQLRequest) -> Answer:
        self.work = work.current()
        return Answer(body=b"{}", executed=False, operation=None, error_codes=())


async def test_its_long_calls_wait_with_those_of_requests_by_the_turns_of_its_client():
    index, backlog = Index(), Backlog()
    documents = PersistedDocuments({}, mode=DocumentsMode.ALLOW, memory=Memory())
    operations = Operations(index, documents, cast("Any", None), server_url=ServerUrl(None), seconds=5)
    await operations.begin(Parameters(query="{ a }"), cast("Any", None), scope={**SCOPE, BACKLOG: backlog})
    assert index.work.backlog is backlog
    assert index.work.client == "192.0.2.7"
    assert index.work.seconds_left <= 5
