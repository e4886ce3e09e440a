"""A small content folder on disk, and its index."""

from pathlib import Path

from rich.console import Console

from gateway.cli.index_command import refresh_index

ARTICLE = """\
---
title: {title}
publishedDateTime: 2024-05-0{day}T08:00:00Z
webUrl: https://daily.example/{name}
topics: [{topic}]
provider:
  domain: daily.example
---
"""
BROKEN = "---\ntitle: Nothing else\n---\n"


def write_content(folder: Path) -> Path:
    """Two articles below `folder`: of 1 May about apples, and of 2 May about pears and the topic AI."""
    content = folder / "content"
    content.mkdir()
    (content / "apples.md").write_text(ARTICLE.format(title="Apples are ripe", day=1, name="apples", topic="Fruit"))
    (content / "pears.md").write_text(ARTICLE.format(title="Pears [are] ripe", day=2, name="pears", topic="AI"))
    return content


def write_index(folder: Path) -> str:
    """An index of the same two articles."""
    index = str(folder / "index")
    refresh_index(content=write_content(folder), index=index, console=Console(quiet=True))
    return index
