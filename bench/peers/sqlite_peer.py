"""SQLite's FTS5 with its Porter stemmer: a contentless index, and beside it a table of keys, dates and topics."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpora.documents import Document
from corpora.queries import Form, Query

_SCHEMA = """
CREATE VIRTUAL TABLE words USING fts5(
    title, excerpt, content='', tokenize='porter unicode61 remove_diacritics 2', prefix='2 3 4');
CREATE TABLE articles(id INTEGER PRIMARY KEY, key TEXT NOT NULL, published INTEGER NOT NULL);
CREATE TABLE topics(topic TEXT NOT NULL, id INTEGER NOT NULL, PRIMARY KEY(topic, id)) WITHOUT ROWID;
"""
_BY_RANK = "SELECT rowid FROM words WHERE words MATCH ?{} ORDER BY rank LIMIT ?"
_BY_DATE = """
SELECT words.rowid FROM words JOIN articles ON articles.id = words.rowid WHERE words MATCH ?{}
ORDER BY published DESC LIMIT ?
"""
_COUNT = "SELECT count(*) FROM words WHERE words MATCH ?{}"
_WITH_TOPIC = " AND EXISTS (SELECT 1 FROM topics WHERE topic = ? AND topics.id = words.rowid)"
FILE = "index.sqlite"


class SqlitePeer:
    """A connection to the database in a folder."""

    @staticmethod
    def build(documents: Iterable[Document], folder: Path) -> None:
        """Index the documents in one transaction."""
        folder.mkdir()
        connection = sqlite3.connect(folder / FILE)
        connection.executescript(_SCHEMA)
        for number, document in enumerate(documents):
            connection.execute(
                "INSERT INTO words(rowid, title, excerpt) VALUES (?, ?, ?)", (number, document.title, document.excerpt)
            )
            connection.execute("INSERT INTO articles VALUES (?, ?, ?)", (number, document.key, document.published))
            topics = {(topic, number) for topic in document.topics}
            connection.executemany("INSERT INTO topics VALUES (?, ?)", topics)
        connection.execute("INSERT INTO words(words) VALUES ('optimize')")
        connection.commit()
        connection.close()

    async def open(self, folder: Path) -> None:
        """Open the database in the folder."""
        self._connection = sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)

    async def keys(self, query: Query, size: int) -> Sequence[str]:
        """The keys of the best matches."""
        found = self._rows(_BY_DATE if query.by_date else _BY_RANK, query, size)
        fetch = "SELECT key FROM articles WHERE id = ?"
        return [self._connection.execute(fetch, row).fetchone()[0] for row in found]

    async def count(self, query: Query) -> int:
        """The number of documents that match."""
        [[count]] = self._rows(_COUNT, query)
        return int(count)

    def _rows(self, statement: str, query: Query, *values: int) -> Iterator[tuple[int]]:
        topic = () if query.topic is None else (query.topic,)
        text = statement.format(_WITH_TOPIC if topic else "")
        return self._connection.execute(text, (_match(query), *topic, *values))


def _match(query: Query) -> str:
    """The query in FTS5's language."""
    match query.form:
        case Form.PREFIX:
            return f'"{query.words[0]}" *'
        case Form.PHRASE:
            return f'"{" ".join(query.words)}"'
        case _:
            operator = " OR " if query.form is Form.ANY else " AND "
            return operator.join(f'"{word}"' for word in query.words)
