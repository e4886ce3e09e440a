"""Articles that a build adds and gives up again, against a dictionary."""

from itertools import compress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.whoosh_engine.writing.additions import Additions
from tests.samples import plain
from tests.strategies import KEYS

FEW_WORDS = 12
"""So many that a run has a few articles."""


@given(st.lists(st.tuples(st.sampled_from(KEYS), st.booleans()), max_size=25))
def test_what_was_added_and_not_given_up_is_to_be_merged(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("index")
    additions, expected = Additions(folder, "english", most_words=FEW_WORDS), dict[str, None]()
    for key, is_added in steps:
        assert additions.delete(key) == (key in expected)
        expected.pop(key, None)
        if is_added:
            additions.add(plain(key))
            expected[key] = None
        assert len(additions) == len(expected)
    left = [key for source in additions.sources() for key in compress(source.contents.keys, source.live.tolist())]
    assert left == [*expected]
    additions.close()
    assert [*folder.iterdir()] == []


def test_runs_leave_no_name_that_a_killed_build_could_leave_behind(tmp_path: Path) -> None:
    additions = Additions(tmp_path, "english", most_words=FEW_WORDS)
    for key in KEYS:
        additions.add(plain(key))
    assert len([*additions.sources()]) > 1
    assert [*tmp_path.iterdir()] == []
    additions.close()
