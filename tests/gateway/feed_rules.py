"""Demands of RFC 4287 and JSON Feed 1.1 on a document, as assertions."""

import re
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

import orjson

ATOM = "{http://www.w3.org/2005/Atom}"
MEDIA = "{http://search.yahoo.com/mrss/}"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
FEED_ELEMENTS = {"author", "category", "contributor", "entry", "generator", "icon", "id", "link", "logo", "rights"} | {
    "subtitle",
    "title",
    "updated",
}
ENTRY_ELEMENTS = {"author", "category", "content", "contributor", "id", "link", "published", "rights", "source"} | {
    "summary",
    "title",
    "updated",
}


def atom_feed(document: bytes) -> Element:
    """The root of a document that keeps every rule of RFC 4287 for what is in it."""
    root = fromstring(document)  # noqa: S314 - our own document
    assert root.tag == f"{ATOM}feed"  # 2: the document element
    _is_container(root, FEED_ELEMENTS, single={"generator", "icon", "logo", "rights", "subtitle"})  # 4.1.1
    assert len([link for link in root.findall(f"{ATOM}link") if link.get("rel") == "self"]) == 1  # 4.1.1, SHOULD
    entries = root.findall(f"{ATOM}entry")
    assert root.findall(f"{ATOM}author") or all(entry.findall(f"{ATOM}author") for entry in entries)  # 4.1.1
    for entry in entries:
        _is_container(entry, ENTRY_ELEMENTS, single={"content", "published", "rights", "source", "summary"})  # 4.1.2
        relations = [link.get("rel", "alternate") for link in entry.findall(f"{ATOM}link")]
        assert entry.findall(f"{ATOM}content") or "alternate" in relations  # 4.1.2
        assert entry.findall(f"{ATOM}author") or root.findall(f"{ATOM}author")  # 4.1.2
    stamps = [(entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert len(set(stamps)) == len(stamps)  # 4.1.1: the same id and updated twice SHOULD NOT be
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)  # 4.2.6: unique
    return root


def _is_container(element: Element, allowed: set[str], *, single: set[str]) -> None:
    names = [child.tag.removeprefix(ATOM) for child in element]
    assert all(name in allowed or name.startswith(MEDIA) for name in names)
    assert all(names.count(name) == 1 for name in ("id", "title", "updated"))
    assert all(names.count(name) <= 1 for name in single)
    alternates = [
        (link.get("type"), link.get("hreflang"))
        for link in element.findall(f"{ATOM}link")
        if link.get("rel", "alternate") == "alternate"
    ]
    assert len(set(alternates)) == len(alternates)  # 4.1.1 and 4.1.2
    for child in element:
        _is_construct(child)


def _is_construct(element: Element) -> None:
    text = element.text or ""
    match element.tag.removeprefix(ATOM):
        case "id":  # 4.2.6
            assert_is_address(text)
        case "updated" | "published":  # 3.3
            assert RFC_3339.fullmatch(text)
        case "author":  # 3.2
            assert [child.tag for child in element] == [f"{ATOM}name"]
        case "title" | "summary":  # 3.1
            assert element.get("type", "text") in {"text", "html", "xhtml"}
            assert not list(element)
        case "link":  # 4.2.7
            assert_is_address(element.get("href", ""))
            assert re.fullmatch(r"[a-z]+", element.get("rel", "alternate"))
            assert not element.get("type") or re.fullmatch(r".+/.+", element.get("type", ""))
        case "category":  # 4.2.2
            assert element.get("term") is not None


def json_feed(document: bytes) -> Any:
    """A document that keeps every rule of JSON Feed 1.1 for what is in it."""
    feed = orjson.loads(document)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    for name in ("home_page_url", "feed_url", "next_url"):
        if name in feed:
            assert_is_address(feed[name])
    assert feed.get("next_url") != feed["feed_url"]
    _are_authors(feed.get("authors", []))
    assert isinstance(feed["items"], list)
    ids = [item["id"] for item in feed["items"]]
    assert all(isinstance(each, str) and each for each in ids)
    assert len(set(ids)) == len(ids)
    for item in feed["items"]:
        assert isinstance(item.get("content_text", item.get("content_html")), str)
        assert RFC_3339.fullmatch(item["date_published"])
        assert all(isinstance(tag, str) for tag in item.get("tags", []))
        _are_authors(item.get("authors", []))
        assert None not in item.values()
    return feed


def _are_authors(authors: list[dict[str, str]]) -> None:
    assert all({"name", "url", "avatar"} & author.keys() for author in authors)


def assert_is_address(text: str) -> None:
    """`text` is absolute, and holds nothing that an IRI may not hold (RFC 3987)."""
    assert urlsplit(text).scheme
    assert not re.search(r'[\x00-\x20<>"{}|\\^`\x7f-\xa0]|%(?![0-9A-Fa-f]{2})', text)
