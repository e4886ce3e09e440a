"""Commands run in turn with their time and memory, and tables of medians."""

import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from measures.memory import PeakOfTree


class Run(NamedTuple):
    """One run of a command: seconds on the wall, and the most memory that its processes had together, in MB."""

    seconds: float
    megabytes: float


def run(command: Sequence[str | Path], *, folder: Path | None = None) -> Run:
    """Run a command to its end, in another folder if need be. Raises CalledProcessError where it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    with PeakOfTree(process.pid) as peak:
        _, told = process.communicate()
        seconds = time.perf_counter() - started
    if process.returncode:
        sys.stderr.write(told.decode())
        raise subprocess.CalledProcessError(process.returncode, command)
    return Run(seconds, peak.megabytes)


def in_turn(commands: Mapping[str, Sequence[str | Path]], *, rounds: int) -> dict[str, Run]:
    """Run each command in each round, so that a slow moment of the machine meets all of them; the medians."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(run(command))
    return {name: Run(*map(statistics.median, zip(*done, strict=True))) for name, done in runs.items()}


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows as a Markdown table."""
    texts = [[f"{cell:,.3g}" if isinstance(cell, float) else str(cell) for cell in row] for row in [head, *rows]]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    for number, row in enumerate(texts):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def versions(*packages: str) -> None:
    """Print the versions of Python and of the packages that are compared."""
    names = [f"Python {sys.version.split()[0]}", *(f"{package} {version(package)}" for package in packages)]
    print(", ".join(names), end="\n\n")
