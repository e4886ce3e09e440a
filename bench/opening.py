"""Opening an index: processor time until the first answer, the part that checksums take, and memory of its own.

    python bench/opening.py INDEX [--rounds 5]

Each round is a process of its own, with the index in the system's cache. The peer is the first answer where files of
arrays are only mapped, as they would be without checksums. Printed are medians, in milliseconds of the processor.
"""

import argparse
import asyncio
import json
import mmap
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from measures.measure import table
from measures.memory import Memory, memory

from indexer.engines import index_problems, open_writer
from indexer.search.requests import SearchRequest
from indexer.search.trust import Trust
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.segment import arrays_file


def main() -> None:
    """Measure in processes of their own, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.once:
        print(json.dumps(once(arguments.index)))
        return
    command = [sys.executable, __file__, str(arguments.index), "--once"]
    rounds = [json.loads(subprocess.check_output(command)) for _ in range(arguments.rounds)]
    medians = {name: statistics.median(each[name] for each in rounds) for name in rounds[0]}
    own, first = medians.pop("MB"), medians["open, and the first answer"]
    rows = [(name, f"{one:.0f}", f"{one / first:.2f}") for name, one in medians.items()]
    table(("", "milliseconds", "of the first answer"), rows)
    print(f"\nMemory of its own, with the arrays: {own:.0f} MB")


def once(index: Path) -> dict[str, float]:
    """Milliseconds of the processor for each step, and megabytes."""
    before, during = memory(), []
    steps = {
        "open, and the first answer": lambda: during.append(asyncio.run(answered(index))),
        "arrays: read, and compared": lambda: [*map(arrays_file.load, index.glob("*.arrays"))],
        "arrays: only mapped": lambda: [*map(mapped, index.glob("*.arrays"))],
        "a build: looks at what was touched": lambda: built(index, Trust.UNTOUCHED),
        "a build with --full: reads all": lambda: built(index, Trust.NOTHING),
        "newsstand check --index": lambda: index_problems(str(index)),
    }
    taken = {name: timed(step) for name, step in steps.items()}
    return {**taken, "MB": during[0].own - before.own}


def timed(step: Callable[[], object]) -> float:
    """Milliseconds of the processor that a step takes."""
    started = time.process_time()
    step()
    return (time.process_time() - started) * 1000


async def answered(index: Path) -> Memory:
    """Open the index, and search once; the memory then."""
    engine = await WhooshEngine.open(index)
    await engine.search([SearchRequest(now=datetime.now(UTC))])
    held = memory()
    await engine.close()
    return held


def built(index: Path, trust: Trust) -> None:
    """A build that has nothing to do."""
    with open_writer(str(index), trust=trust) as writer:
        writer.commit(writer.state)


def mapped(path: Path) -> mmap.mmap:
    """The file, mapped and not looked at."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


if __name__ == "__main__":
    main()
