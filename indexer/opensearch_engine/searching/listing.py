"""The terms in the vocabularies of what a query finds."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.cluster import Body, Cluster
from indexer.query.tree import TextField

_MOST_TERMS = 60_000  # of all fields; a cluster refuses answers of 65,536
_SPECIAL = re.compile(r'([.?+*|{}\[\]()"\\#@&<>~^$-])')


@dataclass(frozen=True, slots=True)
class Listing:
    """Terms of some fields that begin with a letter, or with any (""), and have `shortest` to `longest` characters.

    Entries that tell stems of terms are none.
    """

    fields: Sequence[TextField]
    first: str
    shortest: int
    longest: int | None

    async def terms(self, cluster: Cluster, index: str, query: Body) -> set[str]:
        """The terms that articles of the query have; where a field has very many, the most frequent of them.

        An expression that begins with any letter is tried on each term of the index, which takes a second where they
        are many. So all terms that the articles have are listed first, unless that is too much.
        """
        if not self.first:
            found = await self._found(cluster, index, query, {})
            if found is not None:
                return {term for term in found if self._fits(term)}
        beginning = quoted(self.first) if self.first else "[^=]"
        more = "" if self.longest is None else self.longest - 1
        include = {"include": f"{beginning}.{{{self.shortest - 1},{more}}}"}
        return await self._found(cluster, index, query, include, is_cut=True) or set()

    async def _found(
        self, cluster: Cluster, index: str, query: Body, include: Body, *, is_cut: bool = False
    ) -> set[str] | None:
        """The terms that are found; None where these are not all, unless they may be cut."""
        size = _MOST_TERMS // len(self.fields)
        listings = {
            str(field): {"terms": {"field": mapping.vocabulary_field(field), "size": size, **include}}
            for field in self.fields
        }
        answer = await cluster.search(index, {"size": 0, "track_total_hits": False, "query": query, "aggs": listings})
        found = answer["aggregations"].values()
        if not is_cut and any(each["sum_other_doc_count"] for each in found):
            return None
        return {bucket["key"] for each in found for bucket in each["buckets"]}

    def _fits(self, term: str) -> bool:
        return (
            not term.startswith("=") and self.shortest <= len(term) and (not self.longest or len(term) <= self.longest)
        )


def quoted(text: str) -> str:
    """The text as a regular expression of Lucene."""
    return _SPECIAL.sub(r"\\\1", text)
