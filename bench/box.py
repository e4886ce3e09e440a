"""The cost of a search page's extras: highlights of 10 hits, and all facets, beside the search itself.

    python bench/box.py INDEX-or-CONTENT [--count 500] [--rounds 5] [--seed 1] [--cache FOLDER]

The log is that of `search.py`. Each query is asked in four ways by turns: the page alone, with highlights (a title and
a fragment of the excerpt as HTML), with facets (topics, providers, categories, types, months, quality and heat), and
with both. Counts are kept for a query that was asked before, so the first round stands alone; times of later rounds
are medians.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from corpora.corpus import prepared
from corpora.documents import read_documents
from corpora.options import corpus_options
from corpora.queries import query_log
from measures.measure import table, versions
from msgspec import structs
from peers.newsstand_peer import request_of

from indexer.engines import open_engine
from indexer.query.highlight import Highlighter
from indexer.query.tree import TextField
from indexer.search.engine import SearchEngine
from indexer.search.facets import Calendar, FacetRequest, SpreadRequest
from indexer.search.filters import NumberField, TermField
from indexer.search.requests import SearchRequest, SearchResult

_SIZE = 10
_FRAGMENT = 200
_FIELDS = (TermField.TOPIC, TermField.PROVIDER, TermField.CATEGORY, TermField.TYPE, Calendar.MONTH)
_FACETS = tuple(FacetRequest(field=field, size=10) for field in _FIELDS)
_SPREADS = tuple(SpreadRequest(field=field) for field in NumberField)

Times = list[float]


def main() -> None:
    """Ask, and print tables."""
    parser = corpus_options(__doc__)
    parser.add_argument("--count", type=int, default=500, help="how many queries")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    corpus = prepared(arguments.source, arguments.cache)
    log = query_log(list(read_documents(corpus.documents)), count=arguments.count, seed=arguments.seed)
    now = datetime.now(UTC)
    requests = [structs.replace(request_of(query, _SIZE, now=now), forgiving=True) for query in log]
    rounds = asyncio.run(_rounds(corpus.index, requests, arguments.rounds))
    versions("numpy", "orjson")
    print(f"\n{corpus.count:,} articles, {len(log)} queries, milliseconds\n\nFirst round\n")
    _print(rounds[:1])
    print("\nLater rounds\n")
    _print(rounds[1:])


def _print(rounds: Sequence[Sequence[Times]]) -> None:
    """A row for each way: percentiles over the queries of their medians, and the mean beside that of the page alone."""
    medians = [[statistics.median(times) for times in zip(*way, strict=True)] for way in zip(*rounds, strict=True)]
    alone = medians[0]
    rows = [
        [
            name,
            statistics.median(way),
            sorted(way)[int(0.99 * len(way))],
            statistics.fmean(way),
            statistics.median(way) / statistics.median(alone),
            statistics.fmean(way) / statistics.fmean(alone),
        ]
        for (name, _), way in zip(_WAYS, medians, strict=True)
    ]
    table(["page", "p50 ms", "p99 ms", "mean ms", "p50 / alone", "mean / alone"], rows)


async def _rounds(index: Path, requests: Sequence[SearchRequest], count: int) -> list[list[Times]]:
    """The times of each round, by way and query."""
    engine = await open_engine(str(index))
    for request in requests:  # so that the words and articles are at hand, and only the extras are not
        await engine.search([request])
    rounds = []
    for _ in range(count):
        asked = [[await _time(engine, request, way) for _, way in _WAYS] for request in requests]
        rounds.append([list(times) for times in zip(*asked, strict=True)])
    await engine.close()
    return rounds


Way = Callable[[SearchRequest], SearchRequest]


async def _time(engine: SearchEngine, request: SearchRequest, way: Way) -> float:
    asked = way(request)
    started = time.perf_counter()
    [result] = await engine.search([asked])
    if asked.understanding:
        _highlight(result)
    return 1000 * (time.perf_counter() - started)


def _highlight(result: SearchResult) -> None:
    if not result.understanding:
        return
    highlighter = Highlighter(result.understanding)
    for hit in result.hits:
        title = highlighter.mark(hit.article.title, TextField.TITLE)
        excerpt = highlighter.mark(hit.article.summary or "", TextField.EXCERPT)
        if title:
            title.html("mark")
        if excerpt:
            excerpt.fragment(_FRAGMENT).html("mark")


def _with_highlights(request: SearchRequest) -> SearchRequest:
    return structs.replace(request, understanding=True)


def _with_facets(request: SearchRequest) -> SearchRequest:
    return structs.replace(request, facets=_FACETS, spreads=_SPREADS)


_WAYS: Sequence[tuple[str, Way]] = (
    ("alone", lambda request: request),
    ("with highlights", _with_highlights),
    ("with facets", _with_facets),
    ("with both", lambda request: _with_facets(_with_highlights(request))),
)


if __name__ == "__main__":
    main()
