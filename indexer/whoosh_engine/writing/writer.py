"""Writes one generation of the index: new segments, and a table of contents whose rename is the commit."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Self

from msgspec import structs
from whoosh.filedb.filestore import FileStorage

from indexer.article import Article
from indexer.columns.stems import Stems
from indexer.errors import IndexDamaged, IndexUnreadable, SearchIndexError
from indexer.search.build_problems import NO_PROBLEMS, BuildProblems
from indexer.search.engine import BodySearch
from indexer.search.trust import Trust
from indexer.text.language import Language
from indexer.whoosh_engine.segment import arrays_file
from indexer.whoosh_engine.segment.url_index import Addresses
from indexer.whoosh_engine.storage import index_folder
from indexer.whoosh_engine.storage.checksums import of_segment
from indexer.whoosh_engine.storage.contents import Contents
from indexer.whoosh_engine.storage.derived_arrays import derived
from indexer.whoosh_engine.storage.index_format import VERSION, Format
from indexer.whoosh_engine.storage.stored_segment import StoredSegment, arrays_path
from indexer.whoosh_engine.storage.write_lock import locked
from indexer.whoosh_engine.writing.additions import MOST_WORDS, Additions
from indexer.whoosh_engine.writing.merge import Source, merged
from indexer.whoosh_engine.writing.merge_policy import absorbed
from indexer.whoosh_engine.writing.whoosh_writer import write_segment


class WhooshWriter:
    """One build of the index in a folder, which is made if it is missing.

    Where the index there is damaged, or was built by another version, for another language, or with bodies where it is
    to have none, it is replaced as a whole.
    """

    def __init__(  # noqa: PLR0913 - an index and the ways to write it
        self,
        folder: Path,
        *,
        language: Language,
        bodies: BodySearch = BodySearch.KEPT,
        most_words: int = MOST_WORDS,
        lock_seconds: float = 0,
        trust: Trust = Trust.UNTOUCHED,
    ) -> None:
        """Lock the index; another writer has `lock_seconds` to end. Beyond `most_words`, articles wait on disk.

        Raises IndexBusy, and IndexUnreadable where the index or its folder cannot be read or written.
        """
        self._folder = folder
        self._most_words = most_words
        self._stems = Stems(language)
        self._language = language
        self._lock = locked(folder, seconds=lock_seconds)
        self._storage = index_folder.storage(folder)
        self._segments: list[StoredSegment] = []
        self._additions = self._no_additions()
        self._state = b""
        self._trust = trust
        self.replaces = ""
        self.searches_bodies = bodies is BodySearch.ON
        self._keeps_bodies = bodies is BodySearch.KEPT
        try:
            self._open()
        except BaseException as error:
            self._close()
            if isinstance(error, SearchIndexError) or not isinstance(error, Exception):
                raise
            raise index_folder.damaged(folder, error) from error  # damaged bytes can raise anything

    def _open(self) -> None:
        number = index_folder.newest(self._folder)
        self._generation = number or 0
        self._built = None if number is None else index_folder.read_format(self._folder, number)
        if self._built and self._keeps_bodies:
            self.searches_bodies = self._built.has_bodies
        if number is not None:
            self.replaces = _reason_to_replace(self._built, self._language, has_bodies=self.searches_bodies)
        if self._built and not self.replaces:
            self.replaces = self._open_segments(self._generation, self._built)
        self._is_kept = number is not None and not self.replaces
        self._is_changed = not self._is_kept

    def _open_segments(self, number: int, built: Format) -> str:
        """Open the segments of an index of this version. The damage of it, if any, as a reason to replace it."""
        try:
            index_folder.verify(self._folder, built.checksums, self._trust)
            self._state = index_folder.read_state(self._folder, number)
            # Only an index that is kept is unpickled: one of another version may need modules that are gone.
            for segment in index_folder.table_of_contents(self._folder, number, built).segments:
                self._segments.append(StoredSegment(self._storage, segment, self._stems, built.checksums))
        except Exception as error:  # damaged bytes can raise anything
            reason = error if isinstance(error, SearchIndexError) else index_folder.damaged(self._folder, error)
            if not isinstance(reason, IndexDamaged):
                raise reason from error
            self._close_segments()
            return f"it is damaged ({reason.reason})"
        return ""

    @property
    def state(self) -> bytes:
        """The state that the last commit stored; empty where the index is to be built anew."""
        return self._state if self._is_kept else b""

    @property
    def replaced_state(self) -> bytes:
        """The state of the index that is replaced; empty where there is none, or it cannot be read."""
        try:
            return index_folder.read_state(self._folder, self._generation) if self.replaces else b""
        except IndexUnreadable:
            return b""

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; one whose key is in the index already replaces the old one. Of a draft, nothing is indexed."""
        for article in articles:
            self.delete([article.key])
            if article.published:
                has_no_use = article.text is not None and not self.searches_bodies
                self._additions.add(structs.replace(article, text=None) if has_no_use else article)
                self._is_changed = True

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the articles with these keys; unknown ones are ignored."""
        for key in keys:
            if not self._additions.delete(key):
                self._is_changed |= any(segment.delete(key) for segment in self._segments)

    def commit(self, state: bytes, problems: BuildProblems = NO_PROBLEMS) -> int:
        """Make it the index's new generation and return its number; without a change, the old one with this state."""
        with index_folder.writing(self._folder):
            index_folder.write_problems(self._folder, problems)
            if self._is_changed:
                self._merge()
                self._publish(state)
            elif state != self.state:
                index_folder.write_state(self._folder, self._generation, state)
        self._state = state
        return self._generation

    def _publish(self, state: bytes) -> None:
        segments = [segment for segment in self._segments if segment.count]
        built = Format(
            version=VERSION,
            language=self._language,
            built_at=datetime.now(UTC),
            has_bodies=self.searches_bodies,
            checksums=dict(chain.from_iterable(segment.checksums.items() for segment in segments)),
        )
        stored, self._generation = [segment.stored for segment in segments], self._generation + 1
        self._built = index_folder.publish(self._folder, self._generation, stored, built=built, state=state)
        self._is_changed, self._is_kept = False, True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Drop uncommitted changes, and unlock the index."""
        try:
            index_folder.tidy(self._folder)
        finally:
            self._close()

    def _close(self) -> None:
        self._close_segments()
        self._lock.release()

    def _close_segments(self) -> None:
        for segment in self._segments:
            segment.close()
        self._segments = []
        self._additions.close()

    def _no_additions(self) -> Additions:
        return Additions(self._folder, self._language, most_words=self._most_words)

    def _merge(self) -> None:
        """Write one segment of all that was added, and of the segments that are small beside it."""
        numbers = absorbed([segment.count for segment in self._segments], len(self._additions))
        taken = [self._segments[number] for number in sorted(numbers)]
        sources = [Source(segment.contents, segment.segment.addresses, segment.live) for segment in taken]
        sources = [source for source in [*sources, *self._additions.sources()] if source.live.any()]
        segments = [segment for segment in self._segments if segment not in taken]
        if sources:
            segments.append(written(self._storage, *merged(sources), self._stems))
        for segment in taken:
            segment.close()
        self._additions.close()
        self._segments, self._additions = segments, self._no_additions()


def written(storage: FileStorage, contents: Contents, addresses: Addresses, stems: Stems) -> StoredSegment:
    """Write a new segment, which belongs to no generation yet."""
    stored = write_segment(contents, storage=storage)
    arrays = derived(contents, addresses, stems)
    arrays_file.save(arrays_path(storage, stored), arrays)
    checksums = of_segment(Path(storage.folder), stored.segment_id())
    return StoredSegment(storage, stored, stems, checksums, arrays=arrays)


def _reason_to_replace(built: Format | None, language: Language, *, has_bodies: bool) -> str:
    """The reason to build an index of this format anew as a whole; empty where it is kept."""
    if built is None:
        return "its last build was not finished"
    if built.version != VERSION:
        return f"it was built by another version of Newsstand (format {built.version}, now {VERSION})"
    if built.language != language:
        return f"its language was {built.language}, and is {language} now"
    if built.has_bodies != has_bodies:
        return "bodies were not searched, and are now" if has_bodies else "bodies were searched, and are not now"
    return ""
