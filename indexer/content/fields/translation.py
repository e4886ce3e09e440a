"""Front matter of any origin, translated: the fields of an article under their own names and in their full forms.

A node keeps its place, and the key of a field the name that is written, so that problems are told as the file has it.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from indexer.content.fields import short_forms
from indexer.content.fields.addresses import Name, Post, address
from indexer.content.fields.dates import date_in_name, is_date, iso_timestamp
from indexer.content.fields.draft_switch import Verdict, is_nearly_a_switch, verdict
from indexer.content.fields.field_values import UnfitValue, domain_of, language
from indexer.content.fields.rules import ADDRESSES, ALL, SWITCHES, FieldRules, folded
from indexer.content.fields.short_forms import first_text, is_blank, text_of
from indexer.content.markup.nodes import MappingNode, Node, Scalar, SequenceNode

_OFF_LISTS = frozenset({"hidden", "hide"})
"""Fields by which themes of other tools leave a published post out of a list of theirs."""
_MOST_TOPICS = 200
_LONGEST_TOPIC = 200
_LONGEST_EXCERPT = 10_000
_HEADING = re.compile(r"#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_COMPLETE = frozenset({"title", "publishedDateTime", "webUrl", "provider"})
_NEVER = "9999-01-01"  # of drafts without a date, which nobody sees
_NUMBER = re.compile("[+-]?[0-9]{1,9}")


class Translation(NamedTuple):
    """The fields of an article as `FieldReader` takes them, and the written names that no field was read from."""

    mapping: MappingNode
    ignored: tuple[str, ...] = ()


class _Entry(NamedTuple):
    """A field as it is written. `top` is the name at the outermost level that it belongs to."""

    top: str
    key: Scalar
    node: Node


def translated(front: MappingNode, *, path: str, body: str | None, rules: FieldRules) -> Translation:
    """The fields of the file at `path`, by `rules`. What these do not know stays, or is ignored if they are lenient."""
    if not rules.is_lenient and not rules.defaults and _is_full(front):
        return Translation(front)
    return _Translator(front, path=path, body=body, rules=rules).translation()


def _is_full(front: MappingNode) -> bool:
    """Tell whether nothing is to be translated."""
    values = front.values
    images = values.get("images")
    return (
        values.keys() <= ALL
        and values.keys() >= _COMPLETE
        and not isinstance(values["provider"], Scalar)
        and not isinstance(values.get("topics"), Scalar)
        and not isinstance(values.get("authors"), Scalar | MappingNode)
        and (images is None or (isinstance(images, SequenceNode) and _are_mappings(images)))
    )


def _are_mappings(node: SequenceNode) -> bool:
    return all(isinstance(item, MappingNode) for item in node.items)


class _Translator:
    """Translates the front matter of one file."""

    def __init__(self, front: MappingNode, *, path: str, body: str | None, rules: FieldRules) -> None:
        self._front = front
        self._rules = rules
        self._name = Name.of(path)
        self._body = body or ""
        self._values: dict[str, Node] = {}
        self._keys: dict[str, Scalar] = {}
        self._read: set[str] = {"secured"}
        self._written = {folded(name): name for name in reversed(front.values)}
        self._defaults: dict[str, Node] = {}
        for defaults in reversed(rules.defaults_of(path)):
            self._defaults.update(defaults.fields.values)

    def translation(self) -> Translation:
        """All fields, in the order in which the later ones need the earlier."""
        self._switch()
        self._take("title", _text_or_itself)
        self._take("excerpt", lambda node: _short(first_text(node), _LONGEST_EXCERPT))
        self._category()
        self._take("type", first_text)
        self._take("publishedDateTime", self._date)
        self._date_in_an_address()
        self._take("updatedDateTime", self._update)
        self._take("authors", short_forms.names_of_people, short=short_forms.names_of_people)
        self._take("language", _language)
        self._take("quality", _number)
        self._take("heat", _number)
        self._take("provider", self._provider, short=short_forms.provider)
        self._take("related", _related)
        self._topics()
        for name in ADDRESSES:
            self._address(name)
        self._images()
        self._stand_ins()
        extra = {entry.top for entry in map(self._find, self._rules.extra) if entry}
        others = [name for name in self._front.values if name not in self._read | extra]
        for name in others if not self._rules.is_lenient else filter(self._is_misspelt_switch, others):
            self._values[name], self._keys[name] = self._front.values[name], self._front.keys[name]
        mapping = MappingNode(self._values, self._keys, self._front.mark)
        return Translation(mapping, tuple(others) if self._rules.is_lenient else ())

    def _find(self, name: str) -> _Entry | None:
        """The field of that name, which may be within others: `taxonomies.tags`."""
        head, *rest = name.split(".")
        top = head if head in self._front.values else self._spelling(head)
        if top is None:
            return None
        key, node = self._front.keys[top], self._front.values[top]
        for part in rest:
            if not isinstance(node, MappingNode) or part not in node.values:
                return None
            key, node = Scalar(f"{key.text}.{part}", node.keys[part].mark), node.values[part]
        return _Entry(top, key, node)

    def _spelling(self, name: str) -> str | None:
        """Another spelling of the name, which a strict rule takes of other tools' names only."""
        return None if name in ALL and not self._rules.is_lenient else self._written.get(folded(name))

    def _entries(self, name: str) -> Iterator[tuple[str, _Entry]]:
        """The fields that `name` may be read from, each with the name that the rules have for it."""
        for source in self._rules.names(name):
            if "{" not in source and (entry := self._find(source)):
                yield source, entry

    def _take(
        self, name: str, fit: Callable[[Node], Node | None], *, short: Callable[[Node], Node] | None = None
    ) -> None:
        """Read a field from the first of its names that has a value which `fit` takes.

        By strict rules, our own names need not fit: `FieldReader` tells then what is wrong with a value.
        """
        for source, (top, key, node) in self._entries(name):
            is_ours = source == name and not self._rules.is_lenient
            value = (short(node) if short else node) if is_ours else node if is_blank(node) else fit(node)
            if value is None:
                continue
            self._read.add(top)
            if name not in self._values or is_blank(self._values[name]):
                self._set(name, key, value)
            if not is_blank(value):
                return

    def _set(self, name: str, key: Scalar, node: Node) -> None:
        self._values[name], self._keys[name] = node, key

    def _has(self, name: str) -> bool:
        return not is_blank(self._values.get(name))

    def _switch(self) -> None:
        """Read `published`: as other tools mean it, where the rules are lenient."""
        if not self._rules.is_lenient:
            for name in SWITCHES:
                if (node := self._front.values.get(name)) and not (name == "published" and self._is_the_date(node)):
                    self._set(name, self._front.keys[name], node)
                    self._read.add(name)
            return
        for (top, key, node), hides_by in self._switches():
            said = verdict(key.text or "", node, hides_by)
            if said or is_blank(node):
                self._read.add(top)
            if said is Verdict.UNCLEAR:
                self._set("draft" if "draft" in top.lower() else "published", key, node)
            elif said is Verdict.HIDDEN:
                self._set("published", key, Scalar("false", node.mark))
            elif said is Verdict.SHOWN and "published" not in self._values:
                self._set("published", key, Scalar("true", node.mark))

    def _switches(self) -> Iterator[tuple[_Entry, bool | None]]:
        """The fields that may hide the article, with the value that hides it where the mapping tells so."""
        told = set()
        for hides_by, names in ((False, self._rules.sources.get("published", ())), (True, self._rules.hiders)):
            for entry in filter(None, map(self._find, names)):
                told.add(entry.top)
                yield entry, hides_by
        for name, node in self._front.values.items():
            if name not in told and name.lower() not in _OFF_LISTS:
                yield _Entry(name, self._front.keys[name], node), None

    def _is_draft(self) -> bool:
        return text_of(self._values.get("published")).lower() == "false"

    def _is_the_date(self, node: Node) -> bool:
        """Tell whether `published` is a date, as Astro's themes have it, and the only one."""
        return "publishedDateTime" not in self._front.values and is_date(text_of(node))

    def _date(self, node: Node) -> Node | None:
        text = text_of(node)
        if text.lower() in ("true", "false", "yes", "no"):  # of `published`
            return None
        date = iso_timestamp(text)
        return Scalar(date, node.mark) if date else node

    def _update(self, node: Node) -> Node | None:
        date = iso_timestamp(text_of(node))
        return Scalar(date, node.mark) if date else None

    def _date_in_an_address(self) -> None:
        """Take the date in the file's name, or in an address that is written, where there is no other."""
        written = (text_of(entry.node).strip("/") for _, entry in self._entries("webUrl"))
        dates = (self._name.date, *(date_in_name(text)[0] for text in written))
        if not self._has("publishedDateTime") and (date := next(filter(None, dates), None)):
            self._values["publishedDateTime"] = Scalar(date, self._front.mark)

    def _provider(self, node: Node) -> Node | None:
        if isinstance(node, MappingNode) and "domain" in node.values:
            return node
        return short_forms.provider(node) if domain_of(text_of(node)) else None

    def _category(self) -> None:
        """Read the category: the first one, where there is a list of them."""
        self._take("category", first_text)
        key, categories = self._categories()
        if key and categories and not self._has("category") and "category" not in self._rules.sources:
            self._set("category", key, categories[0])

    def _categories(self) -> tuple[Scalar | None, tuple[Node, ...]]:
        """The categories, and the key that they have."""
        for name in ("categories", "taxonomies.categories", "category"):
            if (entry := self._find(name)) and not is_blank(entry.node):
                separator = "," if name == "category" else self._separator
                return entry.key, short_forms.names(entry.node, separator=separator).items
        return None, ()

    @property
    def _separator(self) -> str | None:
        """The sign between the names in one text; None for spaces."""
        style = self._rules.style
        return None if style is None or style.splits_words else ","

    def _topics(self) -> None:
        """Read topics from all fields that have them; from our own alone where no mapping tells more."""
        entries = [*self._entries("topics")]
        self._read.update(entry.top for _, entry in entries if is_blank(entry.node))
        entries = [entry for entry in entries if not is_blank(entry[1].node)]
        if entries and entries[0][0] == "topics" and "topics" not in self._rules.sources:
            del entries[1:]
        lists: list[SequenceNode] = []
        for source, (top, key, node) in entries:
            self._read.add(top)
            if source == "topics" and not self._rules.is_lenient and not isinstance(node, Scalar):
                self._set("topics", key, node)
                return
            lists.append(short_forms.names(node, separator="," if source == "topics" else self._separator))
        if lists:
            items = [item for node in lists for item in node.items]
            if self._rules.is_lenient:
                items = [item for item in items if len(text_of(item)) <= _LONGEST_TOPIC][:_MOST_TOPICS]
            self._set("topics", entries[0][1].key, SequenceNode(tuple(items), lists[0].mark))

    def _address(self, name: str) -> None:
        """Read an address, or make it of a pattern and the other fields."""
        written, slug, key, mark = "", "", None, self._front.mark
        for source, (top, entry_key, node) in self._entries(name):
            if source == name and not self._rules.is_lenient:
                self._set(name, entry_key, node)
                self._read.add(top)
                return
            text = text_of(node)
            if not text:
                continue
            self._read.add(top)
            if source == "slug" and not text.startswith("/"):
                slug, mark = slug or text, mark if written else node.mark
            else:
                written, key, mark = written or text, key or entry_key, node.mark if not written else mark
        pattern = next((source for source in self._rules.names(name) if "{" in source), "")
        pattern = pattern or text_of(self._defaults.get(name))
        if name != "webUrl" and not written and not pattern:
            return
        post = self._post(slug)
        url = address(post, written=written, pattern=pattern, site=self._rules.site, style=self._rules.style)
        if url:
            self._values[name] = Scalar(url, mark)
            if key:
                self._keys[name] = key

    def _post(self, slug: str) -> Post:
        date = iso_timestamp(text_of(self._values.get("publishedDateTime", self._front))) or ""
        return Post(
            name=self._name,
            date=date,
            slug=slug,
            title=text_of(self._values.get("title")),
            categories=tuple(map(text_of, self._categories()[1])),
            language=text_of(self._values.get("language")),
        )

    def _images(self) -> None:
        """Read images from the first field that has one with an address."""
        page = text_of(self._values.get("webUrl"))
        site = self._rules.site
        base = f"{site.rstrip('/')}/" if site and self._name.date and self._rules.style is None else page
        for source, (top, key, node) in self._entries("images"):
            items = () if is_blank(node) else short_forms.image_items(node)
            if source in ("images", "image") and not self._rules.is_lenient:
                self._set("images", key, _with_addresses(node, items, page) if items else node)
                self._read.add(top)
                return
            images = [short_forms.image(item, base=base or None, site=site) for item in items]
            if any(images):
                self._set("images", key, SequenceNode(tuple(filter(None, images)), node.mark))
                self._read.add(top)
                return

    def _stand_ins(self) -> None:
        """Give fields that are missing the folder's defaults, and what the site and the file's name say."""
        others = (*ADDRESSES, *(SWITCHES if any(map(self._has, SWITCHES)) else ()))
        for name, node in self._defaults.items():
            if not self._has(name) and name not in others:
                self._values[name] = node
        if self._rules.is_lenient and self._is_draft() and not self._has("publishedDateTime"):
            self._values["publishedDateTime"] = Scalar(_NEVER, self._front.mark)
        if self._rules.site and "provider" not in self._values:
            domain = Scalar(domain_of(self._rules.site.partition("://")[2]), self._front.mark)
            self._values["provider"] = short_forms.provider(domain)
        if self._rules.is_lenient and self._name.language and not self._has("language"):
            self._values["language"] = Scalar(self._name.language, self._front.mark)
        if self._rules.is_lenient and not self._has("title"):
            heading = _HEADING.match(self._body.lstrip())
            title = heading[1] if heading else self._name.title
            self._values["title"] = Scalar(title or None, self._front.mark)

    def _is_misspelt_switch(self, name: str) -> bool:
        return is_nearly_a_switch(name, self._front.values[name], self._rules.switches)


