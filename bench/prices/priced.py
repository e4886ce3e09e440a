"""Things with a price: pairs of documents of which one asks for more, and documents that ask for the most allowed."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

Variables = dict[str, object]
_TYPES = {
    "key": "String!", "text": "String!", "long": "String!", "topic": "String!", "ids": "[ID!]!", "values": "[String!]!"
}  # fmt: skip
_FACETS = ("topics", "providers", "categories", "types", "months")
_COUNTED = " ".join(f"{name} {{ values {{ count }} }}" for name in _FACETS)
_LONGEST = 500


class Drawn(NamedTuple):
    """An article, as far as things about it are asked for."""

    id: str
    key: str
    title: str
    topics: Sequence[str]
    provider: Mapping[str, str]


class Priced(NamedTuple):
    """A document that asks for more than the document `beside` it. `text` draws what is typed, from words."""

    name: str
    document: str
    beside: str
    text: Callable[["Words"], str] = lambda words: words.some(2)


class Words:
    """Draws words of titles, in ways that people and others type them."""

    def __init__(self, articles: Sequence[Drawn], source: random.Random) -> None:
        self._articles = articles
        self._random = source

    def some(self, count: int) -> str:
        """Words of one title."""
        words = self._random.choice(self._articles).title.split()
        return " ".join(self._random.sample(words, min(count, len(words))))

    def misspelt(self, count: int) -> str:
        """The same, each with a wrong letter."""
        return " ".join(f"{word[:2]}x{word[3:]}" for word in self.some(count).split())

    def any_of_many(self) -> str:
        """As many words as a text may have."""
        return " OR ".join(self.some(1) for _ in range(100))[:_LONGEST]

    def many_beginnings(self) -> str:
        """As many beginnings of words as a text may have."""
        return " OR ".join(f"{self.some(1)[:2]}*" for _ in range(100))[:_LONGEST]

    def many_misspelt(self) -> str:
        """As many misspelt words as a text may have."""
        return " ".join(self.misspelt(4) for _ in range(30))[:_LONGEST]


def operation(selected: str) -> str:
    """A query that selects this, with the variables that it needs."""
    declared = [f"${name}: {type_}" for name, type_ in _TYPES.items() if f"${name}" in selected]
    return f"query ({', '.join(declared)}) {{ {selected} }}" if declared else f"{{ {selected} }}"


def repeated(selection: str, draws: Sequence[Variables]) -> tuple[str, Variables]:
    """A query that selects the same under several names, with variables of their own."""
    selected: list[str] = []
    declared: list[str] = []
    variables: Variables = {}
    for number, drawn in enumerate(draws):
        written = selection.replace("NUMBER", str(number + 1))
        for name, type_ in _TYPES.items():
            if f"${name}" in written:
                written = written.replace(f"${name}", f"${name}{number}")
                declared.append(f"${name}{number}: {type_}")
                variables[f"{name}{number}"] = drawn[name]
        selected.append(f"a{number}: {written}")
    body = f"{{ {' '.join(selected)} }}"
    return (f"query ({', '.join(declared)}) {body}" if declared else body), variables


def _list(selected: str, size: int = 10) -> str:
    return operation(f"articles(search: $text, first: {size}) {{ {selected} }}")


def _article(selected: str) -> str:
    return operation(f"article(key: $key) {{ {selected} }}")


_NOTHING = operation("__typename")
_NODES = "nodes { key }"
_EDGES = "edges { cursor node { key } }"
_FOUND = _list(_NODES)
_KEY = _article("key")
_PAGE = operation("articles(topic: $topic, first: 0) { nodes { key } }")
_OTHERS = "{ not: { topics: { any: $values } } }"
_SEARCHED: Mapping[str, Callable[[Words], str]] = {
    "one word": lambda words: words.some(1),
    "three words": lambda words: words.some(3),
    "three misspelt": lambda words: words.misspelt(3),
    "a beginning": lambda words: words.some(1)[:3] + "*",
    "500 characters": Words.any_of_many,
    "beginnings, 500 characters": Words.many_beginnings,
    "misspelt, 500 characters": Words.many_misspelt,
}

PRICED: Sequence[Priced] = (
    Priced(
        "100 objects, 5 scalars each",
        operation("articles(first: 100) { nodes { key title excerpt quality webUrl } }"),
        operation("articles(first: 0) { nodes { key } }"),
    ),
    Priced(
        "100 articles of a topic", operation(f"articles(topic: $topic, first: 100) {{ {_NODES} }}"), _PAGE
    ),
    Priced("a list of a topic", _PAGE, _NOTHING),
    Priced(
        "10,000 passed over",
        operation(f"articles(filter: {_OTHERS}, offset: 10000, first: 1) {{ {_NODES} }}"),
        operation(f"articles(filter: {_OTHERS}, first: 1) {{ {_NODES} }}"),
    ),
    Priced(
        "10,000 passed over, a beginning",
        operation(f"articles(search: $text, offset: 10000, first: 1) {{ {_NODES} }}"),
        operation(f"articles(search: $text, first: 1) {{ {_NODES} }}"),
        lambda words: words.some(1)[:2] + "*",
    ),
    Priced(
        "suggest, some topics",
        operation("suggest(prefix: $text, topic: [$topic]) { text }"),
        operation("suggest(prefix: $text) { text }"),
        lambda words: words.some(1)[:4],
    ),
    Priced("lookup of an article", _KEY, _NOTHING),
    Priced("lookup of a topic", operation("topic(name: $topic) { name }"), _NOTHING),
    Priced("lookup of 100 ids", operation("nodes(ids: $ids) { id }"), _NOTHING),
    *(Priced(f"search, {name}", _FOUND, _NOTHING, text) for name, text in _SEARCHED.items()),
    *(
        Priced(f"suggest, {name}", operation("suggest(prefix: $text) { text }"), _NOTHING, text)
        for name, text in {**_SEARCHED, "four letters": lambda words: words.some(1)[:4]}.items()
    ),
    Priced("a filter of 100 values", operation(
        f"articles(filter: {{ topics: {{ any: $values }} }}, first: 0) {{ {_NODES} }}"
    ), _PAGE),
    Priced("total", _list(f"{_NODES} totalCount"), _FOUND),
    Priced("facets, five", _list(f"{_NODES} facets {{ {_COUNTED} }}"), _FOUND),
    Priced("facets of a topic, five", operation(
        f"articles(topic: $topic, first: 0) {{ {_NODES} facets {{ {_COUNTED} }} }}"
    ), _PAGE),
    Priced("spreads, two", _list(f"{_NODES} facets {{ quality {{ min }} heat {{ min }} }}"), _FOUND),
    Priced(
        "names of 100 topics",
        _list(f"{_NODES} facets {{ topics(first: 100) {{ values {{ count name }} }} }}"),
        _list(f"{_NODES} facets {{ topics(first: 100) {{ values {{ count }} }} }}"),
    ),
    Priced(
        "highlights of 100",
        _list(f"{_EDGES[:-2]} highlights {{ title {{ html }} excerpt {{ fragment {{ html }} }} }} }}", 100),
        _list(_EDGES, 100),
        lambda words: words.some(1),
    ),
    Priced(
        "explain of 100", _list(f"{_EDGES[:-2]} explain {{ score title recency }} }}", 100), _list(_EDGES, 100),
        lambda words: words.some(1),
    ),
    Priced("similar", _article("key similar { key }"), _KEY),
    Priced("relatedBy", _article("key relatedBy { key }"), _KEY),
    Priced(
        "whyNot of a search", _article("key whyNot(search: $text) { rank reasons { message } }"), _KEY,
        lambda words: words.some(2),
    ),
    Priced("whyNot of a topic", _article("key whyNot(topic: $topic) { rank reasons { message } }"), _KEY),
    Priced("articles behind related", _article("related { article { key } }"), _article("related { title }")),
    Priced("articleCount", _article("provider { articleCount }"), _article("provider { name }")),
    Priced(
        "articles of a provider", _article("provider { articles(first: 10) { nodes { key } } }"),
        _article("provider { name }"),
    ),
    Priced("100 topics", operation("topics(first: 100) { nodes { name } }"), _NOTHING),
    Priced("100 providers", operation("providers(first: 100) { nodes { name } }"), _NOTHING),
    Priced(
        "introspection",
        operation("__schema { types { name fields { name args { name } type { name ofType { name } } } } }"), _NOTHING,
    ),
)  # fmt: skip

DEAREST: Mapping[str, str] = {
    "articles in full": "articles(first: 100, search: $text) { nodes { id key title excerpt category topics provider "
    "{ name images { url } } images { url } related { title provider { name } images { url } } } }",
    "searches": "articles(first: 10, search: $text) { nodes { key } totalCount }",
    "facets": f"articles(first: 0, topic: $topic) {{ facets {{ {_COUNTED} }} }}",
    "similar": "articles(first: 4, topic: $topic) { nodes { similar(first: NUMBER) { key } } }",
    "articles of providers": "articles(first: 20, topic: $topic) { nodes { provider { "
    "articles(first: NUMBER) { nodes { key } totalCount } } } }",
    "searches in providers": "articles(first: 20, topic: $topic) { nodes { provider { "
    "articles(first: NUMBER, search: $text) { nodes { key } } } } }",
    "whyNot": "articles(first: 20, topic: $topic) { nodes { whyNot(search: $text) { rank } } }",
    "long searches": "articles(first: 10, search: $long) { nodes { key } }",
    "filters": "articles(first: NUMBER, filter: { topics: { any: $values } }) { nodes { key } totalCount }",
    "suggestions": "suggest(prefix: $text) { text ranges { start end } }",
    "introspection": "__schema { types { name fields { name args { name } type { name } } } }",
}  # fmt: skip
"""Selections that are repeated until no more of them is allowed."""
