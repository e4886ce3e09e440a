"""The file of synonyms, read and checked."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.content import synonyms_file
from indexer.content.synonyms_file import MAX_ALTERNATIVES, MAX_BYTES, MAX_ENTRIES, MAX_WORDS, UnusableSynonyms, load
from indexer.errors import Severity
from indexer.query.synonyms import NO_SYNONYMS, Synonyms

SOUND = """\
# Texts that people type.
groups:
  - [AI, artificial intelligence]
  - - NO
    - Norway
one_way:
  vw: [volkswagen]
"""


def file_with(folder: Path, text: str) -> Path:
    path = folder / "words.yaml"
    path.write_text(text, "utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    """The problems as they are printed, without the folder."""
    return [str(problem).removeprefix(f"{folder}/") for problem in synonyms_file.read(file_with(folder, text)).problems]


def test_groups_and_one_way_lists_are_read(tmp_path: Path) -> None:
    expected = Synonyms.of([["AI", "artificial intelligence"], ["NO", "Norway"]], {"vw": ["volkswagen"]})
    assert load(file_with(tmp_path, SOUND)) == expected
    assert problems(tmp_path, SOUND) == []


@pytest.mark.parametrize("text", ["groups:\n", "one_way: {}\n", "groups: []\none_way: ~\n"])
def test_a_file_may_have_nothing_yet(tmp_path: Path, text: str) -> None:
    assert synonyms_file.read(file_with(tmp_path, text)) == (NO_SYNONYMS, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: error: the file of synonyms is empty; write groups or one_way into it, or remove it"),
        ("- a\n", "1:1: error: the file of synonyms is not a mapping; write it as lines of `field: value`"),
        (
            "groups: [a, b]\n",
            "1:10: error: groups[0]: is not a list of words; write it in brackets, like [AI, artificial intelligence]",
        ),
        (
            "groups: AI\n",
            "1:9: error: groups: is not a list; write each group as a line `- [AI, artificial intelligence]`",
        ),
        ("groups:\n  - [a]\n", "2:5: error: groups[0]: has one entry; add what means the same, or remove it"),
        (
            "groups:\n  - [a, '!?']\n",
            "2:9: error: groups[0]: has an entry without a word; write text, in double quotes if YAML reads it else",
        ),
        (
            "groups:\n  - [a, [b]]\n",
            "2:9: error: groups[0]: has an entry without a word; write text, in double quotes if YAML reads it else",
        ),
        ("one_way: [a]\n", "1:10: error: one_way: is not a mapping; write lines like `vw: [volkswagen]`"),
        (
            "one_way:\n  vw: volkswagen\n",
            "2:7: error: one_way.vw: is not a list of words; write it in brackets, like [AI, artificial intelligence]",
        ),
        (
            "one_way:\n  vw: [a]\n  vw: [b]\n",
            "3:3: error: one_way: vw is given twice, in lines 2 and 3; keep one of them",
        ),
        (
            "groups:\n  - [#a, b]\n",
            (
                "2:6: error: groups: not YAML: while parsing a flow node, did not find expected node content; "
                "put the entry in double quotes, because # begins a comment"
            ),
        ),
        (
            "groups:\n  - - a #1\n    - b\n",
            (
                "2:9: warning: groups: a comment begins here, which is no part of the value; "
                "put the value in double quotes, or write a space after the # of a comment"
            ),
        ),
        ("group:\n  - [a, b]\n", "1:1: warning: group: is not a known field; did you mean groups?"),
        ("one-way:\n  a: [b]\n", "1:1: warning: one-way: is not a known field; did you mean one_way?"),
        ("words: x\n", "1:1: warning: words: is not a known field; remove it; groups and one_way are known"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_remedy(tmp_path: Path, text: str, expected: str) -> None:
    assert f"words.yaml:{expected}" in problems(tmp_path, text)


def test_all_mistakes_are_found_in_one_go_in_order(tmp_path: Path) -> None:
    found = problems(tmp_path, "one_way:\n  a: b\n  '!': [c]\ngroups:\n  - [x]\n  - y\nmore: 1\n")
    assert [line.partition(" ")[0] for line in found] == [
        f"words.yaml:{place}:" for place in ("2:6", "3:3", "5:5", "6:5", "7:1")
    ]


def test_a_file_with_an_error_gives_no_synonyms_and_one_with_a_warning_does(tmp_path: Path) -> None:
    broken = file_with(tmp_path, "groups:\n  - [a, b]\n  - [c]\n")
    assert synonyms_file.read(broken).synonyms == NO_SYNONYMS
    with pytest.raises(UnusableSynonyms, match=r"words\.yaml:3:5: error: groups\[1\]: has one entry; add"):
        load(broken)
    doubtful = file_with(tmp_path, "groups:\n  - [a, b]\nmore: 1\n")
    assert [problem.severity for problem in synonyms_file.read(doubtful).problems] == [Severity.WARNING]
    assert load(doubtful) == Synonyms.of([["a", "b"]])


@pytest.mark.parametrize(
    ("within", "beyond", "said"),
    [
        (f"groups:\n- [x, {'a ' * MAX_WORDS}]\n", f"groups:\n- [x, {'a ' * (MAX_WORDS + 1)}]\n", "9 words"),
        (
            f"groups:\n- [{', '.join(map(str, range(MAX_ALTERNATIVES + 1)))}]\n",
            f"groups:\n- [{', '.join(map(str, range(MAX_ALTERNATIVES + 2)))}]\n",
            "22 entries",
        ),
        (
            f"one_way: {{a: [x, y], A: [{', '.join(map(str, range(MAX_ALTERNATIVES - 2)))}]}}\n",
            f"one_way: {{a: [x, y], A: [{', '.join(map(str, range(MAX_ALTERNATIVES - 1)))}]}}\n",
            "1:22: error: a: finds 21 others",
        ),
        ("groups:\n" + "- [a, b]\n" * MAX_ENTRIES, "groups:\n" + "- [a, b]\n" * (MAX_ENTRIES + 1), "10,000 groups"),
        ("groups: []".ljust(MAX_BYTES), "groups: []".ljust(MAX_BYTES + 1), "4,000,000 bytes"),
    ],
    ids=["words", "entries", "others", "groups", "bytes"],
)
def test_limits_hold_to_the_last_one_allowed(tmp_path: Path, within: str, beyond: str, said: str) -> None:
    assert problems(tmp_path, within) == []
    assert any(said in line for line in problems(tmp_path, beyond))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableSynonyms, match=r"nowhere\.yaml:1:1: error: cannot be read: No such file"):
        load(tmp_path / "nowhere.yaml")


values = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from(("groups", "one_way", "a")), below),
)


@given(st.binary(max_size=80) | values.map(lambda value: f"groups: {value!r}\none_way: {value!r}\n".encode()))
def test_no_file_does_anything_but_read_or_be_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(data)
    synonyms, found = synonyms_file.read(path)
    assert not synonyms or all(problem.severity is Severity.WARNING for problem in found)
    assert all(problem.line >= 1 and problem.column >= 1 and problem.remedy for problem in found)
