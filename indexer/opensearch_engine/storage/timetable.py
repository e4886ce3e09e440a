"""The times at which articles of a generation appear, as far as they are known."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.cluster import Body

MOST_TIMES = 1_000
"""In each direction of the present."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """The ascending `times` of all articles that are published from `start` until before `end`.

    All are in microseconds since 1970; `start` and `end` may be infinite.
    """

    times: Sequence[int]
    start: float
    end: float

    def knows(self, now: int) -> bool:
        """Tell whether it is known which articles have appeared last at a clock, and will appear next."""
        return self.start <= now < self.end

    def last(self, now: int) -> int | None:
        """The time of the newest article that is visible at a clock; None where none is."""
        count = bisect_right(self.times, now)
        return self.times[count - 1] if count else None

    def next(self, now: int) -> int | None:
        """The time of the next article that will be visible; None where none will be."""
        count = bisect_right(self.times, now)
        return self.times[count] if count < len(self.times) else None


def timetable_searches(clauses: Sequence[Body], now: int) -> list[dict[str, Any]]:  # Any: JSON
    """The searches for the times around the present, of documents that meet some clauses."""
    return [_search(clauses, {"lte": now}, "desc"), _search(clauses, {"gt": now}, "asc")]


def timetable(past: Body, future: Body) -> Timetable:
    """The timetable that the answers to these searches tell."""
    before, after = _times(past), _times(future)
    start = before[-1] if len(before) == MOST_TIMES else -inf
    end = after[-1] if len(after) == MOST_TIMES else inf
    return Timetable(sorted({time for time in (*before, *after) if time != end}), start, end)


def _search(clauses: Sequence[Body], times: Body, order: str) -> dict[str, Any]:  # Any: JSON
    return {
        "size": MOST_TIMES,
        "_source": False,
        "track_total_hits": False,
        "query": {"bool": {"filter": [*clauses, {"range": {mapping.PUBLISHED_AT: times}}]}},
        "sort": [{mapping.PUBLISHED_AT: order}],
    }


def _times(answer: Body) -> list[int]:
    return [hit["sort"][0] for hit in answer["hits"]["hits"]]