def _text_or_itself(node: Node) -> Node:
    return first_text(node) or node


def _short(node: Scalar | None, most: int) -> Scalar | None:
    return node if node and len(text_of(node)) <= most else None


def _number(node: Node) -> Node | None:
    return node if _NUMBER.fullmatch(text_of(node)) else None


def _language(node: Node) -> Node | None:
    try:
        return node if language(text_of(node)) else None
    except UnfitValue:
        return None


def _related(node: Node) -> Node | None:
    """Quoted articles, where that is what the field lists."""
    if not isinstance(node, SequenceNode) or not _are_mappings(node):
        return None
    needed = {"title", "webUrl"}
    return node if all(isinstance(item, MappingNode) and needed <= item.values.keys() for item in node.items) else None


def _with_addresses(node: Node, items: tuple[Node, ...], page: str) -> SequenceNode | Node:
    """Images whose short forms are completed by the address of their page."""
    if isinstance(node, SequenceNode) and _are_mappings(node):
        return node
    if isinstance(node, MappingNode):
        return SequenceNode(items, node.mark)
    originals = node.items if isinstance(node, SequenceNode) else (node,)
    completed: list[Node] = []
    for original, item in zip(originals, items, strict=True):
        if isinstance(original, Scalar) and isinstance(item, MappingNode):
            url = Scalar(short_forms.relative_picture(text_of(original), page), original.mark)
            completed.append(MappingNode({"url": url}, item.keys, item.mark))
        else:
            completed.append(item)
    return SequenceNode(tuple(completed), node.mark)
