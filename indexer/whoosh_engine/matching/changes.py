"""Changes of searches from one generation to another, found among the articles that differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from indexer.query.tree import Query
from indexer.search.changes import Change, ChangeKind
from indexer.search.filters import EVERYTHING, Filter
from indexer.search.requests import SearchRequest
from indexer.whoosh_engine.matching.conditions import matching
from indexer.whoosh_engine.matching.searchable_segment import Moment, SearchableSegment
from indexer.whoosh_engine.segment.arrays import Documents
from indexer.whoosh_engine.segment.doc_set import DocSet
from indexer.work import checkpoint

Segments = Mapping[str, SearchableSegment]
"""The segments of a generation, by name."""
ReadQuery = Callable[[SearchRequest], Query]
"""The query of a search, which depends on its text alone."""


class Address(NamedTuple):
    """The segment and the document in which an article lies."""

    segment: SearchableSegment
    document: int


class Side:
    """The articles that differ, as one of two generations has them visible at its moment."""

    def __init__(self, addresses: Mapping[str, Address]) -> None:
        """Take the addresses of the articles by key."""
        self._addresses = addresses
        documents: dict[SearchableSegment, list[int]] = {}
        for segment, document in addresses.values():
            documents.setdefault(segment, []).append(document)
        self._rows = [(segment, np.array(sorted(some), dtype=np.int32)) for segment, some in documents.items()]

    def matches(self, query: Query, condition: Filter) -> set[str]:
        """The keys of those that a search has."""
        keys: set[str] = set()
        for segment, documents in self._rows:
            mask = matching(condition, segment.segment, documents) & segment.matcher.holds(query, documents)
            keys.update(segment.segment.keys[document] for document in documents[mask])
        return keys

    def change(self, kind: ChangeKind, key: str) -> Change:
        """A change by the article with this key; those that left are not here."""
        address = self._addresses.get(key)
        article = None if kind is ChangeKind.LEFT or address is None else address.segment.article(address.document)
        return Change(kind=kind, key=key, article=article)


class Comparison:
    """All that differs between two generations, each at its moment, for any number of searches."""

    def __init__(self, read_query: ReadQuery, before: tuple[Segments, Moment], after: tuple[Segments, Moment]) -> None:
        self._read_query = read_query
        old, new = _visible(*before), _visible(*after)
        left, entered = dict(_only(old, new)), dict(_only(new, old))
        for key in [key for key in left if key in entered and _stored(left[key]) == _stored(entered[key])]:
            del left[key], entered[key]  # written again as it was, by a merge or a build
        self._before, self._after = Side(left), Side(entered)

    def changes(self, request: SearchRequest) -> list[Change]:
        """The changes of one search, by key."""
        checkpoint()
        query = self._read_query(request)
        before, after = (side.matches(query, request.filter) for side in (self._before, self._after))
        kinds = dict.fromkeys(before - after, ChangeKind.LEFT)
        kinds |= dict.fromkeys(before & after, ChangeKind.CHANGED)
        kinds |= dict.fromkeys(after - before, ChangeKind.ENTERED)
        return [self._after.change(kind, key) for key, kind in sorted(kinds.items())]


_Visible = Mapping[str, tuple[SearchableSegment, DocSet]]


def _visible(segments: Segments, moment: Moment) -> _Visible:
    rows = zip(segments.items(), moment.appeared, strict=True)
    return {name: (segment, segment.visible(EVERYTHING, appeared)) for (name, segment), appeared in rows}


def _only(these: _Visible, others: _Visible) -> Iterator[tuple[str, Address]]:
    """The addresses, by key, of documents that are visible here and not there. Segments never change, but by name."""
    for name, (segment, documents) in these.items():
        checkpoint()
        other = others.get(name)
        for document in _difference(documents, other and other[1]):
            yield segment.segment.keys[document], Address(segment, int(document))


def _difference(documents: DocSet, others: DocSet | None) -> Documents | Sequence[int]:
    if others is None:
        return documents.documents
    return () if documents is others else DocSet.marked(documents.mask & ~others.mask).documents


def _stored(address: Address) -> bytes:
    return address.segment.segment.stored(address.document)
