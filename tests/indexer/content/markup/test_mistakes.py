"""Mistakes in YAML: the line that is named is the line that is broken, and the remedy is one for it."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.content.markup.frontmatter import read
from indexer.content.markup.mistakes import FrontMatterError, Mistake


def mistake_in(text: str) -> Mistake:
    """The mistake for which a content file is refused."""
    with pytest.raises(FrontMatterError) as caught:
        read(text.encode(), all_yaml=False)
    return caught.value.mistake


COLON = "write `field: value`, with a colon and a space"


@pytest.mark.parametrize(
    ("broken", "column", "field", "remedy"),
    [
        ('excerpt "no colon"', 1, "excerpt", COLON),
        ("excerpt:no space", 1, "excerpt", COLON),
        ("excerpt", 1, "excerpt", COLON),
        ("provider\n  name: X\n  domain: y", 1, "provider", COLON),
        ("provider:\n  name X\n  domain: y", 3, "provider", COLON),
        ('provider:\n  name "X"\n  domain: y', 3, "provider", COLON),
        ("images:\n  - url x\n    width: 1", 5, "images", COLON),
        ("images:\n  - url: x\n    width 1", 5, "images", COLON),
        (r'excerpt: "C:\Users"', 13, "excerpt", r"write \\ for a backslash, or put the value in single quotes"),
        (r'excerpt: "50\% off"', 13, "excerpt", r"write \\ for a backslash"),
        (r'excerpt: "C:\xyz"', 13, "excerpt", r"write \\ for a backslash"),
        (r'excerpt: "ü \ud83d\ude00"', 13, "excerpt", r"write 😀 itself, or \U0001F600"),
        (r'excerpt: "\ud83d"', 11, "excerpt", "write the character itself"),
        (r'excerpt: "\U00110000"', 11, "excerpt", "write the character itself"),
        (" excerpt: x", 2, "title", "begin it in the column of the field above"),
        ("excerpt: 'it's'", 14, "excerpt", "write '' for an apostrophe within single quotes"),
        ('excerpt: "say "x" now"', 16, "excerpt", "no double quotes within double quotes"),
        ('excerpt: "Owls": they return', 16, "excerpt", "the whole value in one pair of quotation marks"),
        ("excerpt: a: b", 11, "excerpt", "because it holds a colon"),
        ("excerpt: [Update] x", 19, "excerpt", "because it begins with a bracket"),
        ("excerpt: - x", 10, "excerpt", "in double quotes if it begins with a dash"),
        ("excerpt: > x", 12, "excerpt", "begin the text on the next line"),
        ("excerpt: !<x", 13, "excerpt", "because it begins with an exclamation mark"),
        ('excerpt: "x', 10, "excerpt", "close the quotation mark"),
        ("topics: [#AI, x]", 10, "topics", "because # begins a comment"),
        ("topics: [", 9, "topics", "close the bracket"),
        ("topics: [a]]]", 12, "topics", "because it begins with a bracket"),
        ("topics: [AI, x", 9, "topics", "close the bracket"),
        ('topics: [\n  AI,\n  "x" y\n  ]', 7, "topics", "put a comma between two entries"),
        ("images:\n  - {url: x\n  - {url: y}", 5, "images", "close the bracket"),
        ('topics:\n  - "AI"\n  x: y', 3, "topics", "begin the entry with `- `"),
    ],
)
def test_a_mistake_is_told_where_it_is_with_its_own_remedy(broken: str, column: int, field: str, remedy: str) -> None:
    mistake = mistake_in(f'---\ntitle: Owls\n{broken}\nheat: 9\ntype: "z"\n---\n')
    assert (mistake.column, mistake.field) == (column, field)
    assert remedy in mistake.remedy


def test_an_indented_first_field_is_named_itself() -> None:
    mistake = mistake_in("---\n# a comment\n title: x\nheat: 9\n---\n")
    assert (mistake.line, mistake.column, mistake.field) == (3, 2, "")
    assert "at the start of its line" in mistake.remedy


BLOCKS = (
    'title: "Ferry: later, and later still"',
    "excerpt: 'Two lines, and an inn''s name'",
    "publishedDateTime: 2020-02-06 01:27:00 +1",
    "webUrl: https://daily.example/ferry",
    "type: article # a comment",
    "quality: 80",
    """\
provider:
  domain: daily.example
  name: "The Daily"
  images:
    - url: "/logo.png"
      width: 10
      title: Logo""",
    'topics: [NO, "2020", AI]',
    """\
images:
  - {url: /1.png, width: 7}
  - {url: "/2.png", width: 8}""",
    """\
related:
  - title: Boats
    webUrl: "https://weekly.example/boats"
    quality: 5
  - title: "Bare"
    webUrl: https://weekly.example/bare""",
    """\
secured:
  - "a"
  - 'b'""",
)
"""The fields of a file without a mistake, in any order."""


def without_its_colon(line: str) -> str:
    return re.sub(r"^([ -]*\w+):", r"\1", line)


def without_the_space_after_its_colon(line: str) -> str:
    return re.sub(r"^([ -]*\w+): ", r"\1:", line)


def indented_by_one(line: str) -> str:
    # Where a mapping or list begins further right than others, no mistake is made until its second line.
    return line if line.startswith(" ") else f" {line}"


def without_its_last_quotation_mark(line: str) -> str:
    return re.sub(r"""["'](?=\}?$)""", "", line)


def without_its_last_bracket(line: str) -> str:
    return re.sub(r"[\]}]$", "", line)


def with_a_bad_escape(line: str) -> str:
    return re.sub(r'"(?=[\w/])', lambda _: r'"C:\\Users ', line, count=1)


def with_a_mark_within_its_marks(line: str) -> str:
    return re.sub(r""": (["'])(.)""", r": \1\2\1\2", line)


def with_a_second_colon(line: str) -> str:
    return re.sub(r"^([ -]*\w+: \w+)(.*)", r"\1: \2", line)


def indented_by_a_tab(line: str) -> str:
    return f"\t{line}"


MISTAKES = (
    without_its_colon,
    without_the_space_after_its_colon,
    indented_by_one,
    without_its_last_quotation_mark,
    without_its_last_bracket,
    with_a_bad_escape,
    with_a_mark_within_its_marks,
    with_a_second_colon,
    indented_by_a_tab,
)


@settings(max_examples=300)
@given(st.permutations(BLOCKS), st.sampled_from(MISTAKES), st.sampled_from(("\n", "\r\n", "\r")), st.data())
def test_the_line_that_is_named_is_the_line_that_is_broken(
    blocks: list[str], mistake: Callable[[str], str], line_end: str, data: st.DataObject
) -> None:
    lines = "\n".join(blocks).split("\n")
    number = data.draw(st.sampled_from([n for n, line in enumerate(lines) if mistake(line) != line]))
    lines[number] = mistake(lines[number])
    text = line_end.join(["---", *lines, "---", ""])
    try:
        mapping, _, _ = read(text.encode(), all_yaml=False)
    except FrontMatterError as error:
        told = error.mistake
    else:  # It is legal YAML all the same, and takes nothing from other fields.
        names = {block.partition(":")[0] for block in blocks}
        assert len(names - mapping.keys.keys()) <= 1
        return
    assert told.line == number + 2, told


def test_the_file_without_a_mistake_has_none() -> None:
    assert read("\n".join(["---", *BLOCKS, "---"]).encode(), all_yaml=False).warnings == ()
