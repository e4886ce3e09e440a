"""Why one article is not among what a search finds, or where it stands there."""

import numpy as np

from indexer.filters import Filter
from indexer.whoosh_engine.conditions import matching
from indexer.whoosh_engine.open_segment import OpenSegment
from indexer.whoosh_engine.searching import Search
from indexer.why_not import WhyNot, failed, unmatched


def why_not(search: Search, one: OpenSegment, *, place: int, document: int) -> WhyNot:
    """What keeps out a visible document of `one`, the segment at `place`, or its rank."""

    def holds(condition: Filter) -> bool:
        return bool(matching(condition, one.segment)[document])

    alone = np.array([document], dtype=np.int32)
    return WhyNot(
        rank=search.rank(place, document),
        unmatched=tuple(unmatched(search.query, lambda query: bool(one.matcher.holds(query, alone)[0]))),
        failed=tuple(failed(search.condition, holds)),
    )
