"""Completions of a typed text in a cluster: titles, topics, providers and words, found by two searches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any, NamedTuple

from indexer.opensearch_engine.matching.query_clauses import QueryClauses, sent_term
from indexer.opensearch_engine.matching.view import Clause, every, some
from indexer.opensearch_engine.searching.listing import quoted
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.cluster import Body
from indexer.opensearch_engine.storage.document import phrase, phrase_of_provider
from indexer.query.tree import TextField, Word
from indexer.search.filters import TermField
from indexer.search.suggestions import SuggestionKind
from indexer.text.analysis import BOUNDARY, parted_terms
from indexer.text.typed_prefix import TypedPrefix
from indexer.understanding.suggesting import FEWEST_ARTICLES, HALF_LIFE, SHORTEST_PREFIX, Completion

_MOST = 200  # completions of a kind that are compared
_MOST_NAMES = 3_000  # topics or providers of articles that have a typed word
_MOST_WORDS = 100
_MOST_TYPED = 100  # words that are looked for; whether all are there is seen in what is found
_KINDS = (SuggestionKind.TITLE, SuggestionKind.TOPIC, SuggestionKind.PROVIDER)
_NAME_FIELDS: Mapping[SuggestionKind, str] = {
    SuggestionKind.TITLE: mapping.TITLE_PHRASE,
    SuggestionKind.TOPIC: mapping.value_field(TermField.TOPIC),
    SuggestionKind.PROVIDER: mapping.value_field(TermField.PROVIDER),
}
"""The fields whose values are the names of completions."""


class Candidates(NamedTuple):
    """Candidates for a typed text: names of completions by kind, those that begin with it, and words."""

    names: Mapping[SuggestionKind, Sequence[str]]
    leading: Mapping[SuggestionKind, frozenset[str]]
    words: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Completions of a typed text, best first. `counts` has the articles that a search for each word finds."""

    leading: Mapping[SuggestionKind, Sequence[Completion]]
    elsewhere: Mapping[SuggestionKind, Sequence[Completion]]
    words: Sequence[str]
    counts: Mapping[str, int]


class Finder:
    """Writes the searches for a typed text among articles that meet some conditions, and reads their answers."""

    def __init__(self, clauses: QueryClauses, searched: tuple[TextField, ...]) -> None:
        """Take the clauses of the index, and the fields of words without one."""
        self._clauses = clauses
        self._searched = searched

    def candidate_searches(self, typed: TypedPrefix, conditions: Sequence[Clause]) -> list[Body]:
        """The searches for candidates: titles that begin with the text, and elsewhere, topics, providers, words."""
        beginning = {"prefix": {mapping.TITLE_PHRASE: _sent(typed)}}
        having = _having(typed, TextField.TITLE)
        return [
            _titles([*conditions, beginning]),
            _titles([*conditions, having]),
            _names([*conditions, _having(typed, TextField.TOPIC)], _NAME_FIELDS[SuggestionKind.TOPIC]),
            _names([*conditions, _having(typed, TextField.PROVIDER)], mapping.PROVIDER_PHRASES),
            self._words(typed, conditions),
        ]

    def candidates(self, typed: TypedPrefix, answers: Sequence[Body]) -> Candidates:
        """The candidates in the answers, without those that only seemed to fit."""
        titles = {name: name for answer in answers[:2] for name in _title_names(answer)}
        topics = {name: phrase(parted_terms(name)) or "" for name in _keys(answers[2], "names")}
        of_kind: dict[SuggestionKind, Iterable[tuple[str, str]]] = {
            SuggestionKind.TITLE: titles.items(),
            SuggestionKind.TOPIC: topics.items(),
            SuggestionKind.PROVIDER: [
                (domain, terms) for terms, domain in map(phrase_of_provider, _keys(answers[3], "names"))
            ],
        }
        fitting = {
            kind: [(name, terms[:-1]) for name, terms in named if typed.is_among((terms[:-1],))][: 2 * _MOST]
            for kind, named in of_kind.items()
        }
        begins = {
            kind: frozenset(name for name, terms in named if typed.begins(terms)) for kind, named in fitting.items()
        }
        words = {word for field in self._searched for word in _keys(answers[4], field)}
        return Candidates(
            {kind: [*dict.fromkeys(name for name, _ in named)] for kind, named in fitting.items()},
            begins,
            sorted(word for word in words if len(word) > 1 and not word.isdecimal()),
        )

    def counting_searches(self, candidates: Candidates, conditions: Sequence[Clause]) -> list[Body]:
        """The search that counts the articles of all candidates, and finds the time of the newest."""
        kinds = {
            str(kind): {
                "terms": {"field": _NAME_FIELDS[kind], "include": [*names], "size": len(names)},
                "aggs": {"newest": {"max": {"field": mapping.PUBLISHED_AT}}},
            }
            for kind, names in candidates.names.items()
            if names
        }
        exact = [self._clauses.exactly(word, self._searched) for word in candidates.words]
        forms = [self._clauses.clause(Word(word, self._searched)) for word in candidates.words]
        words: dict[str, Any] = {"words": {"filters": {"filters": [*exact, *forms]}}} if exact else {}
        return [{"size": 0, "track_total_hits": False, "query": every(*conditions), "aggs": kinds | words}]

    def found(self, candidates: Candidates, answers: Sequence[Body]) -> Found:
        """The candidates in order, as the counts tell."""
        counted = answers[0].get("aggregations", {})
        ranked = {kind: _ranked(kind, counted) for kind in _KINDS}
        counts = [bucket["doc_count"] for bucket in counted.get("words", {}).get("buckets", ())]
        exact = dict(zip(candidates.words, counts, strict=False))
        forms = dict(zip(candidates.words, counts[len(exact) :], strict=True))
        frequent = [word for word in candidates.words if exact[word] >= FEWEST_ARTICLES]
        leading = candidates.leading
        return Found(
            {kind: [one for one in ranked[kind] if one.name in leading[kind]] for kind in _KINDS},
            {kind: [one for one in ranked[kind] if one.name not in leading[kind]] for kind in _KINDS},
            sorted(frequent, key=lambda word: (-exact[word], word)),
            forms,
        )

    def _words(self, typed: TypedPrefix, conditions: Sequence[Clause]) -> Body:
        """The search for words that begin with the text."""
        if typed.words or len(typed.prefix) < SHORTEST_PREFIX:
            return {"size": 0, "query": {"match_none": {}}}
        prefix = sent_term(typed.prefix)
        fields = {
            str(field): {
                "terms": {
                    "field": mapping.vocabulary_field(field),
                    "include": f"{quoted(prefix)}.*",
                    "size": _MOST_WORDS,
                }
            }
            for field in self._searched
        }
        having = some(*({"term": {mapping.prefixes_field(field): prefix}} for field in self._searched))
        return {"size": 0, "track_total_hits": False, "query": every(*conditions, having), "aggs": fields}


