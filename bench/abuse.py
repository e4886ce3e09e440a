"""Hostile requests of every kind, each beside what it should cost: time, memory, and what others feel of it.

    python bench/abuse.py INDEX [--kinds NAME ...] [--quick] [--seed 1]

Each kind has a server of its own, one process on the loopback address, and a well-behaved client beside it, which asks
for a feed page 25 times a second. Everything has a time-out: a server that dies or does not answer any more is one of
the results. `--quick` sends a tenth. Goals: p99 of the well-behaved client below 100 ms beside single requests, at most
200 MB more after all requests of a flood than after a tenth of them, at most three times the declared price of 25
microseconds a unit (where that is above 5 ms, since to connect has no price), and at most 500 ms of processor time for
one request.
"""

import argparse
import asyncio
import random
import re
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from attacks.attack import Attack, Kind, Promise, Tally, p99_ms
from attacks.attacked import Attacked, attacked
from attacks.connection import Connection
from attacks.content import CONTENT, built
from attacks.drawn import DRAWN
from attacks.holding import HOLDING
from attacks.keeping import KEEPING
from attacks.neighbour import Neighbour
from attacks.work import WORK
from load.operations import first_request
from load.request import Request
from measures.measure import table, versions
from prices.asking import Asking, asking

KINDS: Sequence[Kind] = (*WORK, *CONTENT, *KEEPING, *HOLDING, *DRAWN)
_LONGEST = 300  # seconds for one kind
_P99 = 100  # ms
_WORST = 0.5  # seconds
_KEPT = 200  # MB
_RATIO = 3
_CONNECTING = 0.005  # seconds to connect and to read HTTP, which have no price, and more
_CALM = 2.0  # seconds of the well-behaved client alone, the first of which warms up
_ANSWERING = 15.0  # seconds in which a server must answer that has been left alone
_HEAD = (
    "kind", "requests", "sent MB", "answered/refused/lost", "cost", "CPU s", "worst ms", "CPU/price",
    "kept after a tenth MB", "kept MB", "estimated MB", "peak MB", "p99 ms", "before ms", "misses",
)  # fmt: skip


def main() -> None:
    """Attack, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--kinds", nargs="+", metavar="NAME", choices=[kind.name for kind in KINDS])
    parser.add_argument("--quick", action="store_true", help="a tenth of the counts")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    chosen = [kind for kind in KINDS if not arguments.kinds or kind.name in arguments.kinds]
    versions("newsstand", "uvicorn", "uvloop", "graphql-core")
    rows, promises = asyncio.run(
        _attack(arguments.index.resolve(), chosen, arguments.seed, 0.1 if arguments.quick else 1)
    )
    print()
    table(_HEAD, rows)
    print("\nOther promises\n")
    table(["kind", "promise", "kept", "seen"], promises)


Row = list[object]


async def _attack(index: Path, kinds: Sequence[Kind], seed: int, scale: float) -> tuple[list[Row], list[Row]]:
    rows: list[Row] = []
    promises: list[Row] = []
    async with asking(index, random.Random(seed)) as asked:  # noqa: S311  # a fixed draw, no secret
        for kind in kinds:
            print(f"{kind.name}: {kind.promise}", flush=True)
            row, told = await _one(index, kind, asked, scale)
            print(f"    {row}\n    {told}", flush=True)
            rows.append(row)
            promises += told
    return rows, promises


async def _one(index: Path, kind: Kind, asked: Asking, scale: float) -> tuple[Row, list[Row]]:
    """Attack a new server with one kind: the row of its measures, and those of its promises."""
    try:
        with (
            _index(index, kind, scale) as (folder, promises),
            attacked(folder, kind.environment, kind.descriptors) as server,
        ):
            attack = Attack(server, asked, scale=scale)
            attack.tally.promises += promises
            felt, trouble = await _measured(attack, kind)
            row = _row(kind, attack.tally, felt, trouble)
            return row, [
                [kind.name, each.what, "yes" if each.is_kept else "NO", each.seen] for each in attack.tally.promises
            ]
    except SystemExit as failure:  # the server does not start
        return [kind.name, *[""] * (len(_HEAD) - 2), str(failure).splitlines()[0]], []


@contextmanager
def _index(index: Path, kind: Kind, scale: float) -> Iterator[tuple[Path, Sequence[Promise]]]:
    """The index that is served, and what was seen of its build."""
    if kind.content is None:
        yield index, ()
        return
    with built(kind.content(scale)) as made:
        yield made.index, (made.promise,)


class Felt(NamedTuple):
    """The p99 of the well-behaved client in milliseconds, before the attack and in it."""

    before: float | None
    meanwhile: float | None


async def _measured(attack: Attack, kind: Kind) -> tuple[Felt, str]:
    """The well-behaved client's waits, and faults of the server or the attack."""
    feed, trouble = first_request(), ""
    with Neighbour(attack.port, feed.path, feed.body) as neighbour:
        await asyncio.sleep(_CALM)
        try:
            await asyncio.wait_for(attack.run(kind.play), _LONGEST)
        except TimeoutError:
            trouble = f"cut short after {_LONGEST} s"
        except (OSError, ExceptionGroup) as error:
            trouble = repr(error.exceptions[0] if isinstance(error, ExceptionGroup) else error)
        samples = await asyncio.to_thread(neighbour.samples)
    tally = attack.tally
    before = p99_ms(samples, tally.started - _CALM, tally.started - 0.1)
    felt = Felt(before, p99_ms(samples, tally.started, tally.ended))
    trouble = trouble or await _health(attack.server)
    tally.estimated = None if trouble else await _estimated(attack.server)
    return felt, trouble


