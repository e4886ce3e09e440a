"""From an index's URL to the engine that serves it and the writer that builds it. The only place that knows all.

Each engine is imported where an index is one of its own: its library takes long to import.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

from indexer.errors import ContentProblem, SearchIndexError
from indexer.memory import Memory
from indexer.opensearch_engine.storage.address import SCHEMES, Address
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from indexer.search.access import OPEN, Access
from indexer.search.engine import SEARCH_THREADS, BodySearch, IndexWriter, SearchEngine
from indexer.search.trust import Trust
from indexer.text.language import Language

_CLUSTERS = tuple(f"{scheme}://" for scheme in SCHEMES)


async def open_engine(
    url: str,
    *,
    synonyms: Synonyms = NO_SYNONYMS,
    memory: Memory | None = None,
    threads: int = SEARCH_THREADS,
    access: Access = OPEN,
) -> SearchEngine:
    """Open the index at `url`: `whoosh:///srv/newsstand/index`, a folder's path, or `opensearch://host:9200/name`.

    Searches that are forgiving find `synonyms` too. What is likely to be asked for again is kept in `memory`, by
    default one of its own. Long searches share so many `threads`; a cluster, which `access` lets in, needs none. Raises
    SearchIndexError where there is no index, or where it cannot be used.
    """
    if url.startswith(_CLUSTERS):
        with _extra():
            from indexer.opensearch_engine.engine import ClusterEngine  # noqa: PLC0415
        return await ClusterEngine.open(Address.of_url(url), access=access, synonyms=synonyms, memory=memory)
    from indexer.whoosh_engine.engine import WhooshEngine  # noqa: PLC0415

    return await WhooshEngine.open(_folder(url), synonyms=synonyms, memory=memory, threads=threads)


def open_writer(  # noqa: PLR0913 - an index and the ways to write it
    url: str,
    *,
    language: Language = Language.ENGLISH,
    bodies: BodySearch = BodySearch.KEPT,
    lock_seconds: float = 0,
    trust: Trust = Trust.UNTOUCHED,
    access: Access = OPEN,
) -> IndexWriter:
    """Start a build of the index at `url`, made if it is missing, whose words are stemmed by `language`'s rules.

    Words are looked for in `bodies` too where it is ON. Another build of the index has `lock_seconds` to end. A damaged
    index is built anew, and `trust` says where damage is looked for; a cluster looks itself. Raises IndexBusy where
    another build does not end, and SearchIndexError where the index cannot be written.
    """
    if url.startswith(_CLUSTERS):
        with _extra():
            from indexer.opensearch_engine.writing.writer import ClusterWriter  # noqa: PLC0415
        address = Address.of_url(url)
        return ClusterWriter(address, access, language=language, bodies=bodies, lock_seconds=lock_seconds)
    from indexer.whoosh_engine.writing.writer import WhooshWriter  # noqa: PLC0415

    return WhooshWriter(_folder(url), language=language, bodies=bodies, lock_seconds=lock_seconds, trust=trust)


def is_compiled() -> bool:
    """True where the inner loops of searches in a folder's index were compiled; otherwise NumPy takes their place.

    They are as Newsstand is installed, where there is a C compiler.
    """
    try:
        import_module("indexer.whoosh_engine.postings.loops")
    except ImportError:
        return False
    return True


def index_problems(url: str, *, access: Access = OPEN) -> Sequence[ContentProblem]:
    """The damage of the index at `url`: one problem for each file, of which every byte is read, or part of a cluster.

    Raises SearchIndexError where there is no index, or where it is of another version.
    """
    if url.startswith(_CLUSTERS):
        with _extra():
            from indexer.opensearch_engine.writing import index_check as cluster_check  # noqa: PLC0415
        return cluster_check.index_problems(Address.of_url(url), access)
    from indexer.whoosh_engine.storage import index_check  # noqa: PLC0415

    return index_check.index_problems(_folder(url))


def index_secret(url: str, *, access: Access = OPEN) -> bytes:
    """32 random bytes that belong to the index at `url`, the same for every process that serves it.

    They are made when they are asked for first. Raises SearchIndexError where they cannot be kept or read.
    """
    if url.startswith(_CLUSTERS):
        with _extra():
            from indexer.opensearch_engine.writing.secret import secret as cluster_secret  # noqa: PLC0415
        return cluster_secret(Address.of_url(url), access)
    from indexer.whoosh_engine.storage.secret_file import secret  # noqa: PLC0415

    return secret(_folder(url))


@contextmanager
def _extra() -> Iterator[None]:
    """Say how to install what is missing for an index in a cluster."""
    try:
        yield
    except ModuleNotFoundError as error:
        remedy = "run: pip install 'newsstand[opensearch]'"
        raise SearchIndexError(f"an index in a cluster needs {error.name}, which is not installed; {remedy}") from error


def _folder(url: str) -> Path:
    if "://" not in url:
        return Path(url)
    parts = urlsplit(url)
    if parts.scheme != "whoosh" or parts.netloc or not parts.path:
        forms = "a folder's path, whoosh:///path/to/folder, or opensearch://host:9200/name"
        raise SearchIndexError(f"{url!r} names no index; write {forms}")
    return Path(unquote(parts.path))
