"""The visible articles as one search sees them."""

from collections.abc import Sequence

from indexer.query.tree import Every, Query
from indexer.search.filters import Filter
from indexer.whoosh_engine.matching.searchable_segment import Collection
from indexer.whoosh_engine.segment.arrays import Documents
from indexer.whoosh_engine.segment.doc_set import DocSet

_FEWER = 16
"""Times as many documents in a segment, and postings to find all that match, as there are documents that may match: to
look at each of these takes less time then."""
_ANY = Every()


class Searcher:
    """Finds documents for one search. A query that comes again, as while it is relaxed, is evaluated once."""

    def __init__(self, collection: Collection) -> None:
        """Take what is visible at the moment of the search."""
        self.collection = collection
        self._documents: dict[tuple[int, Query], Documents] = {}
        self._doc_sets: dict[tuple[Query, Filter], Sequence[DocSet]] = {}

    def doc_sets(self, query: Query, condition: Filter) -> Sequence[DocSet]:
        """The visible documents of each segment that match the query and meet the condition."""
        key = query, condition
        if key not in self._doc_sets:
            allowed = self.allowed(condition)
            self._doc_sets[key] = [self._matching(query, number, some) for number, some in enumerate(allowed)]
        return self._doc_sets[key]

    def allowed(self, condition: Filter) -> Sequence[DocSet]:
        """The visible documents of each segment that meet the condition."""
        rows = zip(self.collection.segments, self.collection.appeared, strict=True)
        return [segment.visible(condition, appeared) for segment, appeared in rows]

    def count(self, query: Query, condition: Filter) -> int:
        """The number of visible documents that match the query and meet the condition."""
        return sum(documents.count for documents in self.doc_sets(query, condition))

    def _matching(self, query: Query, number: int, allowed: DocSet) -> DocSet:
        """The documents of the segment with this number that match, among some. If these are few, each is looked at."""
        if query == _ANY:
            return allowed.among(None)
        matcher = self.collection.segments[number].matcher
        if allowed.count * _FEWER < allowed.size and allowed.count * _FEWER < matcher.most(query):
            return DocSet(allowed.size, allowed.documents[matcher.holds(query, allowed.documents)])
        if (number, query) not in self._documents:
            self._documents[number, query] = matcher.documents(query)
        return allowed.among(self._documents[number, query])
