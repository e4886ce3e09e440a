"""Fields read as what they should be, and what is told of those that are not."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from indexer.content.fields.field_reader import MAX_ITEMS, FieldReader
from indexer.content.fields.field_values import absolute_url, boolean, domain, image_url, integer, timestamp
from indexer.content.markup.frontmatter import read
from indexer.errors import ContentProblem, Severity

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def reader(text: str) -> tuple[FieldReader, list[ContentProblem]]:
    """A reader of a YAML text, and the problems that it will report."""
    problems: list[ContentProblem] = []
    return FieldReader(read(text.encode(), all_yaml=True).mapping, path="a.yaml", problems=problems), problems


def told(problems: list[ContentProblem]) -> list[str]:
    return [str(problem).removeprefix("a.yaml:") for problem in problems]


@pytest.mark.parametrize("text", ["other: 1\n", "x:\n", "x: ~\n", "x: ''\n", "x: ' \t'\n"])
def test_what_is_missing_or_blank_is_nothing(text: str) -> None:
    fields, problems = reader(text)
    assert fields.text("x") is None
    assert [fields.value("x", convert) for convert in (integer, timestamp, absolute_url, boolean)] == [None] * 4
    assert problems == []


@pytest.mark.parametrize("text", ["other: 1\n", "x:\n", "x: []\n"])
def test_a_list_that_is_missing_or_empty_has_no_items(text: str) -> None:
    fields, problems = reader(text)
    assert (fields.names("x"), list(fields.mappings("x")), problems) == ((), [], [])


@pytest.mark.parametrize(
    "required",
    [
        lambda fields: fields.required("x", str, ""),
        lambda fields: fields.required("x", timestamp, EPOCH),
        lambda fields: fields.required("x", absolute_url, ""),
        lambda fields: fields.required("x", image_url, ""),
        lambda fields: fields.required("x", domain, ""),
        lambda fields: fields.required_mapping("x"),
    ],
)
def test_a_required_field_is_told_to_be_missing_or_empty_once(required: Callable[[FieldReader], object]) -> None:
    missing, problems = reader("y: 1\n")
    assert required(missing) is not None
    assert told(problems) == ["1:1: error: x: is missing; add `x:` with a value"]
    empty, problems = reader("y: 1\nx:\n")
    assert required(empty) is not None
    assert told(problems) == ["2:1: error: x: is empty; write a value after `x:`"]


def test_an_unfit_required_field_is_told_once_and_not_as_missing() -> None:
    fields, problems = reader("x: [1]\ny: soon\n")
    fields.required("x", str, "")
    fields.required("y", timestamp, EPOCH)
    assert told(problems) == [
        "1:4: error: x: is not a single value; write it as `x: value`",
        "2:4: error: y: 'soon' is not a date and time; write it like 2020-02-06T01:27:00Z",
    ]


def test_text_is_without_space_around_and_keeps_what_is_within() -> None:
    fields, _ = reader('x: "  Owls\\n\\treturn \\u00a0"\n')
    assert fields.text("x") == "Owls\n\treturn"


def test_names_keep_order_and_first_spelling_and_drop_doubles_and_blanks() -> None:
    fields, problems = reader("x: [NO, ai, ' Machine  Learning ', AI, '', ~, machine learning, 5G, C++, no]\n")
    assert fields.names("x") == ("NO", "ai", "Machine  Learning", "5G", "C++")
    assert problems == []


def test_every_unfit_item_of_a_list_is_told_by_its_number() -> None:
    fields, problems = reader("x: [a, [b], {c: d}]\ny: [{a: 1}, b, ~]\n")
    assert fields.names("x") == ("a",)
    assert len(list(fields.mappings("y"))) == 3
    assert [line.split(";")[0] for line in told(problems)] == [
        "1:8: error: x[1]: is not a text",
        "1:13: error: x[2]: is not a text",
        "2:13: error: y[1]: is not a mapping",
        "2:16: error: y[2]: is not a mapping",
    ]


@pytest.mark.parametrize("count", [MAX_ITEMS, MAX_ITEMS + 1])
def test_a_list_has_a_limit(count: int) -> None:
    fields, problems = reader(f"x: [{', '.join(map(str, range(count)))}]\n")
    assert len(fields.names("x")) == (count if count == MAX_ITEMS else 0)
    assert len(problems) == (count > MAX_ITEMS)


def test_fields_within_others_are_told_by_their_whole_name() -> None:
    fields, problems = reader("related:\n- provider:\n    domain: x\n")
    [related] = fields.mappings("related")
    related.required_mapping("provider").required("domain", domain, "")
    assert told(problems) == [
        "3:13: error: related[0].provider.domain: 'x' is not a domain name; write it like cnet.com"
    ]


def test_what_stands_in_for_an_unfit_mapping_reports_nothing_of_its_own() -> None:
    fields, problems = reader("x: text\n")
    stand_in = fields.required_mapping("x")
    stand_in.required("y", str, "")
    stand_in.expect(frozenset({"z"}))
    assert told(problems) == ["1:4: error: x: is not a mapping; write it as lines of `field: value`"]


def test_unknown_fields_are_warnings() -> None:
    fields, problems = reader("web_URL: x\nwebUrl: y\n日: z\n")
    fields.expect(frozenset({"webUrl", "title"}))
    assert told(problems) == [
        "1:1: warning: web_URL: is not a known field; did you mean webUrl?",
        "3:1: warning: 日: is not a known field; remove it; it is ignored",
    ]
    assert {problem.severity for problem in problems} == {Severity.WARNING}


def test_fields_that_are_all_known_are_told_nothing_of() -> None:
    fields, problems = reader("title: x\nwebUrl: y\n")
    fields.expect(frozenset({"webUrl", "title"}))
    fields.expect(frozenset({"webUrl", "title", "excerpt"}))
    assert problems == []


def test_the_location_of_a_field_is_that_of_its_value() -> None:
    fields, _ = reader("x: 1\nprovider:\n  domain: a\n")
    assert (fields.location("x"), fields.location("provider"), fields.location("nowhere")) == ((1, 4), (3, 3), (1, 1))
