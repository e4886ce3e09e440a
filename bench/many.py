"""An index of many articles beside the one that they are copies of: what it takes to write and to serve, and searches.

    python bench/many.py INDEX-or-CONTENT [--articles 1000000] [--count 300] [--rounds 3] [--seed 1] [--cache FOLDER]

The articles of the index are given to the writer again and again, each time with keys and addresses of their own, so
the words are those of the index and have so many times as many articles. Reading files is left out: the time to write
goes on top of that of `newsstand check`, or beside it on another core. The same queries are asked of both indexes, each
in a process of its own, with the memory that servers have unless told otherwise, three times in each round.
"""

import statistics
import sys
from collections.abc import Mapping
from pathlib import Path

from corpora.corpus import prepared, size_of
from corpora.documents import read_documents
from corpora.options import corpus_options
from corpora.queries import query_log
from load.rounds import Measured, Rounds
from measures.measure import Run, run, table, versions
from peers.registry import OURS, OURS_ON_COPIES


def main() -> None:
    """Write, ask, and print tables."""
    parser = corpus_options(__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--count", type=int, default=300, help="how many queries")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    corpus = prepared(arguments.source, arguments.cache)
    folder = corpus.folder / f"copies-{arguments.articles}"
    if folder.exists():
        print(f"{folder} is there already, and is not written again\n")
    else:
        _print_writing(arguments.articles, _write(corpus.index, folder, arguments.articles), size_of(folder))
    first, *log = query_log(list(read_documents(corpus.documents)), count=arguments.count + 1, seed=arguments.seed)
    rounds = Rounds({OURS: corpus.index, OURS_ON_COPIES: folder}, log, first)
    for _ in range(arguments.rounds):
        rounds.play()
    versions("newsstand", "numpy")
    print(f"{corpus.count:,} and {arguments.articles:,} articles, {len(log)} queries, {arguments.rounds} rounds\n")
    _print_searches(rounds.measured)


def _write(index: Path, folder: Path, number: int) -> Run:
    draft = folder.with_suffix(".tmp")
    command = [sys.executable, Path(__file__).with_name("build_copies.py"), index, draft, str(number)]
    taken = run(command)
    draft.rename(folder)
    return taken


def _print_writing(number: int, taken: Run, megabytes: float) -> None:
    print(f"{number:,} articles written, their reading from the other index included\n")
    row = [taken.seconds, 1000 * taken.seconds / number, taken.megabytes, megabytes]
    table(["seconds", "ms an article", "peak MB", "index MB"], [row])
    print()


def _print_searches(measured: Mapping[str, Measured]) -> None:
    rows = []
    for name, one in measured.items():
        first, later = (sorted(one.medians(times).values()) for times in (one.first, one.later))
        medians = statistics.median(first), statistics.median(later)
        opened = statistics.median(each.answered for each in one.ready)
        resident = statistics.median(each.resident for each in one.memory)
        rows.append([name, opened, *medians, later[int(0.95 * len(later))], resident])
    (_, _, *ours, _), (_, _, *many, _) = rows
    rows.append(["ratio", "", *(more / fewer for more, fewer in zip(many, ours, strict=True)), ""])
    table(["engine", "first answer s", "p50 ms, new", "p50 ms, met before", "p95 ms, met before", "memory MB"], rows)


if __name__ == "__main__":
    main()
