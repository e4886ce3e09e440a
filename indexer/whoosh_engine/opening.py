"""Opening the newest generation of an index, of which the one before may have most segments open already."""

from pathlib import Path

from indexer.errors import SearchIndexError
from indexer.recent import Memory
from indexer.search import RESULTS_BYTES
from indexer.synonyms import NO_SYNONYMS, Synonyms
from indexer.whoosh_engine import place
from indexer.whoosh_engine.generation import Generation, SegmentState
from indexer.whoosh_engine.lexicon import Stems
from indexer.whoosh_engine.open_segment import KEPT_ARTICLES, OpenSegment
from indexer.whoosh_engine.remembered import Remembered
from indexer.whoosh_engine.segments import StoredSegment


def newest(
    folder: Path,
    before: Generation | None = None,
    *,
    synonyms: Synonyms = NO_SYNONYMS,
    results_bytes: int = RESULTS_BYTES,
) -> Generation:
    """Open the newest generation; segments that `before` has open, with the same deletions, are shared with it.

    Raises IndexMissing, and IndexUnreadable where something cannot be read.
    """
    number = place.newest(folder)
    try:
        return _opened(folder, before, synonyms, results_bytes)
    except Exception as error:  # damaged bytes can raise anything
        if place.newest(folder) != number:  # a build has replaced it meanwhile, and removed its files
            return newest(folder, before, synonyms=synonyms, results_bytes=results_bytes)
        if isinstance(error, SearchIndexError):
            raise
        raise place.damaged(folder, error) from error


def _opened(folder: Path, before: Generation | None, synonyms: Synonyms, results_bytes: int) -> Generation:
    toc, built = place.readable(folder)
    stems = Stems(built.language)
    is_open = before.segments if before and before.built.language == built.language else {}
    memory = (before and before.memory) or Memory(KEPT_ARTICLES)
    segments: dict[SegmentState, OpenSegment] = {}
    try:
        for stored in toc.segments:
            state = stored.segment_id(), frozenset(stored.deleted_docs())
            segments[state] = is_open.get(state) or OpenSegment(
                StoredSegment(place.storage(folder), stored, stems), stems, memory
            )
    except BaseException:
        for state, segment in segments.items():
            if state not in is_open:
                segment.close()
        raise
    return Generation(
        segments,
        number=toc.generation,
        built=built,
        memory=memory,
        synonyms=synonyms,
        results=Remembered(results_bytes),
    )
