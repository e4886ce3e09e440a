"""Values in the short and various forms that people write, as nodes of the full form."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from indexer.content.fields.field_values import UnfitValue, absolute_url
from indexer.content.markup.nodes import MappingNode, Node, Scalar, SequenceNode

_NAME_KEYS = ("name", "title", "label", "display_name", "slug", "id")
_MOST_NAMES = 200
_URL_KEYS = ("url", "src", "path", "image", "file", "href", "relative", "feature", "teaser", "thumbnail")
_TITLE_KEYS = ("title", "alt", "caption")
_NO_ADDRESS = re.compile(r"[@~#]|data:|\.\./|.*(\{\{|\{%|\$\{|<)", re.DOTALL)
_PICTURE = re.compile(r"[^?#]+\.(?:avif|bmp|gif|ico|jpe?g|jxl|png|svg|tiff?|webp)(?:[?#].*)?", re.IGNORECASE)


def is_blank(node: Node | None) -> bool:
    """Tell whether nothing is written: no value, a blank one, or an empty list or mapping."""
    if isinstance(node, Scalar):
        return not (node.text or "").strip()
    return node is None or not (node.items if isinstance(node, SequenceNode) else node.values)


def first_text(node: Node) -> Scalar | None:
    """The first text in a node, which may be a list of them; None where there is none."""
    return next(_texts(node), None)


def text_of(node: Node | None) -> str:
    """The text of a single value, without space around; empty for any other node."""
    return (node.text or "").strip() if isinstance(node, Scalar) else ""


def names(node: Node, *, separator: str | None = ",") -> SequenceNode:
    """A list of names: of a text divided by commas, or by spaces where `separator` is None; else of all texts in it."""
    if not isinstance(node, Scalar):
        return SequenceNode(tuple(_texts(node)), node.mark)
    parts = (node.text or "").split("," if "," in (node.text or "") else separator)
    return SequenceNode(tuple(Scalar(part.strip(), node.mark) for part in parts if part.strip()), node.mark)


def names_of_people(node: Node) -> Node:
    """A list of names: each a text, or a mapping with a `name`. A single text is one name, whatever signs it holds."""
    return node if is_blank(node) else SequenceNode(tuple(_texts(node))[:_MOST_NAMES], node.mark)


def provider(node: Node) -> Node:
    """A provider, which may be written as its domain."""
    return _mapping("domain", node) if isinstance(node, Scalar) and not is_blank(node) else node


def image_items(node: Node) -> tuple[Node, ...]:
    """The images in a node: an address, a mapping, or a list of both. What is neither stays as it is."""
    items = node.items if isinstance(node, SequenceNode) else (node,)
    return tuple(_mapping("url", item) if isinstance(item, Scalar) else item for item in items)


def image(node: Node, *, base: str | None, site: str | None) -> MappingNode | None:
    """An image of which only the address and the fields that fit are kept; None where there is no such address.

    An address below the site begins with `/`. Others that are relative are completed by `base`.
    """
    if not isinstance(node, MappingNode):
        return None
    url = next((value for key in _URL_KEYS if text_of(value := node.values.get(key, node))), None)
    address = url and _picture_address(text_of(url), base, site)
    if not url or not address:
        return None
    kept: dict[str, Node] = {"url": Scalar(address, url.mark)}
    if title := next((value for key in _TITLE_KEYS if text_of(value := node.values.get(key, node))), None):
        kept["title"] = title
    for size in ("width", "height"):
        if re.fullmatch("[0-9]{1,6}", text_of(node.values.get(size))):
            kept[size] = node.values[size]
    return MappingNode(kept, {name: Scalar(name, value.mark) for name, value in kept.items()}, node.mark)


def relative_picture(text: str, base: str) -> str:
    """The address of a picture in the short form of our own fields; the text itself where it is complete already."""
    return urljoin(base, text) if _PICTURE.fullmatch(text) and not re.match("/|[a-z]+:", text) else text


def _picture_address(text: str, base: str | None, site: str | None) -> str | None:
    text = text.replace("\\", "/").replace(" ", "%20")
    if _NO_ADDRESS.match(text):
        return None
    if text.startswith("//"):
        text = f"https:{text}"
    elif text.startswith("/"):
        text = f"{site.rstrip('/')}{text}" if site else text
        return text if not site else _absolute(text)
    elif not re.match("https?://", text, re.IGNORECASE):
        if base is None or not _PICTURE.fullmatch(text):
            return None
        text = urljoin(base, text)
    return _absolute(text)


def _absolute(url: str) -> str | None:
    try:
        return absolute_url(url)
    except UnfitValue:
        return None


def _texts(node: Node) -> Iterator[Scalar]:
    """All texts in a node that are no blanks; of a mapping its name."""
    if isinstance(node, SequenceNode):
        for item in node.items:
            yield from _texts(item)
    elif isinstance(node, MappingNode):
        named = (node.values.get(key) for key in _NAME_KEYS)
        yield from [value for value in named if isinstance(value, Scalar) and not is_blank(value)][:1]
    elif not is_blank(node):
        yield node


def _mapping(name: str, value: Scalar) -> MappingNode:
    return MappingNode({name: value}, {name: Scalar(name, value.mark)}, value.mark)
