"""Kinds that come with the content: articles whose texts are mostly combining marks."""

import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from attacks.attack import Attack, Kind, Promise, post
from attacks.work import marks

_PATIENCE = 120  # seconds for a build
_MOST = 1.0  # seconds that a build of two articles may take of the processor, beside its start
_MARKS = 100_000
_ARTICLE = """---
title: "{title}"
excerpt: "{excerpt}"
publishedDateTime: 2020-03-{day:02}T17:42:39Z
webUrl: "https://a.example/news/{day}"
provider:
  name: A
  domain: a.example
---
"""
_HIGHLIGHTED = """query ($t: String) { articles(search: $t) { edges { highlights {
  title { html } excerpt { fragment { html } }
} } } }"""


class Built(NamedTuple):
    """An index of some files, and what its build promised."""

    index: Path
    promise: Promise


@contextmanager
def built(files: Mapping[str, str]) -> Iterator[Built]:
    """Build an index of content files by name, in a folder of its own."""
    with TemporaryDirectory() as folder:
        content, index = Path(folder) / "content", Path(folder) / "index"
        content.mkdir()
        for name, text in files.items():
            (content / name).write_text(text)
        main = "from gateway.cli.main import main; main()"
        command = [sys.executable, "-c", main, "index", "--content", content, "--index", index]
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        try:
            done = subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)
            outcome = f"exit {done.returncode}"
        except subprocess.TimeoutExpired:
            outcome = "no end"
        took = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        seen = f"{took:.1f} s of CPU, {outcome}"
        yield Built(index, Promise("content is read in linear time", took < 1 + _MOST, seen))


def _articles(title: str, excerpt: str) -> Mapping[str, str]:
    plain = _ARTICLE.format(title="Robots learn", excerpt="They do.", day=1)
    return {"plain.md": plain, "marks.md": _ARTICLE.format(title=title, excerpt=excerpt, day=2)}


async def _search(attack: Attack) -> None:
    await attack.alone([post(_HIGHLIGHTED, t="robots"), post(_HIGHLIGHTED, t="learn OR robots")])


CONTENT: Sequence[Kind] = (
    Kind(
        name="content-title",
        promise="a title of marks stops no build",
        play=_search,
        content=lambda scale: _articles(f"Robots {marks(int(scale * _MARKS))}", "Robots."),
    ),
    Kind(
        name="content-excerpt",
        promise="an excerpt of marks stops no search",
        play=_search,
        content=lambda scale: _articles("Robots", f"Robots {marks(int(scale * _MARKS))}"),
    ),
)
"""By the promises about content."""
