"""Collects articles as the contents of one new segment."""

from indexer.article import Article
from indexer.columns.article_json import encoded
from indexer.columns.numbers import length_column, microseconds
from indexer.columns.values import number_of, urls_of, values_of
from indexer.columns.words import words_of
from indexer.query.tree import WITH_BODY, TextField
from indexer.search.filters import NumberField, TermField
from indexer.whoosh_engine.segment.term_table import TABLES, TableBuilder
from indexer.whoosh_engine.segment.url_index import Addresses
from indexer.whoosh_engine.segment.value_table import ValueTable
from indexer.whoosh_engine.storage.contents import Contents
from indexer.whoosh_engine.storage.whoosh_fields import NUMBERS, number_array


class SegmentBuilder:
    """The articles added so far, as columns."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.words = 0
        """The number of words so far."""
        self._keys: list[str] = []
        self._articles: list[bytes] = []
        self._numbers: dict[str, list[int]] = {name: [] for name in NUMBERS}
        self._tables = {name: TableBuilder(fields) for name, fields in TABLES.items()}
        self._urls: list[list[str]] = []
        self._values: dict[TermField, list[list[str]]] = {field: [] for field in TermField}

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, article: Article) -> None:
        """Take the next article."""
        words = {field: words_of(article, field, self._language) for field in TextField}
        self.words += sum(map(len, words.values()))
        for table in self._tables.values():
            table.add(words)
        numbers: dict[str, int] = {
            **{length_column(field): len(words[field]) for field in WITH_BODY},
            "published_at": microseconds(article.published_date_time.timestamp()),
            **{field: number_of(article, field) for field in NumberField},
            "has_image": bool(article.images),
        }
        for name, column in self._numbers.items():
            column.append(numbers[name])
        for field, values in self._values.items():
            values.append(values_of(article, field))
        self._urls.append(urls_of(article))
        self._keys.append(article.key)
        self._articles.append(encoded(article))

    def addresses(self) -> Addresses:
        """The URLs of all articles."""
        return Addresses.of_documents(self._urls)

    def contents(self) -> Contents:
        """The articles as arrays."""
        return Contents(
            keys=self._keys,
            articles=self._articles,
            numbers={name: number_array(name, column) for name, column in self._numbers.items()},
            tables={name: table.table() for name, table in self._tables.items()},
            values={field: ValueTable.of_documents(values) for field, values in self._values.items()},
        )
