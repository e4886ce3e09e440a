"""Indexes of several segments, which the writer itself would merge while they are small."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from whoosh.index import open_dir

from indexer.article import Article
from indexer.whoosh_engine import place
from indexer.whoosh_engine.fields import document
from indexer.whoosh_engine.format import VERSION, Format
from indexer.whoosh_engine.segment import Segment

ENGLISH = Format(version=VERSION, language="english", built_at=datetime(2024, 6, 1, tzinfo=UTC))


def write_segments(folder: Path, batches: Iterable[Sequence[Article]], *, without: Collection[str] = ()) -> Path:
    """Each batch as a segment of its own, with all keys in `without` deleted afterwards; the folder."""
    index = place.created(folder)
    for batch in batches:
        writer = index.writer()
        for article in batch:
            writer.add_document(**document(article))
        writer.commit(merge=False)
    writer = index.writer()
    for key in without:
        writer.delete_by_term("key", key)
    writer.commit(merge=False)
    place.write(folder, place.newest(folder) or 0, ENGLISH, b"")
    return folder


def segment_of(folder: Path, articles: Sequence[Article]) -> Segment:
    """A single open segment of these articles, in this order."""
    write_segments(folder, [articles])
    return Segment(open_dir(folder).reader())


def split(articles: Sequence[Article], parts: int) -> list[Sequence[Article]]:
    """The articles dealt out to so many batches, without empty ones."""
    return [batch for start in range(parts) if (batch := articles[start::parts])]
