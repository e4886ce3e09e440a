"""Time, memory and size of an index, against the bare time of parsing the same files with PyYAML's CSafeLoader.

    python bench/index.py CONTENT [--rounds 3]

Newsstand reads all files on all cores (`newsstand check`), indexes CONTENT into a new folder, again with nothing
changed, and again with one file changed (a copy of the folder is used, so CONTENT stays as it is). Stock Whoosh,
Tantivy and SQLite FTS5 index the title, excerpt, topics and date of the articles parsed already, which they read from
JSON lines; so their times go on top of the parser's. Times are those of whole commands. Memory is the most that a
command's processes had together, what they share counted once.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from corpora.corpus import NEWSSTAND, prepared, size_of
from measures.measure import Run, in_turn, run, table, versions
from peers.registry import OURS, SQLITE, TANTIVY, WHOOSH, installed, version_of

_PARSE = """
import sys, yaml
from pathlib import Path
for path in Path(sys.argv[1]).rglob("*.md"):
    yaml.load(path.read_text(encoding="utf-8").split("---\\n", 2)[1], yaml.CSafeLoader)
"""
_BASE = "CSafeLoader, one core"
_ANEW = 'rm -rf "$1"; shift; exec "$@"'  # removes a folder, then runs a command

Command = list[str | Path]


def main() -> None:
    """Compare, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    peers = installed(WHOOSH, TANTIVY, SQLITE)
    with tempfile.TemporaryDirectory() as folder:
        content, index = Path(folder) / "content", Path(folder) / "index"
        shutil.copytree(arguments.content, content)
        ours: Command = [NEWSSTAND, "index", "--content", content, "--index", index]
        run(ours)
        corpus = prepared(index, Path(folder) / "cache")
        indexes = {f"{name}, articles parsed already": Path(folder) / name for name in peers}
        building: list[Command] = [_building(name, corpus.documents, Path(folder) / name) for name in peers]
        medians = in_turn(
            {
                _BASE: [sys.executable, "-c", _PARSE, content],
                "newsstand check, which parses alone": [NEWSSTAND, "check", content],
                "newsstand index, cold": _anew(index, ours),
                **dict(zip(indexes, building, strict=True)),
            },
            rounds=arguments.rounds,
        )
        medians |= in_turn({"newsstand index, nothing changed": ours}, rounds=arguments.rounds)
        sizes = {name: size_of(path) for name, path in indexes.items()} | {"newsstand index, cold": size_of(index)}
        medians["newsstand index, one file changed"] = _with_one_changed(content, ours)
        count = sum(1 for _ in content.rglob("*.md"))
    versions("PyYAML")
    print(", ".join(map(version_of, [OURS, *peers])), end="\n\n")
    print(f"{count:,} files, {corpus.count:,} visible articles, medians of {arguments.rounds} rounds\n")
    base = medians[_BASE].seconds
    table(
        ["what", "seconds", "times CSafeLoader", "peak MB", "index MB"],
        [[name, one.seconds, one.seconds / base, one.megabytes, sizes.get(name, "")] for name, one in medians.items()],
    )


def _building(name: str, documents: Path, folder: Path) -> Command:
    return _anew(folder, [sys.executable, Path(__file__).with_name("build_peer.py"), name, documents, folder])


def _anew(folder: Path, command: Command) -> Command:
    return ["sh", "-c", _ANEW, "sh", folder, *command]


def _with_one_changed(content: Path, command: Command) -> Run:
    path = next(content.rglob("*.md"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title: ", 'title: "Changed" #', 1), encoding="utf-8")
    return run(command)


if __name__ == "__main__":
    main()
