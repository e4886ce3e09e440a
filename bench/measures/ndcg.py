"""Normalised discounted cumulative gain: how good a ranking is, by what people judged relevant.

K. Järvelin, J. Kekäläinen, Cumulated Gain-Based Evaluation of IR Techniques, TOIS 2002; gains as in C. Burges et al.,
Learning to Rank Using Gradient Descent, ICML 2005.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

DEPTH = 10


def ndcg(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """The measure at 10, from 0 to 1, of documents in order, given the grades of those judged; others have 0."""
    ideal = _discounted(sorted(grades.values(), reverse=True))
    return _discounted(grades.get(document, 0) for document in ranking) / ideal if ideal else 0.0


def _discounted(grades: Iterable[int]) -> float:
    """Gains of 2^grade - 1, the later the less."""
    places = zip(range(DEPTH), grades, strict=False)
    return sum((2 ** max(grade, 0) - 1) / math.log2(place + 2) for place, grade in places)
