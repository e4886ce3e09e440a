"""A feed as Atom (RFC 4287), its pages linked as in RFC 5005, its images as in Media RSS."""

import re
from urllib.parse import quote
from xml.etree.ElementTree import Element, ElementTree, SubElement

from gateway.lists.feed import Feed, FeedItem
from schema.inputs.scalars import write_instant
from schema.limits.answer_size import AnswerBuffer

MEDIA_TYPE = "application/atom+xml; charset=utf-8"

# Characters that XML 1.0 excludes (section 2.2), also as escapes.
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Characters that an IRI excludes (RFC 3987), and percent signs without an escape.
_NO_IRI = re.compile(
    r"%(?![0-9A-Fa-f]{2})|[^!#-;=?-\[\]_a-z~\u00a1-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U000dfffd]"
)


def encode(feed: Feed, *, most: int) -> bytes:
    """The feed as an XML document in UTF-8, of at most `most` bytes. Raises `AnswerTooLarge`."""
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:media": "http://search.yahoo.com/mrss/"})
    _text(root, "id", _iri(feed.first_url))
    _text(root, "title", feed.title)
    _text(root, "updated", write_instant(feed.updated))
    _text(SubElement(root, "author"), "name", feed.publisher)
    _link(root, "self", feed.url, type=MEDIA_TYPE.partition(";")[0])
    _link(root, "alternate", feed.home_url)
    if feed.next_url:
        _link(root, "next", feed.next_url)
    for item in feed.items:
        _entry(SubElement(root, "entry"), item)
    document = AnswerBuffer(most)
    ElementTree(root).write(document, encoding="utf-8", xml_declaration=True)
    return document.getvalue()


def _entry(entry: Element, item: FeedItem) -> None:
    _text(entry, "id", _iri(item.id))
    _text(entry, "title", item.title)
    _text(entry, "updated", write_instant(item.updated))
    _text(entry, "published", write_instant(item.published))
    for author in item.authors:
        _text(SubElement(entry, "author"), "name", author)
    _link(entry, "alternate", item.url)
    if item.summary:
        _text(entry, "summary", item.summary)
    for topic in item.topics:
        SubElement(entry, "category", {"term": _allowed(topic)})
    if item.image:
        SubElement(entry, "media:thumbnail", {"url": _iri(item.image)})


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _allowed(text)


def _link(parent: Element, relation: str, address: str, **attributes: str) -> None:
    SubElement(parent, "link", {"rel": relation, "href": _iri(address), **attributes})


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("", text)


def _iri(address: str) -> str:
    return _NO_IRI.sub(lambda match: quote(match[0], safe="", errors="replace"), address)
