"""The commands, as functions whose parameters are the command line's. Their errors become lines in `main.py`.

What takes long to import, and few commands need, is imported by these: parsers of files, GraphQL, the server.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from typer.models import OptionInfo

from gateway.cli import problem_formats
from gateway.cli.console import COLORS, print_document, print_line, report_synonyms
from gateway.cli.log_console import log_or_messages
from gateway.cli.terminal import results, valid_text
from gateway.config import assets, field_rules, synonyms
from gateway.config.setting_values import variable
from gateway.config.settings import LogFormat, Settings, Watch, load, unknown_variables
from gateway.graphql import manifest
from indexer import engines
from indexer.content.build_report import Deletions
from indexer.content.fields.rules import STYLES, FieldRules
from indexer.errors import ContentProblem, NewsstandError, SearchIndexError, Severity
from indexer.search.ranking import Ranking


def _option(name: str, kind: str, text: str, *, default: str) -> OptionInfo:
    """An option with an environment variable of the same name; `Settings` checks the value of either."""
    help_text = f"{text} Variable: {variable(name)}."
    option: OptionInfo = typer.Option(f"--{name}", metavar=kind, help=help_text, show_default=default)
    return option


Content = Annotated[Path | None, _option("content", "DIR", "The folder of articles.", default="content")]
Index = Annotated[
    str | None, _option("index", "DIR", "The index: a folder, or a URL like whoosh:///srv/index.", default="index")
]
InLanguage = Annotated[
    str | None,
    _option("language", "NAME", "The language of the articles, whose word forms are known.", default="english"),
]
SearchBody = Annotated[
    bool | None,
    typer.Option(
        "--search-body/--no-search-body",
        help="Look for words in the bodies of articles too, or no longer: the index is built anew where that changes. "
        f"Variable: {variable('search_body')}, on or off.",
        show_default="as the index was built, off for a new one",
    ),
]
SynonymsFile = Annotated[
    Path | None,
    _option("synonyms", "FILE", "The file of synonyms.", default="synonyms.yaml, if it exists"),
]
AssetsFolder = Annotated[
    Path | None,
    _option("assets", "DIR", "The folder of pictures, served at /assets/.", default="assets in the content folder"),
]
Fields = Annotated[
    str | None,
    _option(
        "fields",
        "FILE|NAME",
        f"Where fields stand in front matter: a mapping, or {', '.join(STYLES)}.",
        default="well-known names",
    ),
]
Site = Annotated[
    str | None,
    _option("site", "URL", "The site whose posts the files are: it gives them addresses.", default="none"),
]
AllowDeletions = Annotated[
    bool, typer.Option("--allow-deletions", help="Also delete more than half of the articles at once.")
]


def check(  # noqa: PLR0913 - one parameter for each option
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help=f"Folders and files. Variable: {variable('content')}.", show_default="content"),
    ] = None,
    *,
    content: Content = None,
    fields: Fields = None,
    site: Site = None,
    synonyms_file: SynonymsFile = None,
    index: Annotated[
        str | None,
        typer.Option("--index", metavar="DIR", help="Compare every file of this index with what was written."),
    ] = None,
    form: Annotated[
        problem_formats.Format, typer.Option("--format", case_sensitive=False, help="The form of the output.")
    ] = problem_formats.Format.TEXT,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs: --format json.")] = False,
) -> None:
    """Print every problem of the content files, their mapping and the synonyms; exit 1 if any is an error.

    With --index and without paths, only the index is checked.
    """
    from gateway.cli import check_command  # noqa: PLC0415

    settings, _ = _begin(_given(content=content, fields=fields, site=site, synonyms=synonyms_file, index=index))
    asked = paths or ([settings.content] if index is None else [])
    ignored: Counter[str] = Counter()
    problems: Iterable[ContentProblem] = ()
    if index is not None:
        problems = engines.index_problems(settings.index, access=settings.access)
    if asked:
        of_content = check_command.problems(settings, asked, within_one_folder=len(asked) == 1, ignored=ignored)
        problems = chain(problems, of_content, synonyms.problems(settings.synonyms))
    counts = problem_formats.print_problems(
        results(),
        problems,
        problem_formats.Format.JSON if json else form,
        ignored=ignored,
        where=", ".join(map(str, asked if index is None else [settings.index, *asked])),
    )
    if counts[Severity.ERROR]:
        raise typer.Exit(1)


def init(
    folder: Annotated[Path, typer.Argument(help="Where to write them.", show_default="here")] = Path(),
) -> None:
    """Write three articles, defaults for their folder, synonyms and a mapping, to start from."""
    from gateway.cli import starter  # noqa: PLC0415

    console = results()
    for path in starter.write(folder):
        print_line(console, str(path))
    where = "" if folder == Path() else f"cd {folder} && "
    print_line(console, f"Serve them: {where}newsstand serve --fields fields.yaml")


def index(  # noqa: PLR0913 - one parameter for each option
    *,
    content: Content = None,
    index: Index = None,
    language: InLanguage = None,
    fields: Fields = None,
    site: Site = None,
    search_body: SearchBody = None,
    synonyms_file: SynonymsFile = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read every file, also those that look unchanged, and those of the index.")
    ] = False,
    lenient: Annotated[bool, typer.Option("--lenient", help="Exit 0 also where a file has an error.")] = False,
    allow_deletions: AllowDeletions = False,
) -> None:
    """Bring the index up to date with the content files; exit 1 where a file has an error."""
    from gateway.cli.index_command import refresh_index  # noqa: PLC0415

    settings, console = _begin(
        _given(
            content=content,
            index=index,
            language=language,
            search_body=search_body,
            fields=fields,
            site=site,
            synonyms=synonyms_file,
        )
    )
    done = refresh_index(
        content=settings.content,
        index=settings.index,
        access=settings.access,
        console=console,
        language=settings.language,
        bodies=settings.search_body,
        rules=field_rules.in_force(settings),
        full=full,
        deletions=_deletions(allow_deletions),
        lock_seconds=settings.lock_seconds,
    )
    is_sound = report_synonyms(settings.synonyms, console) and not done.errors
    if not (is_sound or lenient):
        raise typer.Exit(1)


def serve(  # noqa: PLR0913 - one parameter for each option
    *,
    content: Content = None,
    index: Index = None,
    language: InLanguage = None,
    fields: Fields = None,
    site: Site = None,
    search_body: SearchBody = None,
    synonyms_file: SynonymsFile = None,
    assets_folder: AssetsFolder = None,
    host: Annotated[str | None, _option("host", "NAME", "The address to listen on.", default="127.0.0.1")] = None,
    port: Annotated[str | None, _option("port", "NUMBER", "The port to listen on.", default="8000")] = None,
    workers: Annotated[str | None, _option("workers", "NUMBER", "How many processes serve.", default="1")] = None,
    watch: Annotated[
        bool | None,
        typer.Option(
            "--watch/--no-watch",
            help="Build what changes in the content folder while it is served. "
            f"Variable: {variable('watch')}, on, off, or poll where the system tells of no changes.",
            show_default="off",
        ),
    ] = None,
    development: Annotated[
        bool | None,
        typer.Option(
            "--development/--no-development",
            help="Tell the mistakes in content files to clients that ask for `index { problems }`. "
            f"Variable: {variable('development')}, on or off.",
            show_default="off",
        ),
    ] = None,
    allow_deletions: AllowDeletions = False,
) -> None:
    """Bring the index up to date, if the content folder is there, and serve it over HTTP.

    Limits on requests and connections are variables only, like NEWSSTAND_MAX_CONNECTIONS; README.md lists them.
    """
    from gateway.server import serving  # noqa: PLC0415

    options = _given(
        content=content,
        index=index,
        language=language,
        fields=fields,
        site=site,
        search_body=search_body,
        synonyms=synonyms_file,
        assets=assets_folder,
        host=host,
        port=port,
        workers=workers,
        watch=watch,
        development=development,
    )
    settings, console = _begin(options, auto=LogFormat.AUTO)
    # A broken file should be reported here, not by each worker.
    synonyms.in_force(settings.synonyms)
    assets.in_force(settings)
    manifest.in_force(settings.documents, settings.documents_mode)
    rules = field_rules.in_force(settings)
    # Bound before the build, which may take long, so that a port in use is reported at once.
    with serving.listen(settings.host, settings.port) as listener:
        _prepare(settings, console, rules, _deletions(allow_deletions))
        report_synonyms(settings.synonyms, console)
        serving.serve(settings, options, listener, beside=_builder(settings))


def search(  # noqa: PLR0913 - one parameter for each option
    words: Annotated[list[str] | None, typer.Argument(help="What to look for.")] = None,
    *,
    index: Index = None,
    synonyms_file: SynonymsFile = None,
    topic: Annotated[str | None, typer.Option(help="Only articles with this topic.")] = None,
    ranking: Annotated[
        Ranking | None, typer.Option(case_sensitive=False, help="The order: relevance with words, else newest.")
    ] = None,
    first: Annotated[int, typer.Option(min=1, max=100, help="How many articles to print.")] = 10,
    json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Search the index as the API would."""
    from gateway.cli import search_command  # noqa: PLC0415

    question = search_command.SearchCommand(
        words=tuple(map(valid_text, words or ())), topic=topic and valid_text(topic), ranking=ranking, first=first
    )
    settings, _ = _begin(_given(index=index, synonyms=synonyms_file))
    in_force = synonyms.in_force(settings.synonyms)
    result = asyncio.run(search_command.ask(question, settings, in_force))
    search_command.print_result(result, results(), search_command.Output.JSON if json else search_command.Output.TEXT)


