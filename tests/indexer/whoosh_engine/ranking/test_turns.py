"""The order in which providers take turns."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.whoosh_engine.ranking.turns import best_first

SCORES = st.sampled_from([0.0, -0.0, 1e-45, 1e-38, 0.1, 0.5, 0.5000001, 1.0, 3.0, 1e30]) | st.floats(
    0, 2.0**100, width=32
)


@given(st.lists(SCORES), st.randoms(use_true_random=False))
@pytest.mark.parametrize("type_", [np.float32, np.int64])
def test_the_best_come_first_and_ties_go_by_key(type_: type, numbers: list[float], random: Random):
    keys = random.sample(range(len(numbers)), len(numbers))
    scores = np.array(numbers if type_ is np.float32 else [int(number) % 2**40 for number in numbers], dtype=type_)
    expected = sorted(range(len(numbers)), key=lambda index: (-scores[index], keys[index]))
    assert best_first(scores, np.array(keys, dtype=np.int32)).tolist() == expected
