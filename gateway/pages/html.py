"""HTML by functions. All text is escaped, in this one place, but what is `Html` already."""

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

Content: TypeAlias = "str | int | Iterable[Content] | None"
"""Children of an element: text, which is escaped; elements; any number of both; None for nothing."""

_VOID = frozenset({"br", "img", "input", "link", "meta"})


class Html(str):
    """Text that is HTML."""

    __slots__ = ()


def element(name: str, /, *children: Content, **attributes: str | int | bool | None) -> Html:
    """An element. An underscore in the name of an attribute is a hyphen, and one at its end is none.

    An attribute that is True has no value, and one that is False or None is left out.

    >>> element("a", "Q & A", href="?q=a&b", class_="link", aria_label=None)
    '<a href="?q=a&amp;b" class="link">Q &amp; A</a>'
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    end = "" if name in _VOID else f"{joined(children)}</{name}>"
    return Html(f"<{name}{written}>{end}")


def joined(content: Content) -> Html:
    """The content as HTML."""
    if content is None:
        return Html()
    if isinstance(content, Html):
        return content
    if isinstance(content, str | int):
        return Html(escape(str(content)))
    return Html("".join(map(joined, content)))


def _attribute(key: str, value: str | int | bool | None) -> str:  # noqa: FBT001 - an attribute's value
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
