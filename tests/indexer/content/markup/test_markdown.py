"""Bodies as plain text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.content.markup.markdown import first_paragraph, plain_text
from indexer.text.analysis import terms


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Owls\n\nThey *see* in the\n__dark__.", "Owls\nThey see in the dark."),
        ("Setext\n===\n\n- one\n- two\n\n> said", "Setext\none\ntwo\nsaid"),
        ("before\n\n```py\nfenced\n```\n\n    indented\n\nafter `inline` code", "before\nafter code"),
        ('[owls](https://owl.example/nest "title") and <https://auto.example/x>', "owls and"),
        ("[owls][1], [barn] and [none][2]\n\n[1]: https://owl.example\n[barn]: /b", "owls, barn and [none][2]"),
        ("see https://bare.example/a_b, WWW.bare.example/c or ftp://x.example now", "see or now"),
        ("詳細はhttps://bare.example/をご覧", "詳細は をご覧"),
        ("[https://same.example](https://same.example) a@b.example <me@mail.example>", "a@b.example"),
        ("![an *owl*](/assets/owl.png 'title') flies", "an owl flies"),
        ("[![badge](/b.svg)](https://ci.example)", "badge"),
        ("H<sub>2</sub>O, one<br>two, <span class='x > y'>three</span>", "H2O, one two, three"),
        ('<div title="a > b">in <b>bo</b>ld<p>next</p></div>', "in bold next"),
        ("<!-- hidden <a --> shown\n\na <!-- hidden --> b", "shown\na b"),
        ("<script>\nvar hidden\n\n</script>\n\n<style>p {}</style>shown", "shown"),
        ("a <script>hidden</script> b <code>hidden</code> c", "a b c"),
        ("<pre><code>hidden</code></pre>\n\nshown", "shown"),
        ("<div>open <script>hidden\n\nshown", "open\nshown"),
        ("<?php hidden ?>\n\n<!DOCTYPE hidden>\n\nshown", "shown"),
        ("AT&amp;T \\*stars\\* &copy; ~~gone~~", "AT&T *stars* © gone"),
        ("<div>AT&amp;T</div>", "AT&T"),
        ("| Bird | Size |\n|---|:-:|\n| Owl | `x` big |", "Bird\nSize\nOwl\nbig"),
        ("a_b_c and 2*3*4", "a_b_c and 234"),
        ("", ""),
    ],
)
def test_what_people_read_is_the_text(markdown: str, text: str):
    assert plain_text(markdown) == text


@pytest.mark.parametrize(
    ("markdown", "paragraph"),
    [
        ("One\ntwo *three*.\n\nFour.", "One two three."),
        ("# Heading\n\nFirst.\n\nSecond.", "First."),
        ("Heading\n---\n\nFirst.", "First."),
        ("![an image](/a.png)\n\n[![badge](/b.svg)](https://ci.example)\n\nFirst ![owl](/o.png).", "First owl."),
        ("```\ncode\n```\n\n<div>html</div>\n\n- item\n\n> quote\n\nFirst.", "First."),
        (
            "`code`\n\nhttps://bare.example\n\nUse `git  stash` or <code>tar</code> first.",
            "Use git stash or tar first.",
        ),
        ("The [owl][o].\n\n" + "Filler.\n\n" * 2_000 + "[o]: https://owl.example", "The owl."),
        ("# Heading\n\n- item", None),
        ("", None),
    ],
)
def test_the_first_paragraph_is_the_first_one_with_words(markdown: str, paragraph: str | None):
    assert first_paragraph(markdown) == paragraph


@pytest.mark.parametrize("length", [*range(990, 1_011), 5_000, 9_900])
@pytest.mark.parametrize("blank", [" ", "\n"])
def test_a_long_paragraph_is_whole(length: int, blank: str):
    paragraph = f"word{blank}".join([""] * (length // 5))
    for rest in ("", "\n\nmore", "\nHeading\n===\n\nmore", "\n```\ncode\n```"):
        text = first_paragraph(paragraph + "end" + rest)
        assert text == (" ".join(paragraph.split()) + " end" if "===" not in rest else "more")


def test_a_paragraph_ends_with_the_characters_that_are_looked_at():
    for blank in (" ", "\n"):
        text = first_paragraph(f"word{blank}" * 100_000)
        assert text is not None
        assert set(text.split()) == {"word"}
        assert 9_900 < len(text) <= 10_000
    assert first_paragraph("x" * 100_000) == "x" * 10_000
    assert first_paragraph("```\n" + "code\n" * 2_000 + "```\n\nFirst.") is None


@pytest.mark.parametrize(
    "nested",
    [">", "> ", "- ", "  " * 500 + "- ", "[", "![", "*a **b ", "<div>", '<a "', "<!--", "](b)", "((", "~~a", "|a|\n"],
)
def test_deep_nesting_hides_nothing_else(nested: str):
    assert first_paragraph(f"before\n\n{nested * 1_000}deep\n\n\nafter") == "before"
    words = terms(plain_text(f"before\n\n{nested * 1_000}deep\n\n\nafter"))
    assert words[0] == "before"
    assert words[-1] == ("before" if nested == "<!--" else "after")  # a comment without an end has no end


@pytest.mark.parametrize("filler", ["word ", "\n"])
def test_a_body_is_read_as_markdown_up_to_a_length_and_no_word_is_lost_behind_it(filler: str):
    """The parser takes some ten microseconds for a character, where there are brackets alone."""
    long = filler * (100_000 // len(filler))
    end = "*last* <b>word</b>s, [a link](https://owl.example) and `code`"
    lines = plain_text(f"*first*\n\n{long}\n\n{end}").split("\n")
    assert lines[0] == "first"
    assert lines[-1].endswith("*last* words, [a link]( and `code`")
    assert plain_text(f"*first*\n\n{long[:90_000]}\n\n{end}").endswith("last words, a link and")


def test_lists_within_lists_hide_nothing():
    lines = "".join(f"{'  ' * level}- word{level}\n" for level in range(200))
    assert terms(plain_text(f"{lines}\nafter")) == [*(f"word{level}" for level in range(200)), "after"]
    assert terms(plain_text(f"{'1. ' * 99}2020 *one*\n{'> 1) ' * 50}2\\. two")) == ["2020", "one", "2", "two"]


_PIECES = (
    *("#", " ", "\n", "\n\n", "*", "_", "`", "```", "~~~", "[", "]", "(", ")", "!", "<", ">", "&amp;", "\\", "|", "-"),
    *("---", "=", "1. ", "- ", "> ", "    ", "\t", "https://a.example", "<div>", "</div>", "<!--", "-->", "<code>"),
    *("</code>", "[a]: ", '"', "'", "~~", "|-|-|\n", "\x00", "word", "東"),
)


@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=40).map("".join))
def test_no_body_whatever_makes_it_raise(markdown: str):
    paragraph = first_paragraph(markdown)
    if "`" not in markdown and "<code" not in markdown:
        assert set(terms(paragraph or "")) <= set(terms(plain_text(markdown)))


_WRITTEN = ("word", "*", "[a](b)", "\n", "\n\n", "# ", "- ", " ")


@given(st.lists(st.sampled_from(_WRITTEN), max_size=30), st.integers(0, 200))
def test_what_stands_before_or_behind_a_paragraph_does_not_change_it(pieces: list[str], size: int):
    heading = f"# {'x' * size * 10}\n\n" if size else ""
    markdown = "".join(pieces)
    assert first_paragraph(heading + markdown) == first_paragraph(markdown)
