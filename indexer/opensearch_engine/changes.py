"""Changes of searches from one generation of a cluster to another, found among the versions of one of both alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from indexer.article import Article
from indexer.opensearch_engine.matching.filter_clauses import filter_clause
from indexer.opensearch_engine.matching.query_clauses import QueryClauses
from indexer.opensearch_engine.matching.view import Clause, View, every, without
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.articles import Articles
from indexer.opensearch_engine.storage.cluster import Cluster
from indexer.opensearch_engine.storage.portions import portions
from indexer.search.changes import Change, ChangeKind
from indexer.search.requests import SearchRequest
from indexer.understanding.texts import Texts

_AT_ONCE = 5_000
_ARTICLES_AT_ONCE = 500

_Ids = Mapping[str, str]  # of documents, by key


@dataclass(frozen=True, slots=True)
class Comparison:
    """The documents by key that only the articles of one of two views have. Both are of one index."""

    documents: "Documents"
    before: _Ids
    after: _Ids

    @classmethod
    async def between(cls, documents: "Documents", before: View, after: View) -> Self:
        """Compare two views. Versions that hold the same article are no difference."""
        old = await documents.only(before, other_than=after)
        new = await documents.only(after, other_than=before)
        both = [key for key in old if key in new]
        stored = await documents.stored([ids[key] for key in both for ids in (old, new)])
        same = {key for key in both if stored[old[key]] == stored[new[key]]}
        left, entered = ({key: id_ for key, id_ in ids.items() if key not in same} for ids in (old, new))
        return cls(documents, left, entered)

    async def changes(
        self, requests: Sequence[SearchRequest], texts: Texts, clauses: QueryClauses
    ) -> list[list[Change]]:
        """The changes of each search, by key."""
        ids = [*{*self.before.values(), *self.after.values()}]
        found: list[set[str]] = [set() for _ in requests]
        for some_ids in portions(ids, _AT_ONCE):
            bodies = [_matching(some_ids, request, texts, clauses) for request in requests]
            answers = await self.documents.cluster.searches(self.documents.index, bodies)
            for matches, answer in zip(found, answers, strict=True):
                matches |= {hit["_id"] for hit in answer["hits"]["hits"]}
        kinds = [self._kinds(matches) for matches in found]
        wanted = {self.after[key] for each in kinds for key, kind in each.items() if kind is not ChangeKind.LEFT}
        stored = await self.documents.stored(sorted(wanted))
        articles = {id_: self.documents.articles.article(id_, data) for id_, data in stored.items()}
        return [[self._change(key, kind, articles) for key, kind in sorted(each.items())] for each in kinds]

    def _kinds(self, matches: set[str]) -> dict[str, ChangeKind]:
        """The change of each article, where these documents match."""
        before, after = ({key for key, id_ in ids.items() if id_ in matches} for ids in (self.before, self.after))
        kinds = dict.fromkeys(before - after, ChangeKind.LEFT)
        kinds |= dict.fromkeys(before & after, ChangeKind.CHANGED)
        return kinds | dict.fromkeys(after - before, ChangeKind.ENTERED)

    def _change(self, key: str, kind: ChangeKind, articles: Mapping[str, Article]) -> Change:
        return Change(kind=kind, key=key, article=None if kind is ChangeKind.LEFT else articles[self.after[key]])


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of an index in a cluster."""

    cluster: Cluster
    index: str
    articles: Articles

    async def only(self, view: View, *, other_than: View) -> dict[str, str]:
        """The ids, by key, of the documents that one view has and the other one has not."""
        body: dict[str, Any] = {
            "size": _AT_ONCE,
            "_source": False,
            "track_total_hits": False,
            "query": every(*view.clauses(), without(every(*other_than.clauses()))),
            "sort": [{mapping.KEY: "asc"}],  # of which a view has one document at the most
        }
        documents: dict[str, str] = {}
        while True:
            hits = (await self.cluster.search(self.index, body))["hits"]["hits"]
            documents |= {hit["sort"][0]: hit["_id"] for hit in hits}
            if len(hits) < _AT_ONCE:
                return documents
            body["search_after"] = hits[-1]["sort"]

    async def stored(self, ids: Sequence[str]) -> dict[str, str]:
        """The articles of documents, as they are stored, by id."""
        stored: dict[str, str] = {}
        for some_ids in portions(ids, _ARTICLES_AT_ONCE):
            body = {
                "size": len(some_ids),
                "_source": [mapping.ARTICLE],
                "track_total_hits": False,
                "query": _with_ids(some_ids),
            }
            hits = (await self.cluster.search(self.index, body))["hits"]["hits"]
            stored |= {hit["_id"]: hit["_source"][mapping.ARTICLE] for hit in hits}
        return stored


def _matching(ids: Sequence[str], request: SearchRequest, texts: Texts, clauses: QueryClauses) -> dict[str, Any]:
    """A search for those of some documents that match a text as it is typed, with synonyms where it is forgiving."""
    query = texts.read(request.text, is_forgiving=request.forgiving, typing=False).widened
    return {
        "size": len(ids),
        "_source": False,
        "track_total_hits": False,
        "query": every(_with_ids(ids), filter_clause(request.filter), clauses.clause(query)),
    }


def _with_ids(ids: Sequence[str]) -> Clause:
    return {"ids": {"values": [*ids]}}
