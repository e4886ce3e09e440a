"""Segments that a build takes up into its own."""

import math
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.whoosh_engine.writing.merge_policy import absorbed

MOST_SEGMENTS = 10


@dataclass
class Index:
    """Sizes of segments, and how often the article that was rewritten most often in each has been written."""

    segments: list[tuple[int, int]] = field(default_factory=list)

    def commit(self, added: int) -> None:
        chosen = set(absorbed([size for size, _ in self.segments], added))
        taken = [self.segments[place] for place in chosen]
        self.segments = [segment for place, segment in enumerate(self.segments) if place not in chosen]
        size = added + sum(size for size, _ in taken)
        if size:
            self.segments.append((size, 1 + max((times for _, times in taken), default=0)))


@pytest.mark.parametrize("added", [1, 7])
def test_over_many_small_builds_there_are_few_segments_and_no_article_is_rewritten_often(added: int) -> None:
    index, most_segments, most_often = Index(), 0, 0
    for count in range(1, 6_000):
        index.commit(added)
        most_segments = max(most_segments, len(index.segments))
        most_often = max(most_often, *(times for _, times in index.segments))
        assert sum(size for size, _ in index.segments) == count * added
        assert len(index.segments) <= 2 + math.log(count, 3)
        assert most_often <= 2 + 2.2 * math.log2(count)
    assert most_segments > 3  # otherwise everything would be rewritten with each build


sizes = st.lists(st.integers(0, 100_000) | st.integers(0, 20), max_size=30)


@given(sizes, st.integers(0, 50_000) | st.integers(0, 5))
def test_what_is_left_is_large_and_never_much(old: list[int], added: int) -> None:
    chosen = absorbed(old, added)
    assert len(set(chosen)) == len(chosen)
    left = [size for place, size in enumerate(old) if place not in chosen]
    written = added + sum(old[place] for place in chosen)
    assert len(left) + 1 <= MOST_SEGMENTS
    assert all(size > 3 * written for size in left)
    assert all(old[place] <= min(left, default=math.inf) for place in chosen)


@given(st.lists(st.integers(0, 3_000) | st.integers(0, 9), max_size=60))
def test_any_builds_keep_few_segments_and_all_articles(commits: list[int]) -> None:
    index = Index()
    for added in commits:
        index.commit(added)
        assert len(index.segments) <= MOST_SEGMENTS
    assert sum(size for size, _ in index.segments) == sum(commits)


def test_large_segments_stay_as_they_are_while_little_is_added() -> None:
    assert absorbed([50_000, 9_000, 1_000], 5) == []
    assert absorbed([50_000, 9_000, 15], 5) == [2]
    assert absorbed([50_000, 61, 15], 5) == [2]
    assert absorbed([50_000, 60, 15], 5) == [2, 1]
    assert absorbed([10**size for size in range(1, 11)], 1) == [0]
    assert absorbed([], 5) == []
