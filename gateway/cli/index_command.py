"""`newsstand index`: bring an index up to date with a content folder, and report."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from rich.console import Console

from gateway.cli.console import counted, ignored_fields, print_line, progress_on
from indexer.content.build import build
from indexer.content.build_report import BuildReport, Deletions
from indexer.content.fields.rules import STRICT, FieldRules
from indexer.engines import open_writer
from indexer.errors import IndexBusy
from indexer.search.access import OPEN, Access
from indexer.search.engine import BodySearch, IndexWriter
from indexer.search.trust import Trust
from indexer.text.language import Language


def refresh_index(  # noqa: PLR0913 - a folder, an index and the ways to build it
    *,
    content: Path,
    index: str,
    access: Access = OPEN,
    console: Console,
    language: Language = Language.ENGLISH,
    bodies: BodySearch = BodySearch.KEPT,
    rules: FieldRules = STRICT,
    full: bool = False,
    deletions: Deletions = Deletions.FEW,
    lock_seconds: float = 0,
) -> BuildReport:
    """Build the index's next generation from what changed in `content`, and report on `console`.

    `full` reads every file, also those that look unchanged, and those of the index. `deletions` allows most articles to
    be deleted. Another build of the index has `lock_seconds` to end.

    Raises `ContentError` where the folder cannot be read and `SearchIndexError` where the index cannot be written;
    the index is then as it was.
    """
    trust = Trust.NOTHING if full else Trust.UNTOUCHED
    open_now = partial(open_writer, index, language=language, bodies=bodies, trust=trust, access=access)
    with _opened(open_now, console, lock_seconds) as writer:
        if writer.replaces:
            print_line(console, f"The index in {index} is built anew: {writer.replaces}")
        progress = progress_on(console)
        report = build(content, writer, progress=progress, rules=rules, full=full, deletions=deletions)
    if report.ignored:
        print_line(console, ignored_fields(report.ignored))
    print_line(console, summary(report))
    if not report.articles:
        remedy = "`newsstand init` writes some to start from, and --content names another folder"
        print_line(console, f"There are no articles in {content}: {remedy}")
    return report


def _opened(open_now: Callable[..., IndexWriter], console: Console, lock_seconds: float) -> IndexWriter:
    """The writer, with a line on `console` where another build has to end first."""
    try:
        return open_now()
    except IndexBusy as busy:
        if not lock_seconds:
            raise
        print_line(console, f"Waiting {lock_seconds:g} seconds at most: {busy}")
    return open_now(lock_seconds=lock_seconds)


def summary(report: BuildReport) -> str:
    """The numbers of a build, in one line."""
    return (
        f"Generation {report.generation}: {counted(report.articles, 'article')} from {counted(report.files, 'file')} "
        f"({report.parsed} parsed, {report.added} added, {report.deleted} deleted{_others(report)}) "
        f"in {report.seconds:.1f} s; "
        f"{counted(report.errors, 'error')}, {counted(report.warnings, 'warning')}"
    )


def _others(report: BuildReport) -> str:
    drafts = f", {counted(report.drafts, 'draft')}" if report.drafts else ""
    return f"{drafts}, {report.passed_over} passed over" if report.passed_over else drafts
