"""Front matter in JSON."""

import json

import pytest

from indexer.content.markup.frontmatter import read
from indexer.content.markup.mistakes import FrontMatterError
from tests.indexer.content.markup.test_frontmatter import places, plain


def test_an_object_at_the_beginning_is_front_matter() -> None:
    text = '{\n\t"title":"Owls \\ud83e\\udd89 \\u00fc",\n\t"draft": false, "tags": ["a", null, 1.5e3]\n}\n\nOwls {.x}\n'
    mapping, body, warnings = read(text.encode(), all_yaml=False)
    assert plain(mapping) == {"title": "Owls 🦉 ü", "draft": "false", "tags": ["a", None, "1.5e3"]}
    assert (body, warnings) == ("Owls {.x}", ())
    assert (1, 1) in places(mapping)


def test_what_python_writes_is_read() -> None:
    values = {"title": 'a "b" \\ / \u2028 🦉', "nested": {"list": [{"x": "y: z # no"}, []]}}
    for text in (json.dumps(values), json.dumps(values, indent="\t", ensure_ascii=False)):
        assert plain(read(text.encode(), all_yaml=False).mapping) == values


def test_fences_may_name_the_language() -> None:
    for name, front in (("json", '{"title": "Owls"}'), ("toml", 'title = "Owls"'), ("yaml", "title: Owls")):
        mapping, body, _ = read(f"---{name}\n{front}\n---\nText\n".encode(), all_yaml=False)
        assert (plain(mapping), body) == ({"title": "Owls"}, "Text")
    with pytest.raises(FrontMatterError, match="front matter in js cannot be read"):
        read(b"---js\n{}\n---\n", all_yaml=False)


@pytest.mark.parametrize("text", ["{{ page.title }}\n", "{% include x %}\n", "{ title }\n", "{\n"])
def test_braces_of_other_kinds_are_no_front_matter(text: str) -> None:
    with pytest.raises(FrontMatterError, match="does not begin with front matter"):
        read(text.encode(), all_yaml=False)


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ('{\n"title": Owls}', 2, 10, "not JSON: expecting value"),
        ('{"a" 1}', 1, 6, "not JSON: expecting ':' delimiter"),
        ('{"a": 1, "a": 2}', 1, 10, "a is given twice"),
        ('{"a": ' + "[" * 100_000, 1, 1, "nested more than 12 levels"),
        ('{"a": "\\u0000"}', 1, 8, "is not allowed"),
        ('{"a": "\\ud83e"}', 1, 8, "is no character"),
    ],
)
def test_a_mistake_is_told_at_its_place(text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(FrontMatterError) as error:
        read(text.encode(), all_yaml=False)
    mistake = error.value.mistake
    assert (mistake.line, mistake.column, reason in mistake.reason) == (line, column, True), mistake
