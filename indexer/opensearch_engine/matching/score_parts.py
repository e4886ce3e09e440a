"""The parts of scores: how much of a score comes from each field, and from words near each other.

One script looks every frequency up, in each article that it is asked about: it is for the articles of a page.
"""

from collections.abc import Sequence

from indexer.opensearch_engine.matching.query_clauses import QueryClauses, sent_term
from indexer.opensearch_engine.matching.scores import field_norm, script_score, telling_pairs
from indexer.opensearch_engine.matching.view import Clause
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.document import pair_term
from indexer.query.tree import SEARCHED, Prefix, Query, TextField, Word
from indexer.scoring.bm25f import FIELD_WEIGHTS, OTHER_FORM, SATURATION, Statistics
from indexer.scoring.pairs import Pair
from indexer.scoring.scored_words import ScoredWord, scored_words

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


class ScoreParts:
    """A query, and what each part of an article adds to its score."""

    def __init__(self, query: Query, statistics: Statistics, clauses: QueryClauses) -> None:
        self._clauses = clauses
        self._statistics = statistics
        words = [*scored_words(query)]
        self._pairs = [*map(self._pair, telling_pairs(words, statistics))]
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
        return script_score(matches, _WORDS, params)

    def _word(self, leaf: Word | Prefix) -> Clause:
        word = leaf.term if isinstance(leaf, Word) else leaf.prefix
        return {
            "term": sent_term(word),
            "stem": self._clauses.stem(word) if isinstance(leaf, Word) else None,
            "rarity": leaf.weight * self._statistics.rarity(leaf.name),
            "fields": [self._field(field) for field in leaf.fields],
        }

    def _field(self, field: TextField) -> Clause:
        norm = field_norm(field, self._statistics)
        names = {
            "terms": field,
            "stems": mapping.stems_field(field),
            "prefixes": mapping.prefixes_field(field),
            "weight": FIELD_WEIGHTS[field].weight,
            "length": None,
        }
        return names if norm is None else {**names, **norm._asdict()}

    def _pair(self, pair: Pair) -> Clause:
        first, second = pair.first, pair.second
        fields = [{"pairs": mapping.pairs_field(field), "weight": FIELD_WEIGHTS[field].weight} for field in SEARCHED]
        return {
            "term": pair_term(self._clauses.stem(first.term), self._clauses.stem(second.term), pair.gap),
            "rarity": self._statistics.pair_weight(first.name, second.name),
            "fields": fields,
        }
