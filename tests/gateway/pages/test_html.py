import pytest

from gateway.pages.html import Content, Html, element, joined


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ("<b> & \"'", "&lt;b&gt; &amp; &quot;&#x27;"),
        (Html("<b>"), "<b>"),
        (7, "7"),
        (None, ""),
        (["a", [Html("<br>"), None], ("<",)], "a<br>&lt;"),
    ],
)
def test_all_but_html_is_escaped(content: Content, html: str):
    assert joined(content) == html


def test_attributes_are_escaped_and_those_without_a_value_left_out():
    written = element("a", "x", href='"&<', class_="c", aria_label=None, hidden=False, download=True, tabindex=0)
    assert written == '<a href="&quot;&amp;&lt;" class="c" download tabindex="0">x</a>'


def test_void_elements_have_no_end():
    assert element("input", name="q") == '<input name="q">'
    assert element("rect") == "<rect></rect>"
