"""The same documents twice: as arrays for the segment writer, and as what Whoosh's own writer takes."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, clean_files, create_in, open_dir

from indexer.article import Article
from indexer.columns.article_json import encoded
from indexer.columns.numbers import MISSING
from indexer.columns.values import canonical_value
from indexer.search.filters import TermField
from indexer.text.analysis import parted_terms
from indexer.whoosh_engine.segment.term_table import TABLES, TableBuilder
from indexer.whoosh_engine.segment.value_table import ValueTable
from indexer.whoosh_engine.storage.contents import Contents
from indexer.whoosh_engine.storage.whoosh_fields import FIELDS, NUMBERS, value_field
from indexer.whoosh_engine.writing.whoosh_writer import write_segment


def texts_of(article: Article) -> dict[str, list[str]]:
    return {
        "title": parted_terms(article.title),
        "excerpt": parted_terms(article.summary or ""),
        "body": parted_terms(article.text or ""),
        "topic": [word for topic in article.topics for word in (*parted_terms(topic), "|")],
        "provider": parted_terms(f"{article.provider.name or ''} {article.provider.domain}"),
    }


def values_of(article: Article) -> dict[TermField, list[str]]:
    values: dict[TermField, Iterable[str | None]] = {
        TermField.TOPIC: article.topics,
        TermField.PROVIDER: [article.provider.domain],
        TermField.CATEGORY: [article.category],
        TermField.TYPE: [article.type],
        TermField.AUTHOR: article.authors,
        TermField.EXTRA: [term for extra in article.extras for term in extra.terms],
        TermField.RELATED_URL: [related.web_url for related in article.related],
    }
    return {field: sorted({canonical_value(field, one) for one in some if one}) for field, some in values.items()}


def numbers_of(article: Article) -> dict[str, int]:
    texts = texts_of(article)
    return {
        "title_length": len(texts["title"]),
        "excerpt_length": len(texts["excerpt"]),
        "body_length": len(texts["body"]),
        "published_at": round(article.published_date_time.timestamp() * 1_000_000),
        "quality": MISSING if article.quality is None else article.quality,
        "heat": MISSING if article.heat is None else article.heat,
        "has_image": bool(article.images),
    }


def document_of(article: Article) -> dict[str, object]:
    values = {value_field(field): some for field, some in values_of(article).items()}
    return {
        "key": article.key,
        "article": encoded(article),
        **texts_of(article),
        **values,
        **numbers_of(article),
    }


def contents_of(articles: Sequence[Article]) -> Contents:
    builders = {name: TableBuilder(fields) for name, fields in TABLES.items()}
    for article in articles:
        texts = texts_of(article)
        for name, fields in TABLES.items():
            builders[name].add({field: texts[field] for field in fields})
    numbers = [numbers_of(article) for article in articles]
    values = [values_of(article) for article in articles]
    return Contents(
        keys=[article.key for article in articles],
        articles=[encoded(article) for article in articles],
        numbers={name: np.array([one[name] for one in numbers], dtype=np.int64) for name in NUMBERS},
        tables={name: builder.table() for name, builder in builders.items()},
        values={field: ValueTable.of_documents([one[field] for one in values]) for field in TermField},
    )


def written(folder: Path, batches: Iterable[Contents]) -> FileIndex:
    """An index of our own segments."""
    storage = FileStorage(str(folder))
    segments = [write_segment(contents, storage=storage) for contents in batches]
    TOC(FIELDS, segments, 1).write(storage, "MAIN")
    clean_files(storage, "MAIN", 1, segments)
    return open_dir(folder)


def written_by_whoosh(folder: Path, batches: Iterable[Sequence[Article]]) -> FileIndex:
    """An index of segments that Whoosh's own writer made."""
    index = create_in(folder, FIELDS)
    for articles in batches:
        writer = index.writer()
        for article in articles:
            writer.add_document(**document_of(article))
        writer.commit(merge=False)
    return index


def assert_same(found: Contents, expected: Contents) -> None:
    """Numbers may differ in their types, all else may not."""
    assert (found.keys, found.articles) == (expected.keys, expected.articles)
    assert {name: array.tolist() for name, array in found.numbers.items()} == {
        name: array.tolist() for name, array in expected.numbers.items()
    }
    assert found.tables.keys() == expected.tables.keys()
    for name, table in expected.tables.items():
        assert_equal_arrays(dict(found.tables[name].arrays(name)), dict(table.arrays(name)))
    assert found.values.keys() == expected.values.keys()
    for field, values in expected.values.items():
        assert found.values[field].values == values.values
        np.testing.assert_array_equal(found.values[field].offsets, values.offsets)
        np.testing.assert_array_equal(found.values[field].documents, values.documents)


def assert_equal_arrays(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert (found[name].dtype, found[name].tolist()) == (array.dtype, array.tolist()), name
