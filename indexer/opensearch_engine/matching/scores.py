"""Scores in the language of OpenSearch's queries: the formulas of `indexer.scoring`, as scripts of term frequencies.

The scripts never change, and all numbers are parameters, so that each node compiles them once. Nothing in a score comes
from a node's own statistics: an article has the same score on every copy of its shard.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from indexer.columns.numbers import length_column
from indexer.opensearch_engine.matching.query_clauses import QueryClauses, sent_term
from indexer.opensearch_engine.matching.view import Clause, some
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.document import pair_term
from indexer.query.tree import SEARCHED, WITH_BODY, Prefix, Query, TextField, Word, targets
from indexer.scoring.bm25f import FIELD_WEIGHTS, OTHER_FORM, SATURATION, Statistics
from indexer.scoring.pairs import Pair, pairs
from indexer.scoring.scored_words import ScoredWord, scored_words
from indexer.scoring.weights import BEST_QUALITY, HOUR, WARM, Weighing
from indexer.search.filters import NumberField

_IN_FIELD = "return params.weight * _score / (params.base + params.slope * doc[params.length].value);"
_SATURATED = "return params.rarity * _score / (params.saturation + _score);"
_WEIGHTS = """
double total = params.scale * _score;
if (params.recency > 0) {
  double hours = Math.max(params.now - doc[params.published_at].value, 0L) / params.hour;
  total += params.recency * Math.pow(2, -hours / params.half_life);
}
if (params.quality > 0 && doc[params.quality_field].size() > 0) {
  double quality = Math.max(doc[params.quality_field].value, 0);
  total += params.quality * Math.min(quality / params.best_quality, 1);
}
if (params.heat > 0 && doc[params.heat_field].size() > 0) {
  double heat = Math.max(doc[params.heat_field].value, 0);
  total += params.heat * heat / (heat + params.warm);
}
return total;
"""


class ScoredQuery:
    """A query with all that its words count in a score.

    The score of a term is its frequency, by a similarity of the index. Scripts that take it, in each field and for each
    word, so run for the articles alone that have the word.
    """

    def __init__(self, query: Query, statistics: Statistics, clauses: QueryClauses) -> None:
        self._clauses = clauses
        self._statistics = statistics
        self._words = [*scored_words(query)]
        self._pairs = telling_pairs(self._words, statistics)

    @property
    def size(self) -> int:
        """The number of clauses, about: two for each field of a word, and one for a prefix or a pair."""
        words = sum(len(word.leaf.fields) * (2 if isinstance(word.leaf, Word) else 1) for word in self._words)
        conditions = sum(len(targets(word.condition)) for word in self._words if word.condition)
        return words + conditions + len(SEARCHED) * len(self._pairs)

    def clause(self, matches: Clause) -> Clause:
        """The clause of some matches of the query, which scores them by its words.

        Words that count under a condition do so where it matches, too.
        """
        scored = [
            *(self._under(word.condition, self._word(word.leaf)) for word in self._words),
            *map(self._pair, self._pairs),
        ]
        return {"bool": {"filter": [matches], "should": scored}} if scored else unscored(matches)

    def _under(self, condition: Query | None, word: Clause) -> Clause:
        return word if condition is None else {"bool": {"filter": [self._clauses.clause(condition)], "must": [word]}}

    def _word(self, leaf: Word | Prefix) -> Clause:
        params = {"rarity": leaf.weight * self._statistics.rarity(leaf.name), "saturation": SATURATION}
        return script_score(some(*(self._in_field(leaf, field) for field in leaf.fields)), _SATURATED, params)

    def _in_field(self, leaf: Word | Prefix, field: TextField) -> Clause:
        """The clause of a word in one field, which scores articles by its weighted, normalised frequency."""
        norm = field_norm(field, self._statistics)
        if norm is None:
            return self._frequency(leaf, field, FIELD_WEIGHTS[field].weight)
        return script_score(self._frequency(leaf, field, 1.0), _IN_FIELD, norm._asdict())

    def _frequency(self, leaf: Word | Prefix, field: TextField, weight: float) -> Clause:
        """The clause of a word in one field, which scores articles by its frequency; other forms count less."""
        if isinstance(leaf, Prefix):
            return _term(mapping.prefixes_field(field), sent_term(leaf.prefix), weight)
        forms = _term(mapping.stems_field(field), self._clauses.stem(leaf.term), weight * OTHER_FORM)
        return some(forms, _term(str(field), sent_term(leaf.term), weight * (1 - OTHER_FORM)))

    def _pair(self, pair: Pair) -> Clause:
        term = pair_term(self._clauses.stem(pair.first.term), self._clauses.stem(pair.second.term), pair.gap)
        weight = self._statistics.pair_weight(pair.first.name, pair.second.name)
        fields = (_term(mapping.pairs_field(field), term, FIELD_WEIGHTS[field].weight) for field in SEARCHED)
        return script_score(some(*fields), _SATURATED, {"rarity": weight, "saturation": SATURATION})


class FieldNorm(NamedTuple):
    """The penalty for a field's length: the weight of an occurrence is over `base`, and `slope` times the `length`."""

    weight: float
    base: float
    slope: float
    length: str


def field_norm(field: TextField, statistics: Statistics) -> FieldNorm | None:
    """The penalty for the length of a field (see `length_norms`); None where no length counts."""
    mean = statistics.mean_lengths.get(field, 0.0) if field in WITH_BODY else 0.0
    if not mean:
        return None
    weight, penalty = FIELD_WEIGHTS[field].weight, FIELD_WEIGHTS[field].length_penalty
    return FieldNorm(weight, 1 - penalty, penalty / mean, length_column(field))


def telling_pairs(words: Sequence[ScoredWord], statistics: Statistics) -> list[Pair]:
    """The pairs among the words of a query that say something where they are near."""
    found = pairs([word.leaf for word in words])
    return [pair for pair in found if statistics.pair_weight(pair.first.name, pair.second.name)]


def weighed_clause(scored: Clause, weighing: Weighing) -> Clause:
    """The clause of scored matches whose scores other weights are added to."""
    tuning, now, best = weighing
    params = {
        "scale": tuning.text / best if best else 0.0,
        "recency": tuning.recency,
        "quality": tuning.quality,
        "heat": tuning.heat,
        "half_life": tuning.half_life_hours,
        "now": now,
        "hour": float(HOUR),
        "best_quality": BEST_QUALITY,
        "warm": WARM,
        "published_at": mapping.PUBLISHED_AT,
        "quality_field": NumberField.QUALITY,
        "heat_field": NumberField.HEAT,
    }
    return script_score(scored, _WEIGHTS, params)


def _term(field: str, term: str, boost: float) -> Clause:
    return {"term": {field: {"value": term, "boost": boost}}}


def script_score(matches: Clause, source: str, params: Mapping[str, Any]) -> Clause:
    """The clause of matches that a script scores."""
    return {"script_score": {"query": matches, "script": {"source": source, "params": params}}}


def unscored(matches: Clause) -> Clause:
    """The clause of matches without a score of their own."""
    return {"bool": {"filter": [matches]}}
