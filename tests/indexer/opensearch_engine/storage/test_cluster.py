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


class Slow:
    """A node that takes a while for each request, and longer the more there are at once."""

    def __init__(self) -> None:
        self.at_once = self.most_at_once = self.answered = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            while await reader.readline() not in (b"\r\n", b""):
                pass
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            await asyncio.sleep(0.02 * self.at_once)
            self.at_once -= 1
            self.answered += 1
            body = b'{"_source": {"generation": 1}}'
            head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        writer.close()


async def test_a_slow_node_is_asked_a_few_at_once_and_the_others_wait_for_their_turn() -> None:
    node = Slow()
    server = await asyncio.start_server(node.answer, "127.0.0.1", 0)
    cluster = Cluster(Address((("127.0.0.1", server.sockets[0].getsockname()[1]),), "news"), Access(seconds=1.0))
    answers = await asyncio.gather(*(cluster.source("news", "head") for _ in range(60)))
    assert answers == [{"generation": 1}] * 60
    assert (node.most_at_once, node.answered) == (4, 60)

    async def in_a_hurry() -> object:
        work.begin(Work("client", deadline=time.monotonic() + 0.02))
        return await cluster.source("news", "head")

    others = [asyncio.create_task(cluster.source("news", "head")) for _ in range(20)]
    with pytest.raises(DeadlineExceeded):
        await asyncio.create_task(in_a_hurry())
    assert await asyncio.gather(*others) == [{"generation": 1}] * 20
    await cluster.close()
    server.close()


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
