"""`newsstand index`: bring an index up to date with a content folder, and report."""

from pathlib import Path

from rich.console import Console

from gateway.cli.console import counted, print_line, progress_on
from indexer.content.build import BuildReport, build
from indexer.engines import open_writer
from indexer.text.language import Language


def refresh_index(
    *, content: Path, index: str, console: Console, language: Language = Language.ENGLISH, full: bool = False
) -> BuildReport:
    """Build the index's next generation from what changed in `content`, and report on `console`.

    `full` reads every file, also those that look unchanged.

    Raises `ContentError` where the folder cannot be read and `SearchIndexError` where the index cannot be written;
    the index is then as it was.
    """
    with open_writer(index, language=language) as writer:
        if writer.replaces:
            print_line(console, f"The index in {index} is built anew: {writer.replaces}")
        report = build(content, writer, progress=progress_on(console), full=full)
    print_line(console, summary(report))
    return report


def summary(report: BuildReport) -> str:
    """The numbers of a build, in one line."""
    return (
        f"Generation {report.generation}: {counted(report.articles, 'article')} from {counted(report.files, 'file')} "
        f"({report.parsed} parsed, {report.added} added, {report.deleted} deleted) in {report.seconds:.1f} s; "
        f"{counted(report.errors, 'error')}, {counted(report.warnings, 'warning')}"
    )
