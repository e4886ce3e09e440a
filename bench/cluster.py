"""A gateway on a cluster beside one on a folder: the same articles, the same requests.

    python bench/cluster.py CONTENT URL [--folder FOLDER] [--built] [--rounds 3] [--seconds 3] [--connections 16]

CONTENT is indexed in the folder and at the URL, such as `opensearch://127.0.0.1:9201/bench`, which must be new; with
`--built`, both indexes are there already. Then both gateways answer the pages of a news site, by turns, each on one
core, which it shares with a cluster on the same machine. Before that, it is checked that they find as many articles for
each of 300 texts.

`python tests/cluster/cluster.py` starts three small nodes, and tells their hosts.
"""

import argparse
import http.client
import statistics
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import orjson
from corpora.corpus import NEWSSTAND, prepared
from corpora.documents import read_documents
from corpora.queries import drawn_texts
from load.operations import FEED_PAGE, NEW_SEARCH, SEARCH_BOX, SEARCH_PAGE, Operation, box, operations
from load.turns import Measured, Turns, median
from load.wrk import Loader, check_tools
from measures.measure import table
from servers.registry import newsstand
from servers.server import Server, running

_TEXTS = 300
_NEW = 20_000
_ASKED = (FEED_PAGE, SEARCH_PAGE, SEARCH_BOX, NEW_SEARCH)
_FOLDER, _CLUSTER = "on a folder", "on a cluster"


def main() -> None:
    """Build, compare, and print tables."""
    arguments = _arguments()
    check_tools()
    indexes: Mapping[str, Path | str] = {_CLUSTER: arguments.url, _FOLDER: arguments.folder.resolve()}
    if not arguments.built:
        _build(arguments.content, indexes)
    corpus = prepared(arguments.folder.resolve(), arguments.cache.resolve())
    drawn = drawn_texts(list(read_documents(corpus.documents)), _TEXTS + _NEW, seed=arguments.seed)
    servers = [newsstand(index, name=name) for name, index in indexes.items()]
    texts = _check(servers, drawn[:_TEXTS])
    asked = [each for each in operations(topic="", texts=texts, new=drawn[_TEXTS:]) if each.name in _ASKED]
    turns = Turns(servers, asked, Loader(arguments.connections, arguments.seconds))
    for _ in range(arguments.rounds):
        turns.play()
    print(f"\n{corpus.count:,} articles, {arguments.connections} connections, medians of {arguments.rounds} rounds\n")
    _print(asked, turns.measured)
    sizes = {_CLUSTER: _stored(arguments.url), _FOLDER: _size(arguments.folder)}
    rows = []
    for name, one in turns.measured.items():
        resident = max(memory.resident for memory in one.memory)
        rows.append([name, statistics.median(one.seconds), resident, sizes[name] / corpus.count / 1e3])
    print()
    table(["gateway", "first answer s", "memory MB", "kB an article"], rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("url")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/newsstand-bench/beside-a-cluster"))  # noqa: S108
    parser.add_argument("--built", action="store_true", help="both indexes are there already")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of load for each operation, gateway and round")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=Path("/tmp/newsstand-bench"))  # noqa: S108
    return parser.parse_args()


def _build(content: Path, indexes: Mapping[str, Path | str]) -> None:
    """Index the content twice, and print how long that took."""
    rows = []
    for name, index in indexes.items():
        begun = time.perf_counter()
        subprocess.run([NEWSSTAND, "index", "--content", content, "--index", str(index)], check=True)
        rows.append([name, time.perf_counter() - begun])
    table(["index", "seconds to build"], rows)


def _check(servers: Sequence[Server], texts: Sequence[str]) -> list[str]:
    """The texts that find something. Raises SystemExit where one finds more on one gateway than on the other."""
    found, shared = [], []
    with running(servers[0]) as one, running(servers[1]) as other:
        for text in texts:
            (total, keys), (other_total, other_keys) = (_found(each.server, text) for each in (one, other))
            if total != other_total:
                raise SystemExit(f"{text!r} finds {total} articles {servers[0].name}, {other_total} {servers[1].name}")
            if keys:
                found.append(text)
                shared.append(len(keys & other_keys) / len(keys))
    same = sum(shared) / len(shared)
    print(f"\n{len(texts)} texts find as many articles on both; of the first eight, {same:.1%} are the same.")
    return found


def _found(server: Server, text: str) -> tuple[int, set[str]]:
    answer = orjson.loads(box(text).answer(server.port).body)
    if "errors" in answer:
        raise SystemExit(f"{text!r} {server.name}: {answer['errors']}")
    articles = answer["data"]["articles"]
    return articles["totalCount"], {edge["node"]["id"] for edge in articles["edges"]}


def _print(asked: Sequence[Operation], measured: Mapping[str, Measured]) -> None:
    rows = []
    for operation in asked:
        loads = {name: median(one.full[operation.name]) for name, one in measured.items()}
        alone = {name: median(one.alone[operation.name]) for name, one in measured.items()}
        for name, load in loads.items():
            ratio = load.per_second / loads[_FOLDER].per_second
            rows.append([operation.name, name, load.per_second, ratio, alone[name].median_ms, alone[name].p99_ms])
    table(["operation", "gateway", "requests/s", "of the folder's", "alone p50 ms", "alone p99 ms"], rows)


def _stored(url: str) -> int:
    """The bytes of an index in its cluster, one copy of it."""
    address = urlsplit(url)
    host = address.netloc.rpartition("@")[2].partition(",")[0]
    connection = http.client.HTTPConnection(host)
    connection.request("GET", f"/_cat/indices/{address.path.strip('/')}*?bytes=b&h=pri.store.size")
    return sum(map(int, connection.getresponse().read().split()))


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
