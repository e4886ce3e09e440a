"""The articles that are compared: an index of ours, and the same articles as documents for the peers."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from corpora.documents import Document, write_documents
from indexer.article import Article
from indexer.canonical import canonical_topic
from indexer.engines import open_engine
from indexer.errors import SearchIndexError
from indexer.search.engine import IndexStatus
from indexer.search.ranking import Window
from indexer.search.requests import SearchRequest

NEWSSTAND = Path(sys.executable).with_name("newsstand")
_PAGE = 1_000


class Corpus(NamedTuple):
    """Our index, the file with its articles as documents, how many they are, and a folder for the peers' indexes."""

    index: Path
    documents: Path
    count: int
    folder: Path


def prepared(source: Path, cache: Path) -> Corpus:
    """The corpus in `source`, an index or a content folder, which is indexed first.

    What is made lies in `cache`, and is used again until the index has another generation.
    """
    folder = cache / blake2b(str(source.resolve()).encode(), digest_size=8).hexdigest()
    index, status = source, _status(source)
    if status is None:
        index = folder / "newsstand"
        subprocess.run([NEWSSTAND, "index", "--content", source, "--index", index], check=True, stdout=sys.stderr)
        status = _status(index)
    if status is None:
        raise SystemExit(f"{source} is neither an index nor a content folder")
    generation = folder / f"{status.generation}-{status.built_at:%Y%m%dT%H%M%S%f}"
    documents = generation / "documents.jsonl"
    if not documents.exists():
        _remove_older(folder)
        generation.mkdir(parents=True)
        draft = documents.with_suffix(".tmp")
        write_documents(map(document_of, asyncio.run(articles_of(index))), draft)
        draft.replace(documents)
    return Corpus(index, documents, status.article_count, generation)


def made(folder: Path, make: Callable[[Path], object]) -> Path:
    """The folder, filled by `make` where it is missing. Nobody finds it before it is whole."""
    if not folder.exists():
        draft = folder.with_suffix(".draft")
        shutil.rmtree(draft, ignore_errors=True)  # left by a run that was stopped
        make(draft)
        draft.rename(folder)
    return folder


def document_of(article: Article) -> Document:
    """The part of an article that the peers get."""
    topics = [canonical_topic(topic) for topic in article.topics]
    published = int(article.published_date_time.timestamp())
    return Document(article.key, article.title, article.summary or "", topics, published)


def size_of(folder: Path) -> float:
    """The size of all files in a folder, in MB."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def _status(index: Path) -> IndexStatus | None:
    """The index's status, None where it cannot be used."""

    async def ask() -> IndexStatus:
        engine = await open_engine(str(index))
        status = await engine.status(now=datetime.now(UTC))
        await engine.close()
        return status

    try:
        return asyncio.run(ask())
    except SearchIndexError:
        return None


async def articles_of(index: Path) -> list[Article]:
    """All visible articles, the newest first."""
    engine = await open_engine(str(index))
    now, found, window = datetime.now(UTC), [], Window(size=_PAGE)
    while True:
        [result] = await engine.search([SearchRequest(now=now, window=window)])
        found += [hit.article for hit in result.hits]
        if not result.has_next:
            break
        window = Window(size=_PAGE, after=result.hits[-1].position)
    await engine.close()
    return found


def _remove_older(folder: Path) -> None:
    for path in _generations(folder):
        shutil.rmtree(path)


def _generations(folder: Path) -> Iterator[Path]:
    """The folders that were made for other generations."""
    return (path for path in folder.glob("*-*T*") if path.is_dir())
