"""Time and memory of a build, against the bare time of parsing the same files with PyYAML's CSafeLoader on one core.

    python bench/build.py CONTENT [--rounds 3]

Builds CONTENT into a new folder, again with nothing changed, and again with one file changed (a copy of the folder is
used, so CONTENT stays as it is).
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from measure import Run, in_turn, run, table, versions

_PARSE = """
import sys, yaml
from pathlib import Path
for path in Path(sys.argv[1]).rglob("*.md"):
    yaml.load(path.read_text(encoding="utf-8").split("---\\n", 2)[1], yaml.CSafeLoader)
"""


def main() -> None:
    """Compare, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("content", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        content, index = Path(folder) / "content", Path(folder) / "index"
        shutil.copytree(arguments.content, content)
        versions("PyYAML", "whoosh-reloaded", "newsstand")
        print(f"{sum(1 for _ in content.rglob('*.md')):,} files, medians of {arguments.rounds} rounds\n")
        newsstand = [Path(sys.executable).with_name("newsstand"), "index", "--content", content, "--index"]
        medians = in_turn(
            {
                "CSafeLoader, one core": [sys.executable, "-c", _PARSE, content],
                "newsstand index, cold": ["sh", "-c", 'rm -rf "$5"; exec "$0" "$@"', *newsstand, index],
            },
            rounds=arguments.rounds,
        )
        unchanged = in_turn({"newsstand index, nothing changed": [*newsstand, index]}, rounds=arguments.rounds)
        changed = {"newsstand index, one file changed": _with_one_changed(content, [*newsstand, index])}
        rows = medians | unchanged | changed
        base = medians["CSafeLoader, one core"].seconds
        table(
            ["what", "seconds", "times CSafeLoader", "peak MB of one process"],
            [[name, one.seconds, one.seconds / base, one.megabytes] for name, one in rows.items()],
        )


def _with_one_changed(content: Path, command: list[str | Path]) -> Run:
    path = next(content.rglob("*.md"))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("title: ", 'title: "Changed" #', 1), encoding="utf-8")
    return run(command)


if __name__ == "__main__":
    main()
