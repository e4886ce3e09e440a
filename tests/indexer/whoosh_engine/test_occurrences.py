"""Where words occur, against counting them in one article after another."""

from collections.abc import Collection, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.query import SEARCHED, Prefix, TextField, Word
from indexer.whoosh_engine.occurrences import occurrences, postings
from indexer.whoosh_engine.segment import Segment
from tests.indexer.whoosh_engine.crowds import crowd, crowds
from tests.indexer.whoosh_engine.plain_bm25f import words_of, worth
from tests.indexer.whoosh_engine.queries import leaves
from tests.indexer.whoosh_engine.segments import STEMS, open_segment


def assert_found(leaf: Word | Prefix, segment: Segment, articles: Sequence[Article], gone: Collection[str]) -> None:
    found = occurrences(leaf, segment, STEMS)
    counts = [
        {field: sum(worth(word, leaf) for word in words_of(article, field)) for field in leaf.fields}
        for article in articles
    ]
    having = [
        document
        for document, article in enumerate(articles)
        if any(counts[document].values()) and article.key not in gone
    ]
    assert found.documents.dtype == np.int32
    assert found.documents.tolist() == having
    assert found.frequencies.keys() == set(leaf.fields)
    for field, frequencies in found.frequencies.items():
        assert frequencies.dtype == np.float32
        assert frequencies.tolist() == pytest.approx([counts[document][field] for document in having])
    assert found.nbytes == 4 * len(having) * (1 + len(leaf.fields))


def assert_counted(leaf: Word | Prefix, segment: Segment, articles: Sequence[Article]) -> None:
    together = SEARCHED if leaf.fields[0] in SEARCHED else leaf.fields  # their postings are one list
    having = [
        {word for field in together for word in words_of(article, field) if worth(word, leaf)} for article in articles
    ]
    assert postings(leaf, segment, STEMS) == sum(map(len, having))


@given(crowds, st.lists(leaves, min_size=1, max_size=8), st.data())
def test_words_and_prefixes_occur_where_they_stand(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], sought: list[Word | Prefix], data: st.DataObject
) -> None:
    gone = [article.key for article in articles if data.draw(st.sampled_from((True, False, False)))]
    with open_segment(tmp_path_factory.mktemp("index"), articles, without=gone) as stored:
        for leaf in sought:
            assert_found(leaf, stored.segment, articles, gone)
            assert_counted(leaf, stored.segment, articles)


def test_of_many_documents_rare_words_are_found_as_common_ones_are(tmp_path: Path) -> None:
    # Few postings are sorted, many are counted over all documents.
    articles = crowd(Random(3), 600)  # noqa: S311  # the same each time
    gone = [article.key for article in articles[::9]]
    sought: list[Word | Prefix] = [Word(word) for word in ("run", "running", "harbour5", "walk5", "nobody", "c++")]
    sought += [
        Prefix(prefix, fields) for prefix in ("", "r", "walk5", "harbour") for fields in (SEARCHED, SEARCHED[1:])
    ]
    sought += [Word("ai", (field,)) for field in TextField]
    with open_segment(tmp_path, articles, without=gone) as stored:
        for leaf in sought:
            assert_found(leaf, stored.segment, articles, gone)
