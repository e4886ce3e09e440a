"""The terms that visible articles have: by stem, by beginning, and those that are nearly the same as another."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from indexer.opensearch_engine.matching.query_clauses import QueryClauses, sent_term
from indexer.opensearch_engine.matching.view import View, every, some
from indexer.opensearch_engine.searching.listing import Listing, quoted
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.cluster import Body, Cluster
from indexer.opensearch_engine.storage.document import form_term, term_of_form
from indexer.query.tree import Prefix, TextField, Word
from indexer.text.spelling import may_be_guessed, may_begin_with_another_letter, misspellings, typos_allowed
from indexer.understanding.visible_words import MOST_TERMS, Alike

_MOST_ALIKE = 500  # terms that are so near it, in one segment
_MOST_FORMS = 1_000  # of a word


class Vocabulary:
    """Looks terms up in a cluster."""

    def __init__(self, cluster: Cluster, clauses: QueryClauses) -> None:
        self._cluster = cluster
        self._clauses = clauses

    async def terms(self, view: View, leaves: Sequence[Word | Prefix]) -> list[frozenset[str]]:
        """The terms of visible articles that each word or prefix stands for; of a prefix, the first `MOST_TERMS`."""
        answers = await self._cluster.searches(view.index, [self._listing(view, leaf) for leaf in leaves])
        return [_terms(leaf, answer) for leaf, answer in zip(leaves, answers, strict=True)]

    async def alike(self, view: View, word: Word, *, loosely: bool) -> Mapping[str, Alike]:
        """The terms of visible articles that a word may have been meant for, but for its own forms."""
        if not (may_be_guessed(word.term) if loosely else typos_allowed(word.term)):
            return {}
        stem = self._clauses.stem(word.term)
        candidates = await self._candidates(view, word, loosely=loosely)
        found = {
            candidates[place]: errors
            for place, errors in misspellings(word.term, candidates, loosely=loosely)
            if self._clauses.stem(candidates[place]) != stem
        }
        if not found:
            return {}
        counts = await self._counts(view, [*found], word.fields)
        return {term: Alike(found[term], count) for term, count in counts.items() if count}

    async def _candidates(self, view: View, word: Word, *, loosely: bool) -> list[str]:
        """Terms of about the same length in the visible articles that have one at most two errors from a word."""
        term, errors = sent_term(word.term), 1 if loosely else typos_allowed(word.term)
        is_any = loosely or may_begin_with_another_letter(word.term)
        options = {
            "value": term,
            "fuzziness": errors,
            "prefix_length": 0 if is_any else 1,
            "max_expansions": _MOST_ALIKE,
        }
        query = every(*view.clauses(), some(*({"fuzzy": {str(field): options}} for field in word.fields)))
        listing = Listing(word.fields, "" if is_any else term[0], max(1, len(term) - errors), len(term) + errors)
        return sorted(await listing.terms(self._cluster, view.index, query))

    async def _counts(self, view: View, terms: Sequence[str], fields: tuple[TextField, ...]) -> dict[str, int]:
        filters = [self._clauses.exactly(term, fields) for term in terms]
        body = {**_visible(view), "aggs": {"counts": {"filters": {"filters": filters}}}}
        [answer] = await self._cluster.searches(view.index, [body])
        buckets = answer["aggregations"]["counts"]["buckets"]
        return dict(zip(terms, (bucket["doc_count"] for bucket in buckets), strict=True))

    def _listing(self, view: View, leaf: Word | Prefix) -> Body:
        if isinstance(leaf, Word):
            include, size = f"{quoted(form_term(self._clauses.stem(leaf.term), ''))}.*", _MOST_FORMS
        else:
            include, size = f"{quoted(sent_term(leaf.prefix))}.*", MOST_TERMS
        listing = {"size": size, "include": include, "order": {"_key": "asc"}}
        fields = {str(field): {"terms": {"field": mapping.vocabulary_field(field), **listing}} for field in leaf.fields}
        return {**_visible(view), "query": every(*view.clauses(), self._clauses.clause(leaf)), "aggs": fields}


def _visible(view: View) -> dict[str, Any]:  # Any: JSON
    return {"size": 0, "track_total_hits": False, "query": every(*view.clauses())}


def _terms(leaf: Word | Prefix, answer: Body) -> frozenset[str]:
    keys: Iterable[str] = (
        bucket["key"] for field in leaf.fields for bucket in answer["aggregations"][str(field)]["buckets"]
    )
    if isinstance(leaf, Word):
        return frozenset(term_of_form(key) for key in keys)
    return frozenset(islice(sorted(set(keys)), MOST_TERMS))
