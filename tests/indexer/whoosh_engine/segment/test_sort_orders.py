"""Orders of the rankings, against sorting one article after another."""

from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.columns.sort_values import LAST, RANKINGS, sort_values
from indexer.listing.positions import sort_key
from indexer.search.ranking import Position
from indexer.whoosh_engine.segment.sort_orders import key_order, order
from tests.indexer.whoosh_engine.gathered import contents_of
from tests.plain_engine import position
from tests.strategies import KEYS, corpora


@given(corpora())
def test_every_ranking_sorts_as_its_definition_does(articles: list[Article]) -> None:
    contents = contents_of(articles)
    by_key = key_order(contents.keys)
    for ranking in RANKINGS:
        columns = sort_values(ranking, contents.numbers)
        expected = sorted(articles, key=lambda article: sort_key(position(article, ranking)))
        assert [articles[document] for document in order(columns, by_key).tolist()] == expected
        for document, article in enumerate(articles):
            values = tuple(float(column[document]) for column in columns)
            assert Position(values, article.key) == position(article, ranking)


@given(st.lists(st.sampled_from(KEYS) | st.text(max_size=3), unique=True))
def test_keys_are_in_the_order_of_their_characters(keys: list[str]) -> None:
    assert [keys[document] for document in key_order(keys).tolist()] == sorted(keys)


@given(st.lists(st.tuples(*[st.sampled_from((LAST, -1.0, 0.0, 0.5, 7.0))] * 3), max_size=12), st.randoms())
def test_the_first_values_go_before_the_later_and_these_before_the_key(
    rows: list[tuple[float, ...]], random: Random
) -> None:
    by_key = [*range(len(rows))]
    random.shuffle(by_key)
    columns = tuple(np.array(column) for column in zip(*rows, strict=True)) if rows else (np.empty(0),)
    expected = sorted(range(len(rows)), key=lambda row: ([-value for value in rows[row]], by_key.index(row)))
    assert order(columns, np.array(by_key, dtype=np.int32)).tolist() == expected
