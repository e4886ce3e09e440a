"""The scores of a page taken apart: what the words count in each field, and what else was weighed."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.query.tree import Query, TextField
from indexer.search.ranking import Tuning
from indexer.search.requests import Explanation
from indexer.whoosh_engine.matching.positions import Pair
from indexer.whoosh_engine.matching.scores import Scorer
from indexer.whoosh_engine.ranking.weights import weighed
from indexer.whoosh_engine.segment.arrays import Documents, Scores
from indexer.whoosh_engine.segment.segment import SegmentArrays

_NEARNESS = "nearness"
_Parts = Mapping[str, NDArray[np.floating]]  # by the names of `Explanation`, one number for each document


class Weighing(NamedTuple):
    """What a search weighs beside the words; `now` is in microseconds since 1970, `best` what the words could score."""

    tuning: Tuning
    now: int
    best: float


class Explainer:
    """Takes the scores of one query in one segment apart."""

    def __init__(self, evaluation: Scorer, query: Query, segment: SegmentArrays, weighing: Weighing | None) -> None:
        """Take what the scores were made with; `weighing` is None where the words alone count."""
        self._evaluation = evaluation
        self._query = query
        self._segment = segment
        self._weighing = weighing

    def explanations(self, documents: Documents, scores: Sequence[float]) -> list[Explanation]:
        """An explanation for each of the documents, which have these scores."""
        parts = self._text_parts(documents)
        if self._weighing:
            parts = self._weighed(parts, documents, self._weighing)
        rows = zip(*(column.tolist() for column in parts.values()), strict=True)
        return [
            Explanation(score=score, **dict(zip(parts, row, strict=True)))
            for score, row in zip(scores, rows, strict=True)
        ]

    def _text_parts(self, documents: Documents) -> _Parts:
        """What words count; a word's share of a field is that of its weighted, normalised occurrences there.

        A word saturates over all fields together, so that only proportions can say which field it owes its score to.
        """
        parts: dict[str, Scores] = {
            name: np.zeros(len(documents), dtype=np.float32) for name in (*TextField, _NEARNESS)
        }
        for source, added in self._evaluation.added(self._query, documents):
            if isinstance(source, Pair):
                parts[_NEARNESS] += added
                continue
            for field, share in self._evaluation.shares(source, documents).items():
                parts[field] += added * share
        return parts

    def _weighed(self, parts: _Parts, documents: Documents, weighing: Weighing) -> _Parts:
        tuning, now, best = weighing
        nothing = np.zeros(len(documents), dtype=np.float32)
        _, recency, quality, heat = weighed(nothing, documents, self._segment, tuning=tuning, now=now, best=best)
        scale = tuning.text / best if best else 0.0
        scaled = {name: column * scale for name, column in parts.items()}
        return {**scaled, "recency": recency, "quality": quality, "heat": heat}
