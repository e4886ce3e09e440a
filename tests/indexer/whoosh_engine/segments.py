"""Indexes of several segments, which the writer itself would merge while they are small."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import numpy as np

from indexer.article import Article
from indexer.columns.stems import Stems
from indexer.query.tree import Prefix, TextField, Word
from indexer.text.language import Language
from indexer.whoosh_engine.matching.searchable_segment import Collection, SearchableSegment, moment_of
from indexer.whoosh_engine.postings.nearness import PositionsOf
from indexer.whoosh_engine.postings.positions import positions_of
from indexer.whoosh_engine.segment.arrays import Positions
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.term_table import table_name
from indexer.whoosh_engine.storage import index_folder
from indexer.whoosh_engine.storage.index_format import VERSION, Format
from indexer.whoosh_engine.storage.stored_segment import StoredSegment
from indexer.whoosh_engine.writing.segment_builder import SegmentBuilder
from indexer.whoosh_engine.writing.writer import written
from tests.replacing import replace

ENGLISH = Format(version=VERSION, language=Language.ENGLISH, built_at=datetime(2024, 6, 1, tzinfo=UTC))
WITH_BODIES = replace(ENGLISH, has_bodies=True)
STEMS = Stems("english")


def write_segments(
    folder: Path, batches: Iterable[Sequence[Article]], *, without: Iterable[str] = (), built: Format = ENGLISH
) -> Path:
    """Each batch, its drafts left out, as a segment of its own; all keys in `without` are deleted afterwards."""
    folder.mkdir(exist_ok=True)
    shown = ([article for article in batch if article.published] for batch in batches)
    segments = [write_segment(folder, taken(batch)) for batch in shown]
    for segment in segments:
        for key in without:
            segment.delete(key)
        segment.close()
    checksums = dict(chain.from_iterable(segment.checksums.items() for segment in segments))
    built = replace(built, checksums=checksums)
    index_folder.publish(folder, 1, [segment.stored for segment in segments], built=built, state=b"")
    return folder


def write_segment(folder: Path, builder: SegmentBuilder) -> StoredSegment:
    """A segment that belongs to no generation yet."""
    return written(index_folder.storage(folder), builder.contents(), builder.addresses(), STEMS)


def articles_of(segment: StoredSegment) -> list[Article]:
    """The articles that are not deleted."""
    return [segment.segment.article(document) for document in np.flatnonzero(segment.live).tolist()]


@contextmanager
def open_segments(folder: Path) -> Iterator[list[StoredSegment]]:
    """The segments of the index in the folder, as a reader opens them."""
    toc, built = index_folder.readable(folder)
    storage = index_folder.storage(folder)
    segments = [StoredSegment(storage, stored, STEMS, built.checksums) for stored in toc.segments]
    try:
        yield segments
    finally:
        for segment in segments:
            segment.close()


@contextmanager
def open_segment(folder: Path, articles: Sequence[Article], *, without: Iterable[str] = ()) -> Iterator[StoredSegment]:
    """A single segment of these articles, in this order."""
    with open_segments(write_segments(folder, [articles], without=without)) as [segment]:
        yield segment


def collection_at(now: datetime, segments: Sequence[SearchableSegment]) -> Collection:
    """The articles of the segments that are visible at `now`."""
    return Collection(segments, moment_of(segments, now).appeared)


def positions_in(segment: SegmentArrays) -> PositionsOf:
    def positions(word: Word | Prefix, fields: tuple[TextField, ...]) -> Positions:
        name = table_name(word.fields)
        if isinstance(word, Prefix):
            forms: Sequence[int] = segment.tables[name].beginning_with(word.prefix)
        else:
            forms = segment.lexicons[name].forms(STEMS.of(word.term)).tolist()
        return positions_of(forms, fields, segment.tables[name])

    return positions


def taken(articles: Iterable[Article]) -> SegmentBuilder:
    """The articles as the writer takes them apart."""
    builder = SegmentBuilder("english")
    for article in articles:
        builder.add(article)
    return builder


def split(articles: Sequence[Article], parts: int) -> list[Sequence[Article]]:
    """The articles dealt out to so many batches, without empty ones."""
    return [batch for start in range(parts) if (batch := articles[start::parts])]
