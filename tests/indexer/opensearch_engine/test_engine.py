"""The engine on a cluster beside the contract: what it has at hand, and what it says while no node answers."""

import asyncio
import time

import pytest

from indexer.article import Provider, Related
from indexer.engines import open_engine
from indexer.errors import IndexUnreachable
from indexer.search.engine import AtHand
from indexer.search.filters import TermField
from indexer.search.requests import SearchRequest
from tests.cluster.places import ClusterPlaces
from tests.engine_place import write
from tests.replacing import replace
from tests.samples import DAY, NOW, plain

NOWHERE = "opensearch://127.0.0.1:9,127.0.0.1:10/news"


async def test_a_search_brings_the_newest_articles_of_all_providers_that_its_hits_name(cluster_hosts: str) -> None:
    places = ClusterPlaces(cluster_hosts)
    place = places.new()
    quoted = Related(title="t", web_url="https://a.example/", provider=Provider(domain="weekly.example"))
    older = replace(plain("old"), published_date_time=NOW - 9 * DAY)
    weekly = replace(plain("w"), title="Other", provider=Provider(domain="weekly.example"))
    write(place, [replace(plain("a"), related=(quoted,)), older, weekly])
    engine = await place.open_engine()
    assert engine.newest(TermField.PROVIDER, "daily.example", now=NOW) is AtHand.NOT
    await engine.search([SearchRequest(now=NOW, text="harvest")])
    found = [engine.newest(TermField.PROVIDER, f"{name}.example", now=NOW) for name in ("daily", "weekly")]
    assert [getattr(article, "key", None) for article in found] == ["a", "w"]
    assert engine.newest(TermField.PROVIDER, "nobody.example", now=NOW) is AtHand.NOT
    await engine.close()
    places.close()


async def test_where_no_node_answers_nothing_is_waited_for() -> None:
    began = time.monotonic()
    with pytest.raises(IndexUnreachable, match="start one"):
        await asyncio.wait_for(open_engine(NOWHERE), timeout=30)
    assert time.monotonic() - began < 10
