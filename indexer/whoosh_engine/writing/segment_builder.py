"""Collects articles as the contents of one new segment."""

from indexer.article import Article
from indexer.query.tree import TextField
from indexer.search.filters import TermField, canonical_value
from indexer.text.analysis import terms
from indexer.whoosh_engine.segment.article_json import encoded
from indexer.whoosh_engine.segment.numbers import HAS_IMAGE, MISSING, PUBLISHED, microseconds
from indexer.whoosh_engine.segment.term_table import TABLES, TableBuilder
from indexer.whoosh_engine.segment.url_index import Addresses, urls_of
from indexer.whoosh_engine.segment.value_table import ValueTable
from indexer.whoosh_engine.storage.contents import Contents
from indexer.whoosh_engine.storage.whoosh_fields import NUMBERS, number_array

# Stands between the words of two topics, so that no phrase reaches from one into the next.
_BOUNDARY = "|"


class SegmentBuilder:
    """The articles added so far, taken apart."""

    def __init__(self) -> None:
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
        words = {
            TextField.TITLE: terms(article.title),
            TextField.EXCERPT: terms(article.excerpt or ""),
            TextField.TOPIC: [word for topic in article.topics for word in (*terms(topic), _BOUNDARY)],
            TextField.PROVIDER: terms(f"{article.provider.name or ''} {article.provider.domain}"),
        }
        for table in self._tables.values():
            table.add(words)
        numbers = {
            "title_length": len(words[TextField.TITLE]),
            "excerpt_length": len(words[TextField.EXCERPT]),
            "published_at": microseconds(article.published_date_time.timestamp()),
            "quality": MISSING if article.quality is None else article.quality,
            "heat": MISSING if article.heat is None else article.heat,
            "flags": PUBLISHED * article.published | HAS_IMAGE * bool(article.images),
        }
        for name, column in self._numbers.items():
            column.append(numbers[name])
        for field, values in self._values.items():
            values.append(_values(article, field))
        self._urls.append(urls_of(article))
        self._keys.append(article.key)
        self._articles.append(encoded(article))

    def addresses(self) -> Addresses:
        """The URLs of all articles."""
        return Addresses.of_documents(self._urls)

    def contents(self) -> Contents:
        """All of it, as arrays."""
        return Contents(
            keys=self._keys,
            articles=self._articles,
            numbers={name: number_array(name, column) for name, column in self._numbers.items()},
            tables={name: table.table() for name, table in self._tables.items()},
            values={field: ValueTable.of_documents(values) for field, values in self._values.items()},
        )


def _values(article: Article, field: TermField) -> list[str]:
    match field:
        case TermField.TOPIC:
            values: list[str | None] = [*article.topics]
        case TermField.PROVIDER:
            values = [article.provider.domain]
        case TermField.CATEGORY:
            values = [article.category]
        case TermField.TYPE:
            values = [article.type]
        case TermField.RELATED_URL:
            values = [related.web_url for related in article.related]
    return sorted({canonical_value(field, value) for value in values if value})