def schema() -> None:
    """Print the GraphQL schema in its definition language."""
    from schema.schema import sdl  # noqa: PLC0415

    print_document(results(), sdl().strip())


def _begin(options: Mapping[str, str], *, auto: LogFormat = LogFormat.CONSOLE) -> tuple[Settings, Console]:
    """The settings, and the console for all that is no result, which is told of variables that set nothing."""
    settings = load(options)
    console = log_or_messages(settings, auto=auto)
    for line in unknown_variables():
        print_line(console, line, style=COLORS[Severity.WARNING])
    return settings, console


def _prepare(settings: Settings, console: Console, rules: FieldRules, deletions: Deletions) -> None:
    """Refresh the index before it is served. A build that fails is no reason not to serve an index that exists."""
    if not settings.content.is_dir():
        line = f"There is no folder {settings.content}; serving the index as it is: {settings.index}"
        print_line(console, line, style=COLORS[Severity.WARNING])
        return
    from gateway.cli.index_command import refresh_index  # noqa: PLC0415

    can_wait = bool(asyncio.run(_trouble(settings)))  # else the index is served while another build goes on
    try:
        refresh_index(
            content=settings.content,
            index=settings.index,
            access=settings.access,
            console=console,
            language=settings.language,
            bodies=settings.search_body,
            rules=rules,
            deletions=deletions,
            lock_seconds=settings.lock_seconds if can_wait else 0,
        )
    except (NewsstandError, OSError) as error:
        if asyncio.run(_trouble(settings)):
            raise
        line = f"The index could not be built, and is served as it was: {error}"
        print_line(console, line, style=COLORS[Severity.ERROR])


def _builder(settings: Settings) -> AbstractContextManager[object]:
    """The process that builds what changes, to be run beside the server where that is asked for."""
    from gateway.watch.builder_process import BuilderProcess  # noqa: PLC0415

    if settings.watch is Watch.OFF:
        return nullcontext()
    open_writer = partial(
        engines.open_writer,
        settings.index,
        language=settings.language,
        bodies=settings.search_body,
        access=settings.access,
    )
    return BuilderProcess(settings, open_writer=open_writer)


def _deletions(allow: bool) -> Deletions:  # noqa: FBT001 - the flag of the command line
    return Deletions.ALL if allow else Deletions.FEW


async def _trouble(settings: Settings) -> str:
    """The reason why the index cannot be served, empty where it can."""
    try:
        engine = await engines.open_engine(settings.index, access=settings.access)
    except SearchIndexError as error:
        return str(error)
    await engine.close()
    return ""


def _given(**options: object) -> dict[str, str]:
    switches = {True: "on", False: "off"}
    given = {name: value for name, value in options.items() if value is not None}
    return {name: switches[value] if isinstance(value, bool) else str(value) for name, value in given.items()}
