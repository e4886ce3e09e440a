"""Many generations are committed while clients ask; the long version is `bench/editing/live.py`."""

import asyncio
import os
from functools import partial
from pathlib import Path

import orjson
import pytest

from gateway.served_index import ServedIndex
from indexer import engines
from schema.execution.executor import Execution, Executor
from schema.execution.request import GraphQLRequest, utc_now
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.replacing import replace
from tests.samples import plain
from tests.seal import CURSOR_KEY

GENERATIONS = 20
BEFORE = 5
QUERY = """{
  articles(first: 100) { totalCount nodes { key provider { articleCount } } }
  more: articles(search: "harvest", first: 1) { totalCount nodes { similar(first: 2) { key } } }
  index { generation articleCount }
}"""


def commit(index: str, *keys: str) -> None:
    with engines.open_writer(index) as writer:
        writer.add(replace(plain(key), web_url=f"https://daily.example/{key}") for key in keys)
        writer.commit(b"")


def open_files(folder: Path) -> list[str]:
    """The files below a folder that this process has open."""
    links = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            links.append(os.readlink(descriptor))  # noqa: PTH115 - a name may end in "(deleted)"
        except OSError:
            continue
    return [link for link in links if link.startswith(str(folder))]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks at open files in /proc")
async def test_no_answer_fails_or_mixes_generations_and_nothing_is_left_of_old_ones(tmp_path: Path):
    index = str(tmp_path / "index")
    commit(index, *(f"old{number}" for number in range(BEFORE)))
    make = partial(Executor, schema=build_schema(), limits=Limits(), asset_base_url=None, execution=Execution.COMPILED)
    served = ServedIndex(partial(engines.open_engine, index), make, cursor_key=lambda: CURSOR_KEY, clock=utc_now)
    await served.refresh()
    keeper = asyncio.create_task(served.keep_fresh(seconds=0.001))
    seen: set[int] = set()
    is_over = False

    async def client() -> None:
        while not is_over:
            answer = orjson.loads((await served.execute(GraphQLRequest(query=QUERY))).body)
            assert "errors" not in answer
            articles, more, status = (answer["data"][name] for name in ("articles", "more", "index"))
            count = BEFORE - 1 + status["generation"]
            assert {articles["totalCount"], len(articles["nodes"]), more["totalCount"]} == {count}
            assert {node["provider"]["articleCount"] for node in articles["nodes"]} == {count}
            assert status["articleCount"] == count
            seen.add(status["generation"])
            await asyncio.sleep(0)

    clients = [asyncio.create_task(client()) for _ in range(4)]
    for number in range(GENERATIONS):
        await asyncio.to_thread(commit, index, f"new{number}")
        while max(seen, default=0) < number + 2:  # each is served before the next one
            await asyncio.sleep(0.001)
            assert not any(task.done() for task in clients), [task.exception() for task in clients if task.done()]
    is_over = True
    await asyncio.gather(*clients)
    assert len(seen) > GENERATIONS

    folder = tmp_path / "index"
    segments = {name.split(".")[0] for path in folder.iterdir() if (name := path.name).endswith(".arrays")}
    assert len(segments) <= 10
    assert len([path for path in folder.iterdir() if path.suffix == ".toc"]) == 1
    is_open = open_files(folder)
    assert {Path(name).name.split(".")[0] for name in is_open} <= segments
    assert len(is_open) == len(set(is_open))  # generations share what they have open
    keeper.cancel()
    await asyncio.gather(keeper, return_exceptions=True)
    await served.close()
    assert open_files(folder) == []
