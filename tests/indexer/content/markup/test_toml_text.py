"""Front matter in TOML: the values that `tomllib` reads, each with its place."""

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.content.markup.frontmatter import read
from indexer.content.markup.mistakes import FrontMatterError, Mistake
from indexer.content.markup.nodes import MappingNode, Node, Scalar, SequenceNode

POST = """\
+++
title = "Owls: \\"back\\""  # a comment
date = 2021-03-04T10:00:00+02:00
day = 2021-03-04 # and another
local = 2021-03-04 10:00:00
draft = false
weight = 1_000
tags = ["a", # first
  'b, c',
  "d",
]
summary = \"\"\"
Two lines,
with "quotes".\"\"\"
author = { name = "Ann", links = ["x"] }
a.b = 1
"quoted key" = '''raw'''

[taxonomies]
categories = ["News"]
[extra.deep]
n = 1.5
[[items]]
u = "1"
[[items]]
u = "2"
[items.more]
v = true
+++

Owls.
"""


def plain(node: Node) -> Any:
    match node:
        case Scalar(text):
            return text
        case SequenceNode(items):
            return [plain(item) for item in items]
        case MappingNode(values):
            return {name: plain(value) for name, value in values.items()}


def refused(front: str) -> Mistake:
    with pytest.raises(FrontMatterError) as error:
        read(f"+++\n{front}+++\n".encode(), all_yaml=False)
    return error.value.mistake


def test_values_are_those_that_are_written() -> None:
    mapping, body, warnings = read(POST.encode(), all_yaml=False)
    assert plain(mapping) == {
        "title": 'Owls: "back"',
        "date": "2021-03-04T10:00:00+02:00",
        "day": "2021-03-04",
        "local": "2021-03-04 10:00:00",
        "draft": "false",
        "weight": "1000",
        "tags": ["a", "b, c", "d"],
        "summary": 'Two lines,\nwith "quotes".',
        "author": {"name": "Ann", "links": ["x"]},
        "a": {"b": "1"},
        "quoted key": "raw",
        "taxonomies": {"categories": ["News"]},
        "extra": {"deep": {"n": "1.5"}},
        "items": [{"u": "1"}, {"u": "2", "more": {"v": "true"}}],
    }
    assert (body, warnings) == ("Owls.", ())


def test_each_name_and_value_has_its_place_in_the_file() -> None:
    mapping = read(POST.encode(), all_yaml=False).mapping
    tags, taxonomies = mapping.values["tags"], mapping.values["taxonomies"]
    assert isinstance(tags, SequenceNode)
    assert isinstance(taxonomies, MappingNode)
    marks = [mapping.keys["date"], mapping.values["date"], tags, *tags.items, taxonomies.values["categories"]]
    places = [(node.mark.line + 1, node.mark.column + 1) for node in marks]
    assert places == [(3, 1), (3, 8), (8, 8), (8, 9), (9, 3), (10, 3), (20, 14)]


@pytest.mark.parametrize(
    ("front", "line", "column", "reason"),
    [
        ("title = Owls\n", 2, 9, "not TOML: invalid value"),
        ("title: Owls\n", 2, 6, "not TOML: expected"),
        ('title = "Owls\n', 2, 14, "not TOML: illegal character"),
        ('a = "1"\na = "2"\n', 3, 8, "not TOML: cannot overwrite"),
        ('a = "\\u0000"\n', 2, 5, "character '\\x00' is not allowed"),
        ('"" = 1\n', 2, 1, "name must be a word"),
        ("a = " + "[" * 12 + "]" * 12 + "\n", 2, 16, "nested more than 12 levels"),
        ("a = " + "[" * 100_000 + "\n", 1, 1, "nested more than 12 levels"),
        (".".join("a" * 13) + " = 1\n", 2, 23, "nested more than 12 levels"),
        ("a = [" + "1," * 20_000 + "]\n", 2, 40004, "more than 20,000 values"),
        (f"a = {'9' * 5000}\n", 1, 1, "a number is too long"),
        ("\n", 1, 1, "the front matter is empty"),
    ],
)
def test_a_mistake_is_told_at_its_place(front: str, line: int, column: int, reason: str) -> None:
    mistake = refused(front)
    assert (mistake.line, mistake.column) == (line, column)
    assert reason in mistake.reason
    assert mistake.remedy


def test_front_matter_without_an_end_is_told() -> None:
    with pytest.raises(FrontMatterError, match="does not end") as error:
        read(b'+++\ntitle = "x"\n', all_yaml=False)
    assert error.value.mistake.remedy == "end it with a line +++"


keys = st.text("ab-", min_size=1, max_size=3)
scalars = st.sampled_from(
    ('"x"', "'y'", '"""z\n"q" """', "'''\nr'''", "1", "-1.5", "true", "2020-01-01 10:00:00", '"#, ]}"')
)
blanks = st.sampled_from(("", " ", "\n", " # note ]\n"))
lists = st.builds(lambda items, blank: f"[{f',{blank}'.join(items)}{blank}]", st.lists(scalars, max_size=3), blanks)
inline = st.dictionaries(keys, scalars | lists, max_size=3).map(
    lambda named: "{ " + ", ".join(f"{name} = {value}" for name, value in named.items()) + " }"
)
values = scalars | lists | inline | st.lists(inline, max_size=2).map(lambda items: f"[{', '.join(items)}]")
pairs = st.dictionaries(st.lists(keys, min_size=1, max_size=2).map(".".join), values, max_size=4).map(
    lambda named: "".join(f"{name} = {value} # note\n" for name, value in named.items())
)
headers = (
    st.lists(keys, min_size=1, max_size=3)
    .map(".".join)
    .flatmap(lambda name: st.sampled_from((f"[{name}]\n", f"[[{name}]]\n", f" [ {name} ] # note\n")))
)


def as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: as_texts(part) for name, part in value.items()}
    if isinstance(value, list):
        return [as_texts(part) for part in value]
    return {True: "true"}.get(value, str(value)) if isinstance(value, bool) else str(value)


@given(st.lists(st.tuples(headers, pairs), max_size=4), pairs)
def test_any_toml_is_read_as_tomllib_does(tables: list[tuple[str, str]], first: str) -> None:
    text = first + "".join(header + more for header, more in tables)
    try:
        expected = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        expected = {}
    if not expected:
        assert refused(text)
    else:
        assert plain(read(f"+++\n{text}+++\n".encode(), all_yaml=False).mapping) == as_texts(expected)
