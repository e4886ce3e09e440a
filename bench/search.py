"""Search times, memory and matches of Newsstand, stock Whoosh, Tantivy and SQLite FTS5, on the same articles.

    python bench/search.py INDEX-or-CONTENT [--count 500] [--rounds 3] [--seed 1] [--cache FOLDER] [--without PEER]
                           [--copies NUMBER]

Every engine has a process of its own; they take turns with blocks of one log of queries. What is timed is the way from
the query's text to the keys of the best 10: Newsstand reads and returns the 10 whole articles, its peers fetch the
stored key only. A round starts all engines anew and goes through the log three times: in the first pass each query is
new to the engine, though files may be in the system's cache; in later passes the engine has met it, and Newsstand has
the words, and most articles that it returned, at hand, which its peers do not keep. Times are medians over rounds for
each query, and percentiles over queries; of 50 queries, the 99th is the slowest. What takes an engine longer than a
second is asked once, and a kind that takes it longer than a minute is cut short; ratios are for the queries asked.

With `--copies`, Newsstand also searches an index of so many articles, which are copies of the others: it tells how
searches grow with the number of articles.

Peers have visible articles only. Each stems English, Whoosh on our terms, the others with analyzers of their own.
Prefixes meet stems there, and whole words here.
"""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpora.copies import copies_of
from corpora.corpus import prepared
from corpora.documents import read_documents
from corpora.options import corpus_options
from corpora.peer_index import peer_index
from corpora.queries import Form, Query, query_log
from load.rounds import Measured, Rounds
from load.serving import serving
from measures.measure import table, versions
from peers.registry import OURS, OURS_ON_COPIES, SQLITE, TANTIVY, WHOOSH, installed, version_of

_SAMPLE = 50  # so many queries are counted before any is timed
_HEAD = ["queries", "engine", "asked", "p50 ms", "p95 ms", "p99 ms", "mean ms", "p50 / ours", "mean / ours"]


def main() -> None:
    """Compare, and print tables."""
    parser = corpus_options(__doc__)
    parser.add_argument("--count", type=int, default=500, help="how many queries")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--without", choices=(WHOOSH, TANTIVY, SQLITE), action="append", default=[], help="leave one out"
    )
    parser.add_argument("--copies", type=int, default=0, help="the articles of an index of copies")
    arguments = parser.parse_args()
    names = installed(OURS, *(name for name in (WHOOSH, TANTIVY, SQLITE) if name not in arguments.without))
    corpus = prepared(arguments.source, arguments.cache)
    folders = {name: corpus.index if name == OURS else peer_index(name, corpus) for name in names}
    first, *log = query_log(list(read_documents(corpus.documents)), count=arguments.count + 1, seed=arguments.seed)
    _check_matches(folders, log, first)
    if arguments.copies:
        folders[OURS_ON_COPIES] = copies_of(corpus, arguments.copies)
    rounds = Rounds(folders, log, first)
    for _ in range(arguments.rounds):
        rounds.play()
    versions("numpy", "orjson")
    print(", ".join(map(version_of, names)), end="\n\n")
    print(f"{corpus.count:,} articles, {len(log)} queries, medians of {arguments.rounds} rounds")
    _print_times("First pass: the engine has not met the query", log, rounds.measured, "first")
    _print_times("Later passes: the engine has met the query", log, rounds.measured, "later")
    _print_resources(rounds.measured)
    _print_agreement(log, rounds.measured)


def _check_matches(folders: Mapping[str, Path], log: Sequence[Query], first: Query) -> None:
    """Stop where engines find different articles, as in an index that other code has built: such times mean nothing."""
    sample = [query for query in log if query.form is not Form.PREFIX][:_SAMPLE]
    counts = {}
    for name, folder in folders.items():
        with serving(name, folder, first) as engine:
            counts[name] = engine.counts(sample)
    for name, found in counts.items():
        agreeing = sum(one == other for one, other in zip(counts[OURS], found, strict=True))
        if 2 * agreeing < len(sample):
            raise SystemExit(
                f"{name} and {OURS} find equally many articles for {agreeing} of {len(sample)} queries only, so their "
                f"times cannot be compared; {OURS} finds {sum(counts[OURS]):,} in all, {name} {sum(found):,}. "
                "Build the index anew, and use another --cache"
            )


def _print_times(title: str, log: list[Query], measured: Mapping[str, Measured], which: str) -> None:
    print(f"\n{title}\n")
    times = {name: one.medians(getattr(one, which)) for name, one in measured.items()}
    kinds: dict[str, set[int]] = {"all": set(range(len(log)))}
    for place, query in enumerate(log):
        kinds.setdefault(query.kind, set()).add(place)
    rows = [row for kind, places in sorted(kinds.items()) for row in _rows(kind, places, times)]
    table(_HEAD, rows)


def _rows(kind: str, places: set[int], times: Mapping[str, Mapping[int, float]]) -> Iterator[list[object]]:
    """A row for each engine. Where it was spared some queries, ours are compared without them."""
    for name, by_place in times.items():
        asked = sorted(places & by_place.keys())
        if asked:
            own, ours = [by_place[place] for place in asked], [times[OURS][place] for place in asked]
            ratios = statistics.median(own) / statistics.median(ours), statistics.fmean(own) / statistics.fmean(ours)
            percentiles = [_percentile(own, share) for share in (0.5, 0.95, 0.99)]
            yield [kind, name, f"{len(asked)} of {len(places)}", *percentiles, statistics.fmean(own), *ratios]


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _print_resources(measured: Mapping[str, Measured]) -> None:
    print("\nReady, and memory: before opening, with the first answer, after all queries (of which no file's)\n")
    head = ["engine", "open s", "first answer s", "before MB", "ready MB", "in the end MB", "of it own MB"]
    rows = []
    for name, one in measured.items():
        ready = [[each.opened, each.answered, each.before.resident, each.then.resident] for each in one.ready]
        columns = [*zip(*ready, strict=True), *zip(*one.memory, strict=True)]
        rows.append([name, *map(statistics.median, columns)])
    table(head, rows)


def _print_agreement(log: list[Query], measured: Mapping[str, Measured]) -> None:
    ours, peers = measured[OURS].counts, [name for name in measured if name not in {OURS, OURS_ON_COPIES}]
    if not peers:
        return
    print("\nQueries for which an engine finds as many articles as Newsstand does\n")
    kinds = sorted({query.kind for query in log})
    rows = [[kind, *(_agreeing(kind, log, ours, measured[name].counts) for name in peers)] for kind in kinds]
    table(["queries", *peers], rows)


def _agreeing(kind: str, log: list[Query], ours: Mapping[int, int], theirs: Mapping[int, int]) -> str:
    counted = [place for place, query in enumerate(log) if query.kind == kind and place in theirs]
    return f"{sum(ours[place] == theirs[place] for place in counted)} of {len(counted)}"


if __name__ == "__main__":
    main()
