"""Reads from nodes that hang: they take connections, and never answer."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from indexer import work
from indexer.errors import DeadlineExceeded, IndexUnreachable, SearchIndexError
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.cluster import Cluster
from indexer.search.access import Access
from indexer.work import Work


@pytest.fixture
async def hanging() -> AsyncIterator[Cluster]:
    """A cluster of two nodes that hang, each of which has a tenth of a second."""

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            pass
        writer.close()

    servers = [await asyncio.start_server(hang, "127.0.0.1", 0) for _ in range(2)]
    hosts = tuple(("127.0.0.1", server.sockets[0].getsockname()[1]) for server in servers)
    cluster = Cluster(Address(hosts, "news"), Access(seconds=0.1))
    yield cluster
    await cluster.close()
    for server in servers:
        server.close()


async def test_each_node_is_asked_for_a_while_and_then_calls_fail_at_once(hanging: Cluster) -> None:
    began = time.monotonic()
    with pytest.raises(IndexUnreachable):
        await hanging.source("news", "head")
    assert 0.2 <= time.monotonic() - began < 5
    began = time.monotonic()
    for _ in range(20):
        with pytest.raises(IndexUnreachable):
            await hanging.source("news", "head")
    assert time.monotonic() - began < 0.1
    with pytest.raises(IndexUnreachable):
        hanging.check()


async def test_a_request_ends_at_its_deadline_and_those_after_it_need_not_wait(hanging: Cluster) -> None:
    async def asked(seconds: float) -> object:
        work.begin(Work("client", deadline=time.monotonic() + seconds))
        return await hanging.source("news", "head")

    with pytest.raises(DeadlineExceeded):
        await asyncio.create_task(asked(0.05))
    hanging.check()  # no node had its time
    with pytest.raises(DeadlineExceeded):
        await asyncio.create_task(asked(0.15))
    with pytest.raises(IndexUnreachable):
        await asyncio.create_task(asked(60))


async def test_a_cluster_that_was_closed_is_asked_nothing(hanging: Cluster) -> None:
    await hanging.close()
    with pytest.raises(SearchIndexError, match="closed"):
        await hanging.source("news", "head")
