"""The state of a build, as bytes and back."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.content.build_state import FileState, Version, decoded, encoded
from indexer.content.scan import Stamp
from indexer.errors import ContentProblem, IndexUnreadable, Severity

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
versions = st.builds(Version, texts, texts, st.booleans())
numbers = st.integers(-(2**62), 2**62)
problems = st.builds(
    ContentProblem,
    path=texts,
    line=st.integers(1, 99),
    column=st.integers(1, 99),
    field=texts,
    reason=texts,
    remedy=texts,
    severity=st.sampled_from(Severity),
)
states = st.builds(
    FileState,
    stamp=st.none() | st.builds(Stamp, numbers, numbers, numbers, numbers),
    current=versions,
    location=st.tuples(st.integers(1, 99), st.integers(1, 99)),
    indexed=st.none() | versions,
    problems=st.lists(problems, max_size=2).map(tuple),
)


PROBLEM = {"path": "a", "line": 1, "column": 1, "field": "", "reason": "", "remedy": "", "severity": "error"}
STATE = FileState(stamp=None, current=Version("1", "https://a.example"), location=(1, 1), indexed=None)


def damaged(**parts: object) -> bytes:
    """The state of one file with some of its parts replaced."""
    return orjson.dumps({**orjson.loads(encoded({"a": STATE})), **parts})


@given(st.dictionaries(texts, states, max_size=3))
def test_the_state_comes_back_as_it_was(files: dict[str, FileState]) -> None:
    assert decoded(encoded(files)) == files


def test_before_the_first_build_nothing_is_known() -> None:
    assert decoded(b"") == {}


@given(st.dictionaries(texts, states, max_size=3))
def test_of_another_format_only_the_paths_are_known(files: dict[str, FileState]) -> None:
    other = orjson.dumps({"format": 0, "files": {path: {"what": "ever"} for path in files}})
    known = decoded(other)
    assert known.keys() == files.keys()
    assert not any(state.is_read or state.indexed or state.is_refused for state in known.values())


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"format":1}',
        b'{"format":5}',
        b'{"format":5,"files":[]}',
        b'{"format":5,"files":{"a":"1"}}',
        damaged(web_urls=[]),
        damaged(stamps=[[1], [1]]),
        damaged(stamps=[[1]]),
        damaged(drafts=None),
        damaged(lines=None),
        damaged(indexed={"b": None}),
        damaged(indexed={"a": ["1"]}),
        damaged(indexed=[]),
        damaged(problems={"b": []}),
        damaged(problems={"a": [{"path": "a"}]}),
        damaged(problems={"a": [{**PROBLEM, "severity": "grave"}]}),
    ],
)
def test_a_damaged_state_is_an_unreadable_index_with_a_remedy(data: bytes) -> None:
    with pytest.raises(IndexUnreadable, match="build it anew"):
        decoded(data)


def test_what_the_damaged_states_are_made_of_is_not_damaged() -> None:
    assert decoded(damaged()) == {"a": STATE}


def test_a_file_is_refused_while_what_it_holds_is_not_what_is_indexed() -> None:
    one, other, unfit = Version("1", "https://a.example"), Version("2", "https://b.example"), Version("3", "")
    state = FileState(stamp=None, current=one, location=(1, 1), indexed=None)
    assert state.is_refused
    assert state._replace(indexed=other).is_refused
    assert not state._replace(indexed=one).is_refused
    assert not state._replace(current=unfit, indexed=one).is_refused
