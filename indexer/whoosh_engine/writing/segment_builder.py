"""Collects articles as the contents of one new segment."""

from collections.abc import Sequence
from typing import assert_never

from indexer.article import Article
from indexer.query.tree import WITH_BODY, TextField
from indexer.search.filters import NumberField, TermField
from indexer.text.analysis import BOUNDARY, parted_terms
from indexer.text.language import with_plain_thousands
from indexer.whoosh_engine.segment.article_json import encoded
from indexer.whoosh_engine.segment.numbers import MISSING, length_column, microseconds
from indexer.whoosh_engine.segment.term_table import TABLES, TableBuilder
from indexer.whoosh_engine.segment.url_index import Addresses, urls_of
from indexer.whoosh_engine.segment.value_table import ValueTable, canonical_value
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
        words = {field: _words(article, field, self._language) for field in TextField}
        self.words += sum(map(len, words.values()))
        for table in self._tables.values():
            table.add(words)
        numbers: dict[str, int] = {
            **{length_column(field): len(words[field]) for field in WITH_BODY},
            "published_at": microseconds(article.published_date_time.timestamp()),
            **{field: _number(article, field) for field in NumberField},
            "has_image": bool(article.images),
        }
        for name, column in self._numbers.items():
            column.append(numbers[name])
        for field, values in self._values.items():
            values.append(sorted({canonical_value(field, value) for value in _values(article, field) if value}))
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


def _words(article: Article, field: TextField, language: str) -> list[str]:
    match field:
        case TextField.TITLE:
            return parted_terms(with_plain_thousands(article.title, language))
        case TextField.EXCERPT:
            return parted_terms(with_plain_thousands(article.summary or "", language))
        case TextField.BODY:
            return parted_terms(with_plain_thousands(article.text or "", language))
        case TextField.TOPIC:
            return [word for topic in article.topics for word in (*parted_terms(topic), BOUNDARY)]
        case TextField.PROVIDER:
            return parted_terms(f"{article.provider.name or ''} {article.provider.domain}")


def _number(article: Article, field: NumberField) -> int:
    match field:
        case NumberField.QUALITY:
            number = article.quality
        case NumberField.HEAT:
            number = article.heat
        case _:
            assert_never(field)
    return MISSING if number is None else number


def _values(article: Article, field: TermField) -> Sequence[str | None]:  # noqa: PLR0911 - one for each field
    match field:
        case TermField.TOPIC:
            return article.topics
        case TermField.PROVIDER:
            return [article.provider.domain]
        case TermField.CATEGORY:
            return [article.category]
        case TermField.TYPE:
            return [article.type]
        case TermField.RELATED_URL:
            return [related.web_url for related in article.related]
        case TermField.AUTHOR:
            return article.authors
        case TermField.EXTRA:
            return [term for extra in article.extras for term in extra.terms]
