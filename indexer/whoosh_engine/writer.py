"""Writes one generation of the index: an `IndexWriter` over Whoosh's own, whose commit is one rename."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from whoosh.index import LockError, clean_files
from whoosh.writing import CLEAR

from indexer.article import Article
from indexer.errors import IndexBusy
from indexer.whoosh_engine import place
from indexer.whoosh_engine.fields import FIELDS, document
from indexer.whoosh_engine.format import VERSION, Format


class WhooshWriter:
    """One build of the index in a folder, which is made if it is missing.

    Where the index there was built by another version or for another language, it is replaced as a whole.
    """

    def __init__(self, folder: Path, *, language: str) -> None:
        """Lock the index. Raises IndexBusy, and IndexUnreadable where it is damaged or the folder cannot be written."""
        self._folder = folder
        self._language = language
        try:
            self._writer = place.created(folder).writer()
        except LockError as error:
            raise IndexBusy(f"another build is writing the index in {folder}; wait until it ends") from error
        self._generation: int = self._writer.generation - 1
        built = place.read_format(folder, self._generation)
        self._built = built or Format(version=VERSION, language=language, built_at=datetime.now(UTC))
        self._is_replaced = built is None or (built.version, built.language) != (VERSION, language)
        self._is_changed = self._is_replaced
        self._is_open = True
        self._added: dict[str, int] = {}
        if self._is_replaced:
            self._writer.schema = FIELDS

    @property
    def state(self) -> bytes:
        """What the last commit stored; empty where the index is to be built anew."""
        return b"" if self._is_replaced else place.read_state(self._folder, self._generation)

    def add(self, articles: Iterable[Article]) -> None:
        """Add articles; one whose key is in the index already replaces the old one."""
        for article in articles:
            self.delete([article.key])
            self._added[article.key] = self._writer.docnum
            self._writer.add_document(**document(article))
            self._is_changed = True

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the articles with these keys; unknown ones are ignored."""
        for key in keys:
            if key in self._added:
                self._writer.newsegment.delete_document(self._added.pop(key))
            elif not self._is_replaced:
                self._is_changed |= self._writer.delete_by_term("key", key) > 0

    def commit(self, state: bytes) -> int:
        """Make it the index's new generation and return its number; without a change, the old one with this state."""
        if self._is_changed:
            built = Format(version=VERSION, language=self._language, built_at=datetime.now(UTC))
            self._generation += 1
            place.write(self._folder, self._generation, built, state)
            self._is_open = False
            self._writer.commit(mergetype=CLEAR if self._is_replaced else None)
            place.forget_all_but(self._folder, self._generation)
        elif state != self.state:
            place.write(self._folder, self._generation, self._built, state)
        return self._generation

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Drop what was not committed, and unlock the index."""
        if self._is_open:
            self._is_open = False
            self._writer.cancel()
            clean_files(self._writer.storage, self._writer.indexname, self._generation, self._writer.segments)
