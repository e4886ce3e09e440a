"""Words near each other, against reading one article after another."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.query.tree import Word
from indexer.scoring.bm25f import SATURATION
from indexer.scoring.pairs import REACH, Pair
from indexer.whoosh_engine.postings.nearness import near
from tests.indexer.whoosh_engine.crowds import crowds
from tests.indexer.whoosh_engine.plain_bm25f import times_near
from tests.indexer.whoosh_engine.plain_matching import documents_with_all
from tests.indexer.whoosh_engine.queries import typed
from tests.indexer.whoosh_engine.segments import open_segment, positions_in


@given(crowds, st.lists(st.tuples(typed, typed), min_size=1, max_size=8))
def test_pairs_are_near_as_often_as_the_second_word_follows_the_first(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], sought: list[tuple[str, str]]
) -> None:
    common = [*product(("run", "runs", "the", "it"), repeat=2)]
    with open_segment(tmp_path_factory.mktemp("index"), articles) as stored:
        for (first, second), gap in product((*sought, *common), range(1, REACH + 1)):
            pair = Pair(Word(first), Word(second), gap)
            candidates = documents_with_all(articles, (pair.first, pair.second))
            found = near(pair, positions_in(stored.segment))
            expected = {number: times_near(articles[number], pair.first, pair.second, gap) for number in candidates}
            assert dict(zip(found.documents.tolist(), found.impacts.tolist(), strict=True)) == {
                number: pytest.approx(count / (SATURATION + count)) for number, count in expected.items() if count
            }
            assert found.impacts.dtype == np.float32


@given(crowds, st.tuples(typed, typed), st.integers(1, REACH), st.sets(st.integers(0, 40)))
def test_of_some_documents_a_pair_is_near_where_it_is_among_all(
    tmp_path_factory: pytest.TempPathFactory,
    articles: list[Article],
    sought: tuple[str, str],
    gap: int,
    some: set[int],
) -> None:
    among = np.array(sorted(number for number in some if number < len(articles)), dtype=np.int32)
    first, second = map(Word, sought)
    with open_segment(tmp_path_factory.mktemp("index"), articles) as stored:
        for pair in (Pair(first, second, gap), Pair(Word("run"), Word("the"), gap)):
            anywhere = near(pair, positions_in(stored.segment))
            found = near(pair, positions_in(stored.segment), among)
            chosen = np.isin(anywhere.documents, among)
            assert found.documents.tolist() == anywhere.documents[chosen].tolist()
            assert found.impacts.tolist() == anywhere.impacts[chosen].tolist()
