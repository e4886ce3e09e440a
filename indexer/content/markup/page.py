"""The HTML of a body as plain text, as people read it: without code, addresses and tags."""

import html
import re
from collections.abc import Collection, Iterable, Iterator

HIDDEN = frozenset({"code", "pre", "script", "style", "template"})
"""Elements whose text is not read."""
HIDDEN_IN_LEADS = HIDDEN - {"code"}
"""The same where a sentence is to have no gap."""
WITHIN_WORDS = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q"),
        *("s", "samp", "small", "span", "strong", "sub", "sup", "tt", "u", "var", "wbr"),
    }
)
"""Elements that part no words."""
TAG = re.compile(
    r"<(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9-]*)"
    r"(?:[^<>\"']++|\"[^\"]{0,1000}\"|'[^']{0,1000}'){0,60}+>"
    r"|<!--|<[!?][^<>]*>"
)
"""A tag, or the beginning of a comment. Attributes are bounded, so that many beginnings without an end take no time."""

_ADDRESS = re.compile(r"(?<![a-z0-9])(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[!-;=?-~]+", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p(?:\s[^<>]*)?>(.*?)(?=</?p(?:\s[^<>]*)?>|\Z)", re.DOTALL | re.IGNORECASE)
_LOOKED_THROUGH = 10_000  # characters


def page_text(markup: str) -> str:
    """The text of a page.

    >>> page_text('<p>They <a href="https://owl.example">see</a> in the <b>dark</b>.</p><pre>code</pre>')
    'They see in the dark.'
    """
    return joined(outside_tags(markup))


def first_page_paragraph(markup: str) -> str | None:
    """The text of the first `<p>` that has more than images and code, in the first 10,000 characters."""
    for paragraph in _PARAGRAPH.finditer(markup[:_LOOKED_THROUGH]):
        if page_text(paragraph[1]):
            return joined(outside_tags(paragraph[1], HIDDEN_IN_LEADS))
    return None


def outside_tags(markup: str, hidden: Collection[str] = HIDDEN) -> Iterator[str]:
    """The text that a browser would show. Of a hidden element or a comment without an end, all is hidden."""
    position = 0
    while tag := TAG.search(markup, position):
        yield html.unescape(markup[position : tag.start()])
        name = (tag["name"] or "").lower()
        if name not in WITHIN_WORDS:
            yield " "
        position = tag.end()
        if tag[0] == "<!--":
            position = _behind(re.compile("-->"), markup, position)
        elif name in hidden and not tag["slash"]:
            position = _behind(re.compile(rf"</{name}\s*>", re.IGNORECASE), markup, position)
    yield html.unescape(markup[position:])


def joined(pieces: Iterable[str]) -> str:
    """The pieces of a text as one line, without addresses."""
    return " ".join(_ADDRESS.sub(" ", "".join(pieces)).split())


def _behind(end: re.Pattern[str], markup: str, position: int) -> int:
    match = end.search(markup, position)
    return match.end() if match else len(markup)
