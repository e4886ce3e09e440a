"""Operations at random: any field of the schema with any of its arguments, about articles that there are."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

from prices.asking import Asking

_DEEPEST = 5
_SOME = 0.4  # how likely an argument or a field of an input is given
_FIELDS = 4  # selected of one object at most
_LISTS = 8  # values in a list at most, but in one of ten cases
_LONG_LIST = 100
_ANYWHERE = 0.3  # how likely a list begins in its middle
_SIZES = (0, 1, 3, 10, 20, 100)
_NUMBERS: Mapping[str, Sequence[object]] = {
    "maxPerProvider": (1, 2, 3, 10),
    "halfLifeHours": (1, 24, 1000),
    "text": (0, 0.5, 1),
    "recency": (0, 0.5, 1),
    "quality": (0, 0.5, 1),
    "heat": (0, 0.5, 1),
    "qualityAtLeast": (0, 50, 90),
    "heatAtLeast": (0, 100, 500),
    "fragmentLength": (20, 200, 2000),
}
_MEANINGS: Mapping[str, str] = {"topics": "topic", "name": "topic", "provider": "domain"}
"""Names of arguments and fields that take what another takes."""
_PAGES = ("first", "last")
_CURSORS = ("after", "before", "offset")


class Operation(NamedTuple):
    """An operation. The one `before` it, if any, has the `cursor` in its answer that `$after` stands for."""

    document: str
    before: str | None = None


class Drawing:
    """Draws operations."""

    def __init__(self, asking: Asking) -> None:
        self._schema = asking.schema
        self._random = asking.random
        self._articles = asking.articles
        words = asking.words
        self._texts: Sequence[Callable[[], str]] = (
            lambda: words.some(1),
            lambda: words.some(3),
            lambda: words.misspelt(1),
            lambda: words.misspelt(3),
            lambda: words.some(1)[:3] + "*",
            lambda: f'"{words.some(2)}"',
            lambda: f"{words.some(2)} -{words.some(1)}",
            words.any_of_many,
            words.many_beginnings,
            words.many_misspelt,
        )

    def operation(self) -> Operation:
        """One to three fields of the query, and what they select."""
        root = self._schema.query_type
        if root is None:
            raise ValueError(self._schema)
        names = self._random.choices([name for name in root.fields if name != "index"], k=self._random.randint(1, 3))
        if names == ["articles"] and self._random.random() < _ANYWHERE:
            return self._anywhere(root.fields["articles"])
        written = (self._field(f"a{number}: {name}", root.fields[name], 1) for number, name in enumerate(names))
        return Operation(f"{{ {' '.join(written)} }}")

    def _anywhere(self, field: GraphQLField) -> Operation:
        """A page of articles from a cursor on."""
        arguments = self._arguments(field, but=(*_PAGES, *_CURSORS))
        selected = self._selection(get_named_type(field.type), 1)
        size = self._random.choice(_SIZES)
        given = ", ".join((*arguments, f"first: {size}", "after: $after"))
        before = ", ".join((*arguments, f"first: {self._random.choice(_SIZES[1:])}"))
        return Operation(
            f"query ($after: String) {{ articles({given}) {selected} }}",
            f"{{ articles({before}) {{ pageInfo {{ endCursor }} }} }}",
        )

    def _field(self, name: str, field: GraphQLField, depth: int) -> str:
        but = (self._random.choice(_PAGES), *_CURSORS)
        arguments = ", ".join(self._arguments(field, but=but))
        type_ = get_named_type(field.type)
        selected = "" if is_leaf_type(type_) else f" {self._selection(type_, depth)}"
        return f"{name}({arguments}){selected}" if arguments else f"{name}{selected}"

    def _selection(self, type_: object, depth: int) -> str:
        if is_abstract_type(type_):
            types = self._schema.get_possible_types(type_)
            inner = (f"... on {each.name} {self._selection(each, depth)}" for each in types)
            return f"{{ {' '.join(inner)} }}"
        if not isinstance(type_, GraphQLObjectType):
            raise TypeError(type_)
        names = [
            name for name, field in type_.fields.items() if depth < _DEEPEST or is_leaf_type(get_named_type(field.type))
        ]
        names = self._random.sample(names, min(len(names), self._random.randint(1, _FIELDS))) or ["__typename"]
        written = (name if name == "__typename" else self._field(name, type_.fields[name], depth + 1) for name in names)
        return f"{{ {' '.join(written)} }}"

    def _arguments(self, field: GraphQLField, *, but: Sequence[str]) -> list[str]:
        given = {name: each for name, each in field.args.items() if name not in but and self._is_given(each)}
        if set(field.args) == {"id", "key", "webUrl"}:  # exactly one of these
            given = {"key": field.args["key"]}
        return [f"{name}: {self._value(name, each.type, 0)}" for name, each in given.items()]

    def _is_given(self, argument: GraphQLArgument) -> bool:
        return is_required_argument(argument) or self._random.random() < _SOME

    def _value(self, name: str, type_: GraphQLInputType, depth: int) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._value(name, type_.of_type, depth)
        if isinstance(type_, GraphQLList):
            most = _LONG_LIST if self._random.random() < 1 / 10 and depth < 2 else _LISTS if depth < 2 else 1  # noqa: PLR2004  # two filters deep
            if isinstance(get_named_type(type_), GraphQLInputObjectType):
                most = 3
            values = (self._value(name, type_.of_type, depth + 1) for _ in range(self._random.randint(0, most)))
            return f"[{', '.join(values)}]"
        if isinstance(type_, GraphQLEnumType):
            return self._random.choice([*type_.values])
        if isinstance(type_, GraphQLInputObjectType):
            return self._input(name, type_, depth)
        return self._scalar(name, type_.name)

    def _input(self, name: str, type_: GraphQLInputObjectType, depth: int) -> str:
        fields = {
            each: field
            for each, field in type_.fields.items()
            if is_required_input_field(field) or self._random.random() < _SOME / (1 + depth)
        }
        if depth > 2:  # noqa: PLR2004  # filters within filters end here
            fields = {each: field for each, field in fields.items() if each not in ("and", "or", "not")}
        is_of_values = type_.name in ("TopicFilter", "ValueFilter")  # whose fields say nothing of their values
        inner = (
            f"{each}: {self._value(name if is_of_values else each, field.type, depth + 1)}"
            for each, field in fields.items()
        )
        return f"{{ {', '.join(inner)} }}"

    def _scalar(self, name: str, type_: str) -> str:
        if type_ in ("Int", "Float"):
            return str(self._random.choice(_NUMBERS.get(name, _SIZES)))
        if type_ == "Boolean":
            return self._random.choice(("true", "false"))
        return json.dumps(self._text(name, type_))

    def _text(self, name: str, type_: str) -> str:
        article = self._random.choice(self._articles)
        texts: Mapping[str, Callable[[], str]] = {
            "DateTime": lambda: f"2020-0{self._random.randint(1, 6)}-15T00:00:00Z",
            "ID": lambda: article.id,
            "search": self._random.choice(self._texts),
            "prefix": self._random.choice(self._texts),
            "topic": lambda: self._random.choice([*article.topics, "ai"]),
            "domain": lambda: article.provider["domain"],
            "mark": lambda: "em",
            "key": lambda: article.key,
        }
        draw = texts.get(type_) or texts.get(_MEANINGS.get(name, name))
        return draw() if draw else self._random.choice(("news", "article", "opinion"))
