"""The visible articles as one search sees them."""

from collections.abc import Sequence

from indexer.query.tree import Every, Query
from indexer.search.filters import Filter
from indexer.whoosh_engine.matching.searchable_segment import Collection
from indexer.whoosh_engine.segment.arrays import Documents
from indexer.whoosh_engine.segment.doc_set import DocSet


class Searcher:
    """Finds documents for one search. A query that comes again, as while it is relaxed, is evaluated once."""

    def __init__(self, collection: Collection) -> None:
        """Take what is visible at the moment of the search."""
        self.collection = collection
        self._documents: dict[Query, Sequence[Documents | None]] = {}
        self._doc_sets: dict[tuple[Query, Filter], Sequence[DocSet]] = {}

    def doc_sets(self, query: Query, condition: Filter) -> Sequence[DocSet]:
        """The visible documents of each segment that match the query and meet the condition."""
        key = query, condition
        if key not in self._doc_sets:
            rows = zip(self.allowed(condition), self._matching(query), strict=True)
            self._doc_sets[key] = [allowed.among(documents) for allowed, documents in rows]
        return self._doc_sets[key]

    def allowed(self, condition: Filter) -> Sequence[DocSet]:
        """The visible documents of each segment that meet the condition."""
        rows = zip(self.collection.segments, self.collection.appeared, strict=True)
        return [segment.visible(condition, appeared) for segment, appeared in rows]

    def count(self, query: Query, condition: Filter) -> int:
        """The number of visible documents that match the query and meet the condition."""
        return sum(documents.count for documents in self.doc_sets(query, condition))

    def _matching(self, query: Query) -> Sequence[Documents | None]:
        """The documents of each segment that match, visible or not; None for all of a segment."""
        if query not in self._documents:
            is_any = query == Every()
            segments = self.collection.segments
            self._documents[query] = [None if is_any else segment.matcher.documents(query) for segment in segments]
        return self._documents[query]