def newest_searches(completions: Sequence[Completion], conditions: Sequence[Clause]) -> list[Body]:
    """The searches for the newest article of each completion; ties by key."""
    return [
        {
            "size": 1,
            "track_total_hits": False,
            "query": every(*conditions, {"term": {_NAME_FIELDS[completion.kind]: completion.name}}),
            "sort": [{mapping.PUBLISHED_AT: "desc"}, {mapping.KEY: "asc"}],
            "_source": [mapping.ARTICLE],
        }
        for completion in completions
    ]


def _having(typed: TypedPrefix, field: TextField) -> Clause:
    """The clause of articles that have all typed words in a field, in any order; of very many words, the first."""
    whole = [word for word in dict.fromkeys(typed.words) if word != BOUNDARY][:_MOST_TYPED]
    clauses: list[Clause] = [{"term": {str(field): sent_term(word)}} for word in whole]
    if typed.prefix:
        clauses.append({"term": {mapping.prefixes_field(field): sent_term(typed.prefix)}})
    return every(*clauses)


def _titles(conditions: Sequence[Clause]) -> Body:
    """The search for the newest titles, and for those of most articles."""
    names = {"terms": {"field": mapping.TITLE_PHRASE, "size": _MOST, "min_doc_count": 2, "shard_min_doc_count": 1}}
    return {
        "size": _MOST,
        "track_total_hits": False,
        "query": every(*conditions),
        "sort": [{mapping.PUBLISHED_AT: "desc"}],
        "_source": False,
        "docvalue_fields": [mapping.TITLE_PHRASE],
        "aggs": {"names": names},
    }


def _names(conditions: Sequence[Clause], field: str) -> Body:
    names = {"terms": {"field": field, "size": _MOST_NAMES}}
    return {"size": 0, "track_total_hits": False, "query": every(*conditions), "aggs": {"names": names}}


def _title_names(answer: Body) -> list[str]:
    newest = [name for hit in answer["hits"]["hits"] for name in hit.get("fields", {}).get(mapping.TITLE_PHRASE, ())]
    return [*newest, *_keys(answer, "names")]


def _keys(answer: Body, name: str) -> list[str]:
    return [bucket["key"] for bucket in answer.get("aggregations", {}).get(name, {}).get("buckets", ())]


def _ranked(kind: SuggestionKind, counted: Body) -> list[Completion]:
    buckets = counted.get(str(kind), {}).get("buckets", ())
    completions = [
        Completion(kind, each["key"], each["doc_count"], log2(each["doc_count"]) + each["newest"]["value"] / HALF_LIFE)
        for each in buckets
    ]
    return sorted(completions, key=lambda one: (-one.popularity, one.name))


def _sent(typed: TypedPrefix) -> str:
    """The typed text as titles that begin with it do."""
    words = phrase(typed.words) or ""
    return f"{words}{sent_term(typed.prefix)}"
