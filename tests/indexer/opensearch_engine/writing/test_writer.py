"""Builds of an index in a cluster that were killed, and builds that nothing is left of after a while."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from secrets import token_hex

import pytest

from indexer.engines import open_engine, open_writer
from indexer.errors import IndexMissing, IndexUnreadable
from indexer.opensearch_engine.storage import head as heads
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.writing.patient_client import PatientClient
from indexer.search.access import OPEN
from indexer.text.language import Language
from tests.asking import found
from tests.samples import plain

ROOT = Path(__file__).parents[4]
BUILD = """
import sys, time
from indexer.engines import open_writer
from tests.samples import plain
with open_writer(sys.argv[1]) as writer:
    writer.add([plain("a"), plain("new")])
    writer.delete(["b"])
    writer._flush()
    writer._bulk.wait()
    print("half", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def url(cluster_hosts: str) -> Iterator[str]:
    """The URL of an index that is not there."""
    name = f"test-{token_hex(8)}"
    yield f"opensearch://{cluster_hosts}/{name}"
    client = PatientClient(Address.of_url(f"opensearch://{cluster_hosts}/{name}"), OPEN)
    client.ask("DELETE", f"/{name},{name}-*", params={"ignore_unavailable": "true"})
    client.close()


def killed(url: str) -> None:
    """Kill a build half-way, with what it has written."""
    with subprocess.Popen([sys.executable, "-c", BUILD, url], cwd=ROOT, stdout=subprocess.PIPE) as process:  # noqa: S603
        assert process.stdout
        assert process.stdout.readline() == b"half\n"
        process.send_signal(signal.SIGKILL)


def documents(url: str) -> list[tuple[str, int, int]]:
    """The key of each document of all indices of articles, and the generations that brought it and took it away."""
    client = PatientClient(Address.of_url(url), OPEN)
    index = f"{client.address.name}-articles-*"
    client.ask("POST", f"/{index}/_refresh")
    hits = client.ask("POST", f"/{index}/_search", {"size": 100})["hits"]["hits"]
    client.close()
    fields = mapping.KEY, mapping.ADDED, mapping.REMOVED
    return sorted(tuple(hit["_source"][field] for field in fields) for hit in hits)


async def test_of_a_build_that_was_killed_nothing_is_served_and_the_next_one_removes_it(url: str) -> None:
    with open_writer(url) as writer:
        writer.add(map(plain, "abc"))
        writer.commit(b"before")
    whole = documents(url)
    killed(url)
    assert documents(url) != whole
    engine = await open_engine(url)
    assert await found(engine) == ["a", "b", "c"]
    await engine.close()
    with open_writer(url) as writer:
        assert writer.state == b"before"
    assert documents(url) == whole


async def test_a_first_build_that_was_killed_is_no_index(url: str) -> None:
    killed(url)
    with pytest.raises(IndexMissing):
        await open_engine(url)
    with open_writer(url) as writer:
        assert (writer.state, writer.replaces) == (b"", "")
        writer.add([plain("c")])
        writer.commit(b"")
    assert [key for key, _, _ in documents(url)] == ["c"]


async def test_articles_that_went_stay_for_readers_of_the_generation_before_until_some_time_has_passed(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(*keys: str) -> None:
        with open_writer(url) as writer:
            writer.add(map(plain, keys))
            writer.commit(b"")

    build("a")
    engine = await open_engine(url)
    build("a", "b")
    assert len(documents(url)) == 3
    assert await found(engine) == ["a"]
    await engine.close()
    monkeypatch.setattr(heads, "KEPT", timedelta(0))
    build("c")
    build("d")
    never = mapping.NEVER
    assert documents(url) == [("a", 2, never), ("b", 2, never), ("c", 3, never), ("d", 4, never)]


async def test_an_index_that_is_built_anew_is_served_as_it_was_until_the_commit(url: str) -> None:
    with open_writer(url) as writer:
        writer.add([plain("a")])
        writer.commit(b"state")
    engine = await open_engine(url)
    with open_writer(url, language=Language.GERMAN) as writer:
        assert "language was english" in writer.replaces
        assert (writer.state, writer.replaced_state) == (b"", b"state")
        writer.add([plain("b")])
        assert not await engine.refresh()
        writer.commit(b"")
    assert await found(engine) == ["a"]
    assert await engine.refresh()
    assert await found(engine) == ["b"]
    await engine.close()


async def test_an_index_of_another_version_is_refused_with_the_remedy_and_built_anew(url: str) -> None:
    with open_writer(url) as writer:
        writer.add([plain("a")])
        writer.commit(b"")
    client = PatientClient(Address.of_url(url), OPEN)
    client.ask("POST", f"/{client.address.name}/_update/{heads.HEAD}", {"doc": {"version": mapping.VERSION + 1}})
    client.close()
    with pytest.raises(IndexUnreadable, match=r"another version.*newsstand index"):
        await open_engine(url)
    with open_writer(url) as writer:
        assert "another version" in writer.replaces
        writer.add([plain("b")])
        writer.commit(b"")
    engine = await open_engine(url)
    assert await found(engine) == ["b"]
    await engine.close()
