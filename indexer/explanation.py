"""Why an article stands where it does in a list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The parts of a score, which add up to it: what the words count in each field, and what else was weighed.

    `nearness` is for words of the query that stand near each other. A score is a sum in single precision, so that the
    parts may miss it in the sixth digit.
    """

    score: float
    title: float = 0.0
    excerpt: float = 0.0
    topic: float = 0.0
    provider: float = 0.0
    nearness: float = 0.0
    recency: float = 0.0
    quality: float = 0.0
    heat: float = 0.0
