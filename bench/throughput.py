"""GraphQL servers over the same articles: Newsstand, plain Strawberry, Mercurius, GraphQL Yoga, and Uvicorn alone.

    python bench/throughput.py INDEX-or-CONTENT [--rounds 3] [--seconds 3] [--connections 8] [--only SERVER ...]
                               [--operations NAME ...] [--seed 1] [--cache FOLDER]

Each server has one worker on one core, and the loader, wrk, has another; servers take turns, one at a time, while the
others are idle. Plain Strawberry is the same schema on the same engine, served as Strawberry's manual says; with stock
Whoosh, what is searched for is found by Whoosh's own searcher. Servers on Node have all articles in memory and search
them by SQLite's FTS5. Uvicorn alone sends the bytes that Newsstand answered, without doing anything for them; of
searches, those of an answer of mean length. Before anything is measured, it is checked that all answer with the same
data, and find something for each text. Numbers are medians of the rounds, each of which starts all servers anew.

wrk is Debian's package of that name. Where Node and npm are, the packages of `bench/node` are installed in the cache;
elsewhere the servers on Node are left out.
"""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from corpora.corpus import prepared
from corpora.documents import Document, read_documents
from corpora.options import corpus_options
from corpora.queries import drawn_texts
from load.agreement import answers_of, check_agreement, current, found_everywhere
from load.goals import print_goals
from load.operations import ABOUT, Operation, operations, revalidation
from load.turns import Measured, Turns, median
from load.wrk import Loader, check_tools, version
from measures.measure import table, versions
from servers.bare_app import write_answers
from servers.registry import BARE, OURS, PACKAGES, PEERS, Servers, servers
from servers.server import running

_TEXTS = 500
_NEW = 40_000  # texts that come once: more than any server answers while it is measured


def main() -> None:
    """Compare, and print tables."""
    parser = corpus_options(__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3, help="of load for each operation, server and round")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--only", nargs="+", choices=PEERS, default=PEERS, help="the peers", metavar="SERVER")
    parser.add_argument("--operations", nargs="+", choices=ABOUT, default=list(ABOUT), metavar="NAME")
    arguments = parser.parse_args()
    check_tools()
    cache = arguments.cache.resolve()  # servers run in another folder
    corpus = prepared(arguments.source.resolve(), cache)
    documents = list(read_documents(corpus.documents))
    with TemporaryDirectory() as folder:
        answers = Path(folder) / "answers.json"
        compared = servers(corpus, arguments.only, cache=cache, answers=answers)
        drawn = drawn_texts(documents, _TEXTS + _NEW, seed=arguments.seed)
        texts, new = drawn[:_TEXTS], drawn[_TEXTS:]
        asked = _prepare(compared, topic=_common_topic(documents), texts=texts, new=new, answers=answers)
        asked = [operation for operation in asked if operation.name in arguments.operations]
        turns = Turns([compared.ours, *compared.peers], asked, Loader(arguments.connections, arguments.seconds))
        for _ in range(arguments.rounds):
            turns.play()
    versions(*PACKAGES)
    print(", ".join([version(), *compared.node_versions]), end="\n\n")
    print(f"{corpus.count:,} articles, {arguments.connections} connections, medians of {arguments.rounds} rounds")
    for operation in asked:
        _print_operation(operation, turns.measured)
    _print_half(asked, turns.measured[OURS])
    _print_alone(asked, turns.measured)
    _print_pauses(turns.measured)
    _print_resources(turns.measured)
    print_goals(turns.measured)


def _common_topic(documents: Sequence[Document]) -> str:
    """The topic of most articles."""
    [(topic, _)] = Counter(topic for document in documents for topic in document.topics).most_common(1)
    return topic


def _prepare(
    compared: Servers, *, topic: str, texts: Sequence[str], new: Sequence[str], answers: Path
) -> list[Operation]:
    """The operations that all servers answer alike. What Uvicorn alone sends is written to the file of answers."""
    peers = [peer for peer in compared.peers if peer.name != BARE]
    with ExitStack() as stack:
        for server in (compared.ours, *peers):
            stack.enter_context(running(server))
        found = found_everywhere(texts, [compared.ours, *peers])
        print(f"{len(found)} of {len(texts)} texts find something everywhere\n")
        asked = operations(topic=topic, texts=found, new=new)
        check_agreement(asked, compared.ours, peers)
        asked.append(current(revalidation(), compared.ours))
        write_answers({f"/{slug}": answer for slug, answer in answers_of(compared.ours, asked).items()}, answers)
    return asked


def _print_operation(operation: Operation, measured: Mapping[str, Measured]) -> None:
    print(f"\n{operation.name.capitalize()}: {ABOUT[operation.name]}\n")
    loads = {name: median(one.full[operation.name]) for name, one in measured.items() if operation.name in one.full}
    ours = loads[OURS].per_second
    rows = [
        [name, _whole(load.per_second), ours / load.per_second, load.median_ms, load.p99_ms, load.kilobytes]
        for name, load in loads.items()
    ]
    table(["server", "requests/s", "Newsstand / it", "p50 ms", "p99 ms", "kB"], rows)


def _print_half(asked: Sequence[Operation], ours: Measured) -> None:
    print("\nNewsstand at about half of that load, requests coming at random\n")
    rows = []
    for name in (operation.name for operation in asked):
        half, full = median(ours.half[name]), median(ours.full[name])
        of_full, spread = half.per_second / full.per_second, half.p99_ms / half.median_ms
        rows.append([name, _whole(half.per_second), of_full, half.median_ms, half.p99_ms, half.p999_ms, spread])
    table(["operation", "requests/s", "of full", "p50 ms", "p99 ms", "p99.9 ms", "p99 / p50"], rows)


def _print_alone(asked: Sequence[Operation], measured: Mapping[str, Measured]) -> None:
    print("\nThe slowest answers alone on one connection\n")
    rows = []
    for operation in asked:
        for name, one in measured.items():
            if operation.name in one.alone:
                load = median(one.alone[operation.name])
                rows.append([operation.name, name, load.median_ms, load.p99_ms, load.p999_ms])
    table(["operation", "server", "p50 ms", "p99 ms", "p99.9 ms"], rows)


def _print_pauses(measured: Mapping[str, Measured]) -> None:
    print("\nPauses of the garbage collector in each round\n")
    rows = [
        [name, round_, pauses.number, pauses.seconds * 1000, pauses.longest * 1000]
        for name, one in measured.items()
        for round_, pauses in enumerate(one.pauses, start=1)
    ]
    table(["server", "round", "pauses", "together ms", "longest ms"], rows)


def _print_resources(measured: Mapping[str, Measured]) -> None:
    print("\nSeconds until the first answer, and memory in the end (of which no file's)\n")
    rows = []
    for name, one in measured.items():
        resident, own = map(statistics.median, zip(*one.memory, strict=True))
        rows.append([name, statistics.median(one.seconds), resident, own])
    table(["server", "first answer s", "memory MB", "of it own MB"], rows)


def _whole(number: float) -> str:
    return f"{number:,.0f}"


if __name__ == "__main__":
    main()
