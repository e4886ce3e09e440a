"""Scores in the language of OpenSearch's queries: the formulas of `indexer.scoring`, as scripts of term frequencies.

The scripts never change, and all numbers are parameters, so that each node compiles them once. Nothing in a score comes
from a node's own statistics: an article has the same score on every copy of its shard.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from indexer.columns.numbers import length_column
from indexer.opensearch_engine.matching.query_clauses import QueryClauses, sent_term
from indexer.opensearch_engine.matching.view import Clause
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.document import pair_term
from indexer.query.tree import SEARCHED, WITH_BODY, Prefix, Query, TextField, Word
from indexer.scoring.bm25f import FIELD_WEIGHTS, OTHER_FORM, PAIR_WEIGHT, SATURATION, Statistics
from indexer.scoring.pairs import Pair, pairs
from indexer.scoring.scored_words import ScoredWord, scored_words
from indexer.scoring.weights import BEST_QUALITY, HOUR, WARM, Weighing
from indexer.search.filters import NumberField

NEARNESS = "nearness"
PARTS = (*TextField, NEARNESS)
"""The parts of the score of words, as `Explanation` names them."""

_WORDS = """
double total = 0;
for (def word : params.words) {
  double frequency = 0;
  double share = 0;
  for (def field : word.fields) {
    double count;
    if (word.stem == null) {
      count = termFreq(field.prefixes, word.term);
    } else {
      int all = termFreq(field.stems, word.stem);
      if (all == 0) continue;
      int exact = termFreq(field.terms, word.term);
      count = exact + params.other_form * (all - exact);
    }
    if (count == 0) continue;
    double norm = field.weight;
    if (field.length != null) norm /= field.base + field.slope * doc[field.length].value;
    frequency += count * norm;
    if (params.part == field.terms) share += count * norm;
  }
  if (frequency > 0) {
    double added = word.rarity * frequency / (params.saturation + frequency);
    total += params.part == null ? added : added * share / frequency;
  }
}
if (params.part == null || params.part == params.nearness) {
  for (def pair : params.pairs) {
    double frequency = 0;
    for (def field : pair.fields) frequency += field.weight * termFreq(field.pairs, pair.term);
    total += pair.rarity * frequency / (params.saturation + frequency);
  }
}
return total;
"""

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
    """A query with all that its words count in a score."""

    def __init__(self, query: Query, statistics: Statistics, clauses: QueryClauses) -> None:
        self._clauses = clauses
        self._statistics = statistics
        words = [*scored_words(query)]
        self._pairs = [*map(self._pair, self._telling(pairs([word.leaf for word in words])))]
        self._groups: dict[Query | None, list[ScoredWord]] = {None: []}
        for word in words:
            self._groups.setdefault(word.condition, []).append(word)

    def clause(self, matches: Clause, *, part: str | None = None) -> Clause:
        """The clause of some matches of the query, which scores them by its words, or by one of `PARTS` alone.

        Words that count under a condition are a clause of their own, which adds to the score where it matches.
        """
        always = self._scored(matches, self._groups[None], self._pairs, part)
        conditions = [
            self._scored(self._clauses.clause(condition), words, [], part)
            for condition, words in self._groups.items()
            if condition is not None
        ]
        return {"bool": {"must": [always], "should": conditions}} if conditions else always

    def _scored(self, matches: Clause, words: Sequence[ScoredWord], near: Sequence[Clause], part: str | None) -> Clause:
        params = {
            "words": [self._word(word.leaf) for word in words],
            "pairs": near,
            "saturation": SATURATION,
            "other_form": OTHER_FORM,
            "nearness": NEARNESS,
            "part": part,
        }
        return _script(matches, _WORDS, params)

    def _word(self, leaf: Word | Prefix) -> Clause:
        word = leaf.term if isinstance(leaf, Word) else leaf.prefix
        return {
            "term": sent_term(word),
            "stem": self._clauses.stem(word) if isinstance(leaf, Word) else None,
            "rarity": leaf.weight * self._statistics.rarity(leaf.name),
            "fields": [self._field(field) for field in leaf.fields],
        }

    def _field(self, field: TextField) -> Clause:
        weight, penalty = FIELD_WEIGHTS[field].weight, FIELD_WEIGHTS[field].length_penalty
        mean = self._statistics.mean_lengths.get(field, 0.0) if field in WITH_BODY else 0.0
        names = {
            "terms": field,
            "stems": mapping.stems_field(field),
            "prefixes": mapping.prefixes_field(field),
            "weight": weight,
        }
        if not mean:
            return {**names, "length": None}
        return {**names, "length": length_column(field), "base": 1 - penalty, "slope": penalty / mean}

    def _telling(self, near: Iterator[Pair]) -> Sequence[Pair]:
        """The pairs of words of which not both are common."""
        is_common = self._statistics.is_common
        return [pair for pair in near if not (is_common(pair.first.name) and is_common(pair.second.name))]

    def _pair(self, pair: Pair) -> Clause:
        first, second = pair.first, pair.second
        rarity = self._statistics.rarity
        return {
            "term": pair_term(self._clauses.stem(first.term), self._clauses.stem(second.term), pair.gap),
            "rarity": PAIR_WEIGHT * (rarity(first.name) + rarity(second.name)),
            "fields": [
                {"pairs": mapping.pairs_field(field), "weight": FIELD_WEIGHTS[field].weight} for field in SEARCHED
            ],
        }


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
    return _script(scored, _WEIGHTS, params)


def _script(matches: Clause, source: str, params: Mapping[str, Any]) -> Clause:
    return {"script_score": {"query": matches, "script": {"source": source, "params": params}}}


def unscored(matches: Clause) -> Clause:
    """The clause of matches without a score of their own."""
    return {"bool": {"filter": [matches]}}
