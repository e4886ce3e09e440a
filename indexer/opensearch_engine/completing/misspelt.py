"""Words that typed ones may be misspelt for, by the terms of visible articles in a cluster."""

from collections.abc import Collection, Mapping, Sequence

from indexer.opensearch_engine.matching.query_clauses import sent_term
from indexer.opensearch_engine.matching.view import Clause, every, some
from indexer.opensearch_engine.searching.listing import Listing
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.cluster import Body, Cluster
from indexer.query.tree import TextField
from indexer.text.spelling import may_begin_with_another_letter, misspellings, typos_allowed
from indexer.understanding.typo_readings import LONGEST_CORRECTED, Typed, best_corrections

_MOST_ALIKE = 1_000  # terms that are near a word, in one segment
_TEXTS = tuple(TextField)


def known_search(word: Typed, conditions: Sequence[Clause]) -> Body:
    """The search that tells whether an article has a typed word."""
    text, is_prefix = word
    fields = (mapping.prefixes_field(field) if is_prefix else str(field) for field in _TEXTS)
    has_word = some(*({"term": {field: sent_term(text)}} for field in fields))
    return {"size": 0, "terminate_after": 1, "track_total_hits": 1, "query": every(*conditions, has_word)}


async def terms_near(cluster: Cluster, index: str, word: Typed, conditions: Sequence[Clause]) -> set[str]:
    """The terms that a typed word may be misspelt for."""
    text, is_prefix = word
    errors = typos_allowed(text)
    if not errors or len(text) > LONGEST_CORRECTED:
        return set()
    is_any = may_begin_with_another_letter(text)
    fuzzy = {
        "value": sent_term(text),
        "fuzziness": errors,
        "prefix_length": 0 if is_any else 1,
        "max_expansions": _MOST_ALIKE,
    }
    alike = some(*({"fuzzy": {mapping.prefixes_field(field) if is_prefix else str(field): fuzzy}} for field in _TEXTS))
    longest = None if is_prefix else len(text) + errors
    listing = Listing(_TEXTS, "" if is_any else text[0], len(text) - errors, longest)
    return await listing.terms(cluster, index, every(*conditions, alike))


def alike(word: Typed, terms: Collection[str]) -> Mapping[str, int]:
    """The terms, or beginnings of terms, that a word may be misspelt for, with the number of errors in each."""
    text, is_prefix = word
    if is_prefix:
        errors = typos_allowed(text)
        lengths = range(max(1, len(text) - errors), len(text) + errors + 1)
        terms = {term[:length] for term in terms for length in lengths if len(term) >= length}
    listed = sorted(terms)
    return {listed[place]: errors for place, errors in misspellings(text, listed)}


def counting_search(forms: Sequence[str], is_prefix: bool, conditions: Sequence[Clause]) -> Body:  # noqa: FBT001
    """The search for the number of articles that have each form in each text."""
    filters = [
        {"term": {mapping.prefixes_field(field) if is_prefix else str(field): form}}
        for form in forms
        for field in _TEXTS
    ]
    aggregations = {"postings": {"filters": {"filters": filters}}}
    return {"size": 0, "track_total_hits": False, "query": every(*conditions), "aggs": aggregations}


def corrections(errors_in: Mapping[str, int], answer: Body) -> list[tuple[int, str]]:
    """The best of these forms, by the articles that have them."""
    counts = [bucket["doc_count"] for bucket in answer["aggregations"]["postings"]["buckets"]]
    step = len(_TEXTS)
    forms = [*errors_in]
    postings = (sum(counts[place * step : (place + 1) * step]) for place in range(len(forms)))
    return best_corrections([(errors_in[form], count, form) for form, count in zip(forms, postings, strict=True)])