async def _estimated(server: Attacked) -> float | None:
    """The megabytes that the server's own gauges tell."""
    async with Connection(server.port) as connection:
        answer = await connection.ask(Request("/metrics").written(server.port), patience=_ANSWERING)
    sizes = re.findall(rb"^newsstand_memory_bytes\{.*\} (\d+)$", answer.body, re.MULTILINE) if answer else ()
    return sum(map(int, sizes)) / 1e6 if sizes else None


async def _health(server: Attacked) -> str:
    """Nothing, or that the server has died or hangs."""
    if not server.is_alive():
        return "SERVER DIED"
    async with Connection(server.port) as connection:
        answer = await connection.ask(first_request().written(server.port), patience=_ANSWERING)
    return "" if answer else "SERVER HANGS"


def _row(kind: Kind, tally: Tally, felt: Felt, trouble: str) -> Row:
    since = None if tally.tenth is None else tally.after - tally.tenth
    misses = [trouble] if trouble else []
    if felt.meanwhile is not None and felt.meanwhile > _P99 and not kind.flood:
        misses.append("p99")
    if since is not None and since > _KEPT:
        misses.append("memory")
    if tally.ratio is not None and tally.ratio > _RATIO and _each(tally) > _CONNECTING:
        misses.append("price")
    if tally.worst is not None and tally.worst > _WORST:
        misses.append("worst")
    if not all(each.is_kept for each in tally.promises):
        misses.append("promise")
    outcomes = "/".join(str(tally.outcomes[each]) for each in ("answered", "refused", "lost"))
    return [
        kind.name, tally.requests, tally.bytes / 1e6, outcomes, _or_dash(tally.cost), tally.cpu,
        _or_dash(None if tally.worst is None else 1000 * tally.worst), _or_dash(tally.ratio),
        _whole(None if tally.tenth is None else tally.tenth - tally.before), _whole(tally.after - tally.before),
        _whole(tally.estimated), _whole(tally.peak - tally.before),
        _whole(felt.meanwhile), _whole(felt.before),
        ", ".join(misses) or "none",
    ]  # fmt: skip


def _each(tally: Tally) -> float:
    """The processor seconds of the worst request, or of the mean one of a flood."""
    return tally.cpu / max(1, tally.requests) if tally.worst is None else tally.worst


def _or_dash(number: float | None) -> object:
    return "-" if number is None else number


def _whole(number: float | None) -> object:
    return "-" if number is None else f"{number:,.0f}"


if __name__ == "__main__":
    main()
