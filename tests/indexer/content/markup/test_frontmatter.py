"""A file taken apart: its front matter as text with places, its body, and the limits that hold on the way."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from indexer.content.markup.frontmatter import MAX_BYTES, MAX_NODES, FrontMatter, read
from indexer.content.markup.mistakes import FrontMatterError
from indexer.content.markup.nodes import MAX_DEPTH, MappingNode, Node, Scalar, SequenceNode
from indexer.content.markup.yaml_text import MAX_ALIASES
from tests.indexer.content.markup.test_mistakes import mistake_in


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
        ("---\r\ntitle: x\r\n---\r\n\r\nOwls.\r\nBats.\r\n", "Owls.\nBats."),
        ("---\rtitle: x\r---\r\rOwls.\rBats.\r", "Owls.\nBats."),
        ("---\ntitle: x\r\n---\rOwls.\r\n\rBats.\r\r", "Owls.\n\nBats."),
        ("\ufeff---\ntitle: x\n---\nOwls.\n", "Owls."),
        ("---\ntitle: x\n---\nKäuze 🦉\ufeff\u2028\x00", "Käuze 🦉\ufeff\u2028\x00"),
    ],
)
def test_the_body_is_what_stands_below_without_blank_lines_around(text: str, body: str | None) -> None:
    mapping, below, _ = front_matter(text)
    assert (plain(mapping), below) == ({"title": "x"}, body)


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
    mapping, _, _ = front_matter("---\r\ntitle: ü\r\nimages: [ü, {url: a}]\r\nprovider:\r\n  domain: b\r\n---\r\n")
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
    mistake = mistake_in(text)
    assert (mistake.line, mistake.column, mistake.field) == (4, 11, "topics")


@given(st.binary(max_size=60), st.booleans(), st.booleans())
def test_no_bytes_do_anything_but_read_or_be_refused(data: bytes, all_yaml: bool, has_mark: bool) -> None:  # noqa: FBT001 - drawn
    data = b"\xef\xbb\xbf" * has_mark + (data if all_yaml else b"---\n" + data + b"\n---\n")
    try:
        mapping, _, _ = read(data, all_yaml=all_yaml)
    except FrontMatterError as refused:
        line, column = refused.mistake.line, refused.mistake.column
    else:
        line, column = mapping.mark.line + 1, mapping.mark.column + 1
    assert (
        1 <= line <= data.count(b"\n") + data.count(b"\r") + 2
    )  # libyaml counts one more where something is open at the end
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
FEW = st.text(st.characters(exclude_characters="\x85\u2028\u2029"), max_size=20)  # lines end there for PyYAML
scalars = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | FEW


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
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\x85\u2028\u2029")),
    st.sampled_from(["'", '"', "|", ">", None]),
    st.booleans(),
)
def test_a_text_written_in_any_style_of_yaml_comes_back(text: str, style: str | None, allow_unicode: bool) -> None:  # noqa: FBT001 - drawn
    written = yaml.safe_dump({"title": text}, default_style=style, allow_unicode=allow_unicode)
    assert values(written) == yaml.load(written, yaml.CSafeLoader) == {"title": text}


@pytest.mark.parametrize("escape", [r"\x10", r"\e", r"\0", r"\u0007", r"\U0000001b", r"\x7f", r"\uffff"])
@pytest.mark.parametrize("before", ["", r"a\n \" \x41 \u00e9 ", "ü 東 "])
def test_an_escaped_character_that_is_refused_unescaped_is_refused_at_its_place(before: str, escape: str) -> None:
    mistake = mistake_in(f'---\ntitle: x\nexcerpt: "{before}{escape} b"\n---\n')
    assert "is not allowed, escaped or not" in mistake.reason
    assert (mistake.line, mistake.column, mistake.field) == (3, 11 + len(before), "excerpt")


def test_other_escapes_are_read() -> None:
    mapping, _, _ = read(b'---\ntitle: "a\\tb\\n\\x41\\u00e9\\"\\\\ \\N\\_"\n---\n', all_yaml=False)
    assert mapping.values["title"][0] == 'a\tb\nAé"\\ \x85\xa0'


RARE = ("\x85", "\u2028", "\u2029")


@pytest.mark.parametrize("rare", RARE)
@pytest.mark.parametrize("written", ["a{}b", "'a{}b'", '"a{}b"', "|-\n  a{}b", ">-\n  a{}b", "a{}b # c{}heat: 9"])
def test_a_character_that_ends_a_line_for_yaml_alone_is_an_ordinary_one(written: str, rare: str) -> None:
    text = f"title: {written.replace('{}', rare)}\nprovider: {{domain: x}}\nheat 7\n"
    mistake = mistake_in(f"---\n{text}---\n")
    assert (mistake.line, mistake.column) == (text.count("\n") + 1, 1)
    assert values(text.replace("heat 7", "quality: 1")) == {
        "title": f"a{rare}b",
        "provider": {"domain": "x"},
        "quality": "1",
    }


def test_characters_that_stand_in_for_others_are_told_from_the_same_in_the_text() -> None:
    text = "".join(map(chr, range(0x10FFFF, 0x10FFF0, -1))) + "".join(RARE)
    assert values(f"title: '{text}'\n") == {"title": text}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_each_way_to_end_a_line_gives_the_same_places_and_values(line_end: str) -> None:
    text = "---\ntitle: x # c\nexcerpt: |\n  a\n  b\nimages: [{url: y}]\n---\nOwls.\n"
    unix, other = front_matter(text), front_matter(text.replace("\n", line_end))
    assert (plain(other.mapping), places(other.mapping), other.body) == (
        plain(unix.mapping),
        places(unix.mapping),
        unix.body,
    )


BASES = "x: &x {a: x, b: x}\ny: &y {b: y, c: y}\n"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{<<: *x}", {"a": "x", "b": "x"}),
        ("{<<: *x, a: own}", {"a": "own", "b": "x"}),
        ("{a: own, <<: *x}", {"a": "own", "b": "x"}),
        ("{a: , <<: *x}", {"a": None, "b": "x"}),
        ("{<<: [*x, *y]}", {"a": "x", "b": "x", "c": "y"}),
        ("{<<: [*y, {d: z}], a: own}", {"a": "own", "b": "y", "c": "y", "d": "z"}),
        ("{<<: {<<: *y, b: own}}", {"b": "own", "c": "y"}),
        ("{<<: []}", {}),
        ("{'<<': *x}", {"<<": {"a": "x", "b": "x"}}),
    ],
)
def test_a_merge_key_brings_the_fields_that_are_not_written(written: str, expected: object) -> None:
    merged = values(f"{BASES}z: {written}\n")
    assert isinstance(merged, dict)
    assert merged["z"] == expected


@given(
    st.lists(st.sampled_from(["*x", "*y", "*z", "{a: w, e: w}"]), max_size=4),
    st.lists(st.sampled_from("abcde"), unique=True),
    st.booleans(),
)
def test_merge_keys_are_those_of_pyyamls_own_loader(bases: list[str], own: list[str], first: bool) -> None:  # noqa: FBT001 - drawn
    fields = [f"{name}: own" for name in own]
    fields.insert(0 if first else len(fields), f"<<: [{', '.join(bases)}]")
    text = f"{BASES}z: &z {{<<: [*y, *x], d: z}}\nlast: {{{', '.join(fields)}}}\n"
    assert values(text) == yaml.load(text, yaml.CSafeLoader)


def test_merged_fields_count_as_values() -> None:
    text = f"a: &a {{{', '.join(f'k{n}: 1' for n in range(400))}}}\nb: {{<<: [{', '.join(['*a'] * 60)}]}}\n"
    mistake = mistake_in(f"---\n{text}---\n")
    assert (mistake.line, mistake.field, mistake.reason) == (3, "b", "more than 20,000 values")


@pytest.mark.parametrize("written", ["text", "[text]", "", "[*x, [*x]]"])
def test_only_mappings_can_be_merged(written: str) -> None:
    mistake = mistake_in(f"---\n{BASES}z:\n  <<: {written}\n---\n")
    assert (mistake.line, mistake.column, mistake.field) == (5, 3, "z")
    assert "write `<<: *name`" in mistake.remedy


def test_a_field_given_twice_names_both_lines() -> None:
    mistake = mistake_in("---\ntitle: x\nheat: 1\n\ntitle: y\n---\n")
    assert (mistake.line, mistake.reason) == (5, "title is given twice, in lines 2 and 5")


COMMENT, ANCHOR, TAG = "a comment begins here", "an anchor that no alias uses", "a tag is no part"


@pytest.mark.parametrize(
    ("written", "column", "reason"),
    [
        ("Join the #MeToo movement", 17, COMMENT),
        ("#MeToo", 8, COMMENT),
        ("rated #1", 14, COMMENT),
        ("街 #東京", 10, COMMENT),
        ("[AI, x #y\n  ]", 15, COMMENT),
        ("\n  - #AI", 5, COMMENT),
        ("two\n  lines #one", 9, COMMENT),
        ("&amp more news", 8, ANCHOR),
        ("&a [x, y]", 8, ANCHOR),
        ("&a x\nexcerpt: &a y\ntype: *a", 8, ANCHOR),
        ("! important", 8, TAG),
        ("!!str 2020", 8, TAG),
        ("!x [y]", 8, TAG),
    ],
)
def test_legal_yaml_that_leaves_out_what_is_written_is_a_warning(written: str, column: int, reason: str) -> None:
    [warning] = front_matter(f"---\ntitle: {written}\nquality: 1\n---\n").warnings
    assert (warning.line, warning.column) == (2 + written.partition("#")[0].count("\n") * (reason == COMMENT), column)
    assert warning.reason.startswith(reason)
    assert (warning.field, "in double quotes" in warning.remedy) == ("title", True)


@pytest.mark.parametrize(
    "written",
    [
        "x # a comment",
        "x #",
        "x ## y",
        "C# and F#",
        "x#y",
        '"x" #quoted',
        "'x #y'",
        '"&amp ! #x"',
        "|\n  x #y",
        "x\n#heat: 5",
        "x\n# quality: 5",
        "&a x\nexcerpt: *a",
        '! "x"',
        '!!str "2020"',
    ],
)
def test_ordinary_comments_quoted_texts_and_anchors_in_use_are_no_warning(written: str) -> None:
    assert front_matter(f"---\ntitle: {written}\nquality: 1\n---\n").warnings == ()
