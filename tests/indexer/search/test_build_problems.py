"""The problems that a build leaves with its index: counted, the first ones kept, and none too long."""

import pytest

from indexer.errors import ContentProblem, Severity
from indexer.search.build_problems import MOST_CHARACTERS, MOST_LISTED, NO_PROBLEMS, BuildProblems


def problem(path: str, severity: Severity = Severity.ERROR) -> ContentProblem:
    return ContentProblem(path=path, reason="is wrong", remedy="mend it", severity=severity)


def test_without_a_problem_there_is_nothing_to_tell() -> None:
    assert BuildProblems.of([]) == NO_PROBLEMS
    assert NO_PROBLEMS.count == 0


def test_all_are_counted_and_the_first_by_path_are_listed_errors_before_warnings() -> None:
    warnings = [problem(f"w{number:03}", Severity.WARNING) for number in range(MOST_LISTED)]
    errors = [problem(f"e{number}") for number in range(3)]
    problems = BuildProblems.of([*reversed(warnings), *errors])
    assert (problems.errors, problems.warnings, problems.count) == (3, MOST_LISTED, MOST_LISTED + 3)
    assert problems.listed == (*errors, *warnings[:-3])


def test_no_text_is_longer_than_one_reads() -> None:
    texts = {name: name[0] * 10_000 for name in ("path", "field", "reason", "remedy")}
    [listed] = BuildProblems.of([ContentProblem(**texts)]).listed
    for name, text in texts.items():
        assert getattr(listed, name) == text[: MOST_CHARACTERS - 1] + "…"


def test_they_come_back_as_they_were() -> None:
    problems = BuildProblems.of([problem("a.md"), problem("ü\n.md", Severity.WARNING)])
    assert BuildProblems.decoded(problems.encoded()) == problems


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"1", b'{"errors":1,"warnings":0,"listed":[{}]}'])
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="not the problems of a build"):
        BuildProblems.decoded(data)
