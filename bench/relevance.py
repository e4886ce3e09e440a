"""Relevance of Newsstand, stock Whoosh, Tantivy and SQLite FTS5: nDCG@10 on a judged collection.

    python bench/relevance.py COLLECTION [--cluster opensearch://host:9200/name]

COLLECTION is a folder with documents.jsonl.xz (id, title, text), queries.jsonl (id, text) and qrels.txt (TREC's four
columns), such as the Cranfield collection. A query's words are joined with OR; each engine ranks as it does unless told
otherwise, over title and text.
"""

import argparse
import asyncio
import lzma
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import orjson
from corpora.documents import Document
from corpora.queries import Form, Query
from measures.measure import table, versions
from measures.ndcg import DEPTH, ndcg
from peers.cluster_peer import ClusterPeer
from peers.peer import Peer
from peers.registry import OURS, SQLITE, TANTIVY, WHOOSH_AS_IS, installed, peer, version_of

from indexer.text.analysis import terms

_PUBLISHED = 1_577_836_800  # all on one day; dates do not matter to relevance


def main() -> None:
    """Compare, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--cluster", default="", help="also build and search an index at this URL of a cluster")
    arguments = parser.parse_args()
    collection: Path = arguments.collection
    names = installed(OURS, WHOOSH_AS_IS, TANTIVY, SQLITE)
    grades, queries = _grades(collection), dict(_queries(collection))
    engines = {name: peer(name) for name in names}
    if arguments.cluster:
        engines[f"{OURS} on a cluster"] = ClusterPeer(arguments.cluster)
    values = {name: asyncio.run(_values(engine, collection, queries, grades)) for name, engine in engines.items()}
    versions("numpy")
    print(", ".join(map(version_of, names)), end="\n\n")
    print(f"{sum(1 for _ in _documents(collection)):,} documents, {len(queries)} queries\n")
    table(["engine", f"nDCG@{DEPTH}"], [[name, f"{statistics.fmean(found):.4f}"] for name, found in values.items()])


async def _values(
    engine: Peer, collection: Path, queries: dict[str, Query], grades: dict[str, dict[str, int]]
) -> list[float]:
    """The measure for each query."""
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        engine.build(_documents(collection), index)
        await engine.open(index)
        return [ndcg(await engine.keys(query, DEPTH), grades[number]) for number, query in queries.items()]


def _documents(collection: Path) -> Iterator[Document]:
    with lzma.open(collection / "documents.jsonl.xz") as file:
        for line in file:
            item = orjson.loads(line)
            yield Document(str(item["id"]), item["title"], item["text"], [], _PUBLISHED)


def _queries(collection: Path) -> Iterator[tuple[str, Query]]:
    for line in (collection / "queries.jsonl").read_bytes().splitlines():
        item = orjson.loads(line)
        yield str(item["id"]), Query(kind="any word", words=tuple(terms(item["text"])), form=Form.ANY)


def _grades(collection: Path) -> dict[str, dict[str, int]]:
    """The grade of each judged document, by query."""
    grades: dict[str, dict[str, int]] = defaultdict(dict)
    for line in (collection / "qrels.txt").read_text("utf-8").splitlines():
        query, _, document, grade = line.split()
        grades[query][document] = int(grade)
    return grades


if __name__ == "__main__":
    main()
