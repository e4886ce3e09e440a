"""From an index's URL to the engine that serves it and the writer that builds it. The only place that knows all."""

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from indexer.errors import ContentProblem, SearchIndexError
from indexer.memory import Memory
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from indexer.search.engine import SEARCH_THREADS, BodySearch, IndexWriter, SearchEngine
from indexer.search.trust import Trust
from indexer.text.language import Language
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.storage import index_check
from indexer.whoosh_engine.storage.secret_file import secret
from indexer.whoosh_engine.writing.writer import WhooshWriter


async def open_engine(
    url: str, *, synonyms: Synonyms = NO_SYNONYMS, memory: Memory | None = None, threads: int = SEARCH_THREADS
) -> SearchEngine:
    """Open the index at `url`, such as `whoosh:///srv/newsstand/index` or simply a folder's path.

    Searches that are forgiving find `synonyms` too. What is likely to be asked for again is kept in `memory`, by
    default one of its own. Long searches share so many `threads`. Raises SearchIndexError where there is no index, or
    where it cannot be used.
    """
    return await WhooshEngine.open(_folder(url), synonyms=synonyms, memory=memory, threads=threads)


def open_writer(
    url: str,
    *,
    language: Language = Language.ENGLISH,
    bodies: BodySearch = BodySearch.KEPT,
    lock_seconds: float = 0,
    trust: Trust = Trust.UNTOUCHED,
) -> IndexWriter:
    """Start a build of the index at `url`, made if it is missing, whose words are stemmed by `language`'s rules.

    Words are looked for in `bodies` too where it is ON. Another build of the index has `lock_seconds` to end. A damaged
    index is built anew, and `trust` says where damage is looked for. Raises IndexBusy where another build does not end,
    and SearchIndexError where the index cannot be written.
    """
    return WhooshWriter(_folder(url), language=language, bodies=bodies, lock_seconds=lock_seconds, trust=trust)


def index_problems(url: str) -> Sequence[ContentProblem]:
    """The damage of the index at `url`, one problem for each file; every byte of it is read.

    Raises SearchIndexError where there is no index, or where it is of another version.
    """
    return index_check.index_problems(_folder(url))


def index_secret(url: str) -> bytes:
    """32 random bytes that belong to the index at `url`, the same for every process that serves it.

    They are made when they are asked for first. Raises SearchIndexError where they cannot be kept or read.
    """
    return secret(_folder(url))


def _folder(url: str) -> Path:
    if "://" not in url:
        return Path(url)
    parts = urlsplit(url)
    if parts.scheme != "whoosh" or parts.netloc or not parts.path:
        raise SearchIndexError(f"{url!r} names no index; write a folder's path, or whoosh:///path/to/folder")
    return Path(unquote(parts.path))
