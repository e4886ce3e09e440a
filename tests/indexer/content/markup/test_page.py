"""Bodies of pages as plain text."""

import pytest

from indexer.content.markup.page import first_page_paragraph, page_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<h1>Owls</h1>\n\n    <p>They <b>se</b>e &amp; hoot.</p>", "Owls They see & hoot."),
        ('<a href="https://owl.example" title="a > b">owls</a> https://bare.example', "owls"),
        ("<p>a<script>hidden</script><code>hidden</code><!-- <p> hidden --><br>b", "a b"),
        ("<pre>hidden", ""),
        ("2 < 3 and a<b", "2 < 3 and a<b"),
    ],
)
def test_what_people_read_is_the_text(markup: str, text: str):
    assert page_text(markup) == text


@pytest.mark.parametrize(
    ("markup", "paragraph"),
    [
        ("<h1>Owls</h1><p><img src=a.png></p><P class='x'>Use <code>tar</code> first.</P><p>Second", "Use tar first."),
        ("<p>One<p>Two", "One"),
        ("<pre>code</pre>text", None),
        ("<param>no <progress>no", None),
    ],
)
def test_the_first_paragraph_is_the_first_one_with_words(markup: str, paragraph: str | None):
    assert first_page_paragraph(markup) == paragraph


@pytest.mark.parametrize("piece", ["<p>", "<p ", '<a "', "<!--", "<script>", "<", "&"])
def test_many_pieces_are_read_or_left_out(piece: str):
    # Each costs little, however many there are: a piece that looked to the end of the text would never be done.
    assert set(page_text(piece * 100_000)) <= set(piece)
    assert set(first_page_paragraph(piece * 100_000) or "") <= set(piece)
