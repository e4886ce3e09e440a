"""A small newspaper for tests in browsers: thirty reports from a harbour, and a few articles of other kinds."""

from pathlib import Path

from rich.console import Console

from gateway.cli.index_command import refresh_index

_ARTICLE = """\
---
title: "{title}"
publishedDateTime: {year}-{month:02}-{day:02}T08:00:00Z
webUrl: https://{domain}/{name}
excerpt: "{excerpt}"
topics: [{topics}]
provider: {{domain: {domain}, name: {provider}}}
---
"""
_OTHERS = (
    ("Facial recognition pauses at the tram stops", "AI, Cities", "gazette.example", "Silicon Gazette"),
    ("How to doubt facial recognition", "AI", "gazette.example", "Silicon Gazette"),
    ("مكتبة متنقلة تصل إلى القرى", "Libraries", "maktaba.example", "المكتبة"),
)


def index_newspaper(folder: Path) -> None:
    """Write the newspaper below `folder`, and an index of it that `serving` there finds."""
    content = folder / "content"
    content.mkdir()
    for number in range(30):
        _write(content, number, f"Harbour report {number}", "Harbour, Cities", "harbour.example", "The Harbour Post")
    for number, (title, topics, domain, provider) in enumerate(_OTHERS, start=30):
        _write(content, number, title, topics, domain, provider)
    refresh_index(content=content, index=str(folder / "index"), console=Console(quiet=True))


def _write(content: Path, number: int, title: str, topics: str, domain: str, provider: str) -> None:  # noqa: PLR0913, PLR0917 - the fields of an article
    text = _ARTICLE.format(
        title=title,
        year=2023 + number // 24,
        month=number // 2 % 12 + 1,
        day=number % 2 + 1,
        domain=domain,
        name=f"story-{number}",
        excerpt=f"What {provider} saw on day {number}.",
        topics=topics,
        provider=provider,
    )
    (content / f"story-{number}.md").write_text(text, encoding="utf-8")
