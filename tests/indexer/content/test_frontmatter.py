"""A file taken apart: its front matter as text with places, its body, and the limits that hold on the way."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from indexer.content.frontmatter import (
    MAX_ALIASES,
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    FrontMatter,
    FrontMatterError,
    MappingNode,
    Node,
    Scalar,
    SequenceNode,
    read,
)


def front_matter(text: str) -> FrontMatter:
    return read(text.encode(), all_yaml=False)


def values(text: str) -> object:
    """All of a YAML text as plain lists, mappings and texts."""
    return plain(read(text.encode(), all_yaml=True).mapping)


def plain(node: Node) -> object:
    match node:
        case Scalar(text):
            return text
        case SequenceNode(items):
            return [plain(item) for item in items]
        case MappingNode(named):
            return {name: plain(value) for name, value in named.items()}


def places(node: Node) -> list[tuple[int, int]]:
    """Line and column of a node, of the names in it, and of all nodes below."""
    below: list[Node] = []
    if isinstance(node, SequenceNode):
        below = [*node.items]
    elif isinstance(node, MappingNode):
        below = [*node.keys.values(), *node.values.values()]
    return [(node.mark.line, node.mark.column), *(place for part in below for place in places(part))]


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\ntitle: x\n---", None),
        ("---\ntitle: x\n---\n", None),
        ("---\ntitle: x\n---\n\n\n", None),
        ("---\ntitle: x\n---\n\nOwls.\n\nBats.\n", "Owls.\n\nBats."),
        ("---\ntitle: x\n---\n    code\n", "    code"),
        ("---  \ntitle: x\n---\t\nOwls.", "Owls."),
        ("---\ntitle: x\n---\nOwls.\n---\nBats.\n---\n", "Owls.\n---\nBats.\n---"),
        ("---\r\ntitle: x\r\n---\r\n\r\nOwls.\r\nBats.\r\n", "Owls.\r\nBats."),
        ("\ufeff---\ntitle: x\n---\nOwls.\n", "Owls."),
        ("---\ntitle: x\n---\nKäuze 🦉\ufeff\u2028\x00", "Käuze 🦉\ufeff\u2028\x00"),
    ],
)
def test_the_body_is_what_stands_below_without_blank_lines_around(text: str, body: str | None) -> None:
    mapping, found = front_matter(text)
    assert (plain(mapping), found) == ({"title": "x"}, body)


@pytest.mark.parametrize(
    "text", ["--- \n", "----\ntitle: x\n----\n", " ---\ntitle: x\n---\n", "\n---\ntitle: x\n---\n"]
)
def test_front_matter_begins_with_the_first_line_and_has_an_end(text: str) -> None:
    with pytest.raises(FrontMatterError):
        front_matter(text)


def test_a_file_of_yaml_only_has_no_body_and_may_mark_its_document() -> None:
    bare, marked = (read(start + b"title: x\n", all_yaml=True) for start in (b"", b"\xef\xbb\xbf"))
    assert (plain(bare.mapping), bare.body) == (plain(marked.mapping), marked.body) == ({"title": "x"}, None)
    assert places(bare.mapping) == places(marked.mapping) == [(0, 0), (0, 0), (0, 7)]
    assert values("%YAML 1.1\n---\ntitle: x\n...\n") == {"title": "x"}


@pytest.mark.parametrize(
    "written",
    ["NO", "no", "yes", "on", "y", "true", "2020", "007", "1e3", "0x1F", "1_000", "12:30:45", "2020-02-06", "="],
)
def test_plain_text_stays_what_was_written(written: str) -> None:
    # Norway's code is no boolean, and a title is no number: what a value is, its field says.
    assert values(f"topics: [{written}]\ntitle: {written}\n") == {"topics": [written], "title": written}


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "NULL", "# only a comment"])
def test_nothing_written_is_nothing(written: str) -> None:
    assert values(f"title: {written}\n") == {"title": None}


@pytest.mark.parametrize("written", ['""', "''", '"~"', "'null'", "!!str ~", "!!str null"])
def test_what_is_quoted_or_tagged_is_text_even_if_it_looks_like_nothing(written: str) -> None:
    text = written.rsplit(maxsplit=1)[-1].strip("\"'")
    assert values(f"title: {written}\n") == {"title": text}


def test_places_count_from_zero_in_the_whole_file() -> None:
    mapping, _ = front_matter("---\r\ntitle: ü\r\nimages: [ü, {url: a}]\r\nprovider:\r\n  domain: b\r\n---\r\n")
    assert plain(mapping) == {"title": "ü", "images": ["ü", {"url": "a"}], "provider": {"domain": "b"}}
    assert places(mapping) == [
        (1, 0),
        *((1, 0), (2, 0), (3, 0)),  # the three names
        (1, 7),
        *((2, 8), (2, 9), (2, 12), (2, 13), (2, 18)),  # images: the list, its text, its mapping with name and value
        *((4, 2), (4, 2), (4, 10)),
    ]


def test_an_alias_stands_for_its_anchor() -> None:
    assert values("a: &x [1, {b: &y z}]\nc: *x\nd: *y\n") == {"a": ["1", {"b": "z"}], "c": ["1", {"b": "z"}], "d": "z"}


@pytest.mark.parametrize(
    ("within", "beyond", "reason"),
    [
        (f"a: {'[' * (MAX_DEPTH - 1)}{']' * (MAX_DEPTH - 1)}\n", f"a: {'[' * MAX_DEPTH}{']' * MAX_DEPTH}\n", "nested"),
        (f"a: &x 1\nb: [{'*x, ' * MAX_ALIASES}]\n", f"a: &x 1\nb: [{'*x, ' * (MAX_ALIASES + 1)}]\n", "aliases"),
        (f"a: [{'1,' * (MAX_NODES - 3)}]\n", f"a: [{'1,' * (MAX_NODES - 2)}]\n", "values"),
        (f"{'a' * 200}: 1\n", f"{'a' * 201}: 1\n", "name"),
        (f"a: {'1' * (MAX_BYTES - 3)}", f"a: {'1' * (MAX_BYTES - 2)}", "bytes"),
    ],
)
def test_limits_hold_to_the_last_one_allowed(within: str, beyond: str, reason: str) -> None:
    assert values(within)
    with pytest.raises(FrontMatterError, match=reason):
        values(beyond)


def test_a_forbidden_character_is_placed_by_characters_also_after_accents_and_far_ahead() -> None:
    # libyaml reads in large blocks and counts bytes: what it has told so far says nothing of the place.
    text = f"---\ntitle: {'ü' * 50}\nexcerpt: {'y' * 5000}\ntopics: [東\x02]\n---\n"
    with pytest.raises(FrontMatterError) as caught:
        front_matter(text)
    assert (caught.value.line, caught.value.column, caught.value.field) == (4, 11, "topics")


@given(st.binary(max_size=60), st.booleans(), st.booleans())
def test_no_bytes_do_anything_but_read_or_be_refused(data: bytes, all_yaml: bool, has_mark: bool) -> None:  # noqa: FBT001 - drawn
    data = b"\xef\xbb\xbf" * has_mark + (data if all_yaml else b"---\n" + data + b"\n---\n")
    try:
        mapping, _ = read(data, all_yaml=all_yaml)
    except FrontMatterError as refused:
        line, column = refused.line, refused.column
    else:
        line, column = mapping.mark.line + 1, mapping.mark.column + 1
    assert 1 <= line <= data.count(b"\n") + 2  # libyaml counts one more where something is open at the end
    assert column >= 1


PIECES = (
    "a",
    "b: ",
    "- ",
    "\n",
    " ",
    "  ",
    '"',
    "'",
    "[",
    "]",
    "{",
    "}",
    ",",
    ": ",
    "#",
    "&x ",
    "*x",
    "|\n",
    ">-\n",
    "?",
)
scalars = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(max_size=20)


@given(scalars)
def test_texts_are_those_of_pyyamls_own_loader(written: str) -> None:
    # The loader also knows numbers, dates and truths; only where it too sees text is it an oracle.
    text = f"title: {written}\n"
    try:
        expected = yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, UnicodeEncodeError):
        return
    if list(expected) == ["title"] and isinstance(expected["title"], str):
        assert values(text) == expected


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"])),
    st.sampled_from(["'", '"', "|", ">", None]),
    st.booleans(),
)
def test_a_text_written_in_any_style_of_yaml_comes_back(text: str, style: str | None, allow_unicode: bool) -> None:  # noqa: FBT001 - drawn
    written = yaml.safe_dump({"title": text}, default_style=style, allow_unicode=allow_unicode)
    assert values(written) == yaml.load(written, yaml.CSafeLoader)  # but for rare line breaks, {"title": text}


@pytest.mark.parametrize("escape", [r"\x10", r"\e", r"\0", r"\u0007", r"\U0000001b", r"\x7f", r"\uffff"])
@pytest.mark.parametrize("before", ["", r"a\n \" \x41 \u00e9 ", "ü 東 "])
def test_an_escaped_character_that_is_refused_unescaped_is_refused_at_its_place(before: str, escape: str) -> None:
    with pytest.raises(FrontMatterError, match="is not allowed, escaped or not") as caught:
        read(f'---\ntitle: x\nexcerpt: "{before}{escape} b"\n---\n'.encode(), all_yaml=False)
    error = caught.value
    assert (error.line, error.column, error.field) == (3, 11 + len(before), "excerpt")


def test_other_escapes_are_read() -> None:
    mapping, _ = read(b'---\ntitle: "a\\tb\\n\\x41\\u00e9\\"\\\\ \\N\\_"\n---\n', all_yaml=False)
    assert mapping.values["title"][0] == 'a\tb\nAé"\\ \x85\xa0'
