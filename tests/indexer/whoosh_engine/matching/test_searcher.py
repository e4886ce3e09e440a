"""What matches among the documents that may, however few these are."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.memory import Memory
from indexer.query.tree import Every, Query
from indexer.search.filters import EVERYTHING, Among, TermField
from indexer.whoosh_engine.matching.searchable_segment import SearchableSegment
from indexer.whoosh_engine.matching.searcher import Searcher
from tests.indexer.whoosh_engine.crowds import crowd
from tests.indexer.whoosh_engine.queries import queries
from tests.indexer.whoosh_engine.segments import STEMS, collection_at, open_segments, split, write_segments
from tests.samples import NOW
from tests.strategies import TOPICS

topics = st.sampled_from(TOPICS).map(lambda topic: Among(TermField.TOPIC, frozenset([topic.casefold()])))


@given(query=queries | st.just(Every()), condition=topics | st.just(EVERYTHING), fewer=st.sampled_from((1, 16, 1_000)))
def test_few_documents_that_may_match_are_those_of_all_that_match(
    tmp_path_factory: pytest.TempPathFactory, query: Query, condition: Among, fewer: int
) -> None:
    articles = crowd(Random(5), 40)  # noqa: S311  # the same each time
    folder = write_segments(tmp_path_factory.mktemp("index"), split(articles, 2), without={articles[7].key})
    with pytest.MonkeyPatch.context() as patch, open_segments(folder) as stored:
        patch.setattr("indexer.whoosh_engine.matching.searcher._FEWER", fewer)
        collection = collection_at(NOW, [SearchableSegment(one, STEMS, Memory()) for one in stored])
        searcher = Searcher(collection)
        allowed = searcher.allowed(condition)
        expected = [
            sorted({*some.documents.tolist()} & {*segment.matcher.documents(query).tolist()})
            for segment, some in zip(collection.segments, allowed, strict=True)
        ]
        assert [found.documents.tolist() for found in searcher.doc_sets(query, condition)] == expected
        assert [found.documents.tolist() for found in searcher.doc_sets(query, condition)] == expected
        assert searcher.count(query, condition) == sum(map(len, expected))
