"""Entries brought together group by group, against plain lists."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.whoosh_engine.writing.interleaving import Interleaving

GROUPS = 5
sources = st.lists(
    st.dictionaries(st.integers(0, GROUPS - 1), st.lists(st.integers(0, 999), max_size=4)), min_size=1, max_size=4
)


@given(sources)
def test_entries_lie_by_group_and_then_by_source(entries: list[dict[int, list[int]]]) -> None:
    ordered = [dict(sorted(source.items())) for source in entries]
    starts = [np.cumsum([0, *map(len, source.values())]) for source in ordered]
    columns = [np.array([one for group in source.values() for one in group], dtype=np.int32) for source in ordered]
    expected = [[one for source in entries for one in source.get(group, [])] for group in range(GROUPS)]
    order = Interleaving([[*source] for source in ordered], starts, GROUPS)
    assert order.starts.tolist() == np.cumsum([0, *map(len, expected)]).tolist()
    assert order.joined(columns).tolist() == [one for group in expected for one in group]
    assert order.joined(columns).dtype == np.int32


def test_the_type_is_one_that_holds_the_entries_of_all_sources() -> None:
    order = Interleaving([[0], [0]], [np.array([0, 1]), np.array([0, 2])], 1)
    joined = order.joined([np.array([7], dtype=np.uint8), np.array([300, 8], dtype=np.uint16)])
    assert (joined.dtype, joined.tolist()) == (np.uint16, [7, 300, 8])
