"""Operations over the whole schema, drawn at random: most of them valid, and some that fail in one way or another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
    is_interface_type,
    is_non_null_type,
    is_object_type,
)
from hypothesis import strategies as st

from schema.compiler.resolving import graphql_schema
from schema.schema import build_schema
from schema.types.node import NodeKind, global_id

TYPES = {"yes": "Boolean!", "no": "Boolean! = false", "first": "Int", "text": "String", "key": "String"}
ARTICLE, PROVIDER = global_id(NodeKind.ARTICLE, "a"), global_id(NodeKind.PROVIDER, "daily.example")
WRITTEN: Mapping[str, tuple[str, ...]] = {
    "first": ("1", "2", "$first", "3", "0", "-1"),
    "last": ("1",),
    "after": ('"no cursor"',),
    "before": ('"no cursor"',),
    "offset": ("0", "1", "$first"),
    "search": ('"harvest"', "$text", '"ran -they"', '""'),
    "typing": ("true", "$no"),
    "topic": ('"AI"', "$text"),
    "provider": ('"daily.example"', '["naïve.example"]'),
    "filter": ("{not: {provider: {any: $texts}}}", "{qualityAtLeast: $first}", '{topics: {any: ["AI"]}}', "{}"),
    "ranking": ("OLDEST", "RELEVANCE"),
    "tuning": ("{recency: 2}",),
    "id": (f'"{ARTICLE}"', f'"{PROVIDER}"', '"nonsense"'),
    "ids": (f'["{ARTICLE}", "{PROVIDER}"]', f'["{ARTICLE}", "{global_id(NodeKind.ARTICLE, "gone")}"]'),
    "key": ('"a"', "$key", '"gone"'),
    "webUrl": ('"https://naive.example/a"',),
    "domain": ('"daily.example"', '"naïve.example"', '"gone.example"'),
    "name": ('"AI"', '"gone"'),
    "prefix": ('"har"', '"c"'),
    "orderBy": ("NAME",),
    "fragmentLength": ("20", "0", "$first"),
    "mark": ('"em"', '"script"'),
    "unit": ("UTF16", "CODE_POINTS", "null"),
}
values = st.fixed_dictionaries(
    {},
    optional={
        "yes": st.booleans() | st.booleans() | st.sampled_from([None, "true"]),
        "no": st.booleans(),
        "first": st.sampled_from([0, 1, 2, 3, 2, 1, None, -1, "1", 2**40]),
        "text": st.sampled_from(["harvest", "ran", "AI", None, "\ud800", 3]),
        "key": st.sampled_from(["a", "b", "gone", None]),
    },
).map(lambda given: {"yes": True, **given})


@dataclass
class _Document:
    """A document while it is drawn."""

    draw: st.DrawFn
    schema: GraphQLSchema
    variables: set[str] = field(default_factory=set)
    fragments: list[str] = field(default_factory=list)
    names: int = 0

    def one_in(self, number: int) -> bool:
        return self.draw(st.integers(1, number)) == number

    def name(self) -> str:
        self.names += 1
        return f"n{self.names}"

    def selection(self, type_: GraphQLNamedType, depth: int) -> str:
        count = self.draw(st.integers(1, 4))
        return "{ " + " ".join(self.selected(type_, depth) for _ in range(count)) + " }"

    def selected(self, type_: GraphQLNamedType, depth: int) -> str:
        if depth > 0 and self.one_in(6):
            return self.fragment(type_, depth - 1)
        if self.one_in(8):
            return f"{self.alias()} __typename {self.directive()}"
        fields = {
            name: each
            for name, each in type_.fields.items()
            if depth > 0 or not is_composite_type(get_named_type(each.type))
        }
        if not fields:
            return "__typename"
        name = self.draw(st.sampled_from(sorted(fields)))
        return self.field(name, fields[name], depth)

    def field(self, name: str, declared: GraphQLField, depth: int) -> str:
        arguments = self.arguments(declared)
        alias = f"{self.name()}:" if arguments or declared.args else self.alias()
        named = get_named_type(declared.type)
        inner = self.selection(named, depth - 1) if is_composite_type(named) else ""
        return f"{alias} {name}{arguments} {self.directive()} {inner}"

    def fragment(self, type_: GraphQLNamedType, depth: int) -> str:
        possible = [type_, *(type_.interfaces if is_object_type(type_) else ())]
        if is_interface_type(type_):
            possible += self.schema.get_possible_types(type_)
        on = self.draw(st.sampled_from(possible))
        if self.one_in(2):
            condition = f"on {on.name}" if on is not type_ or self.one_in(2) else ""
            return f"... {condition} {self.directive()} {self.selection(on, depth)}"
        name = self.name()
        self.fragments.append(f"fragment {name} on {on.name} {self.selection(on, depth)}")
        return f"...{name} {self.directive()} " * self.draw(st.integers(1, 2))

    def alias(self) -> str:
        return f"{self.name()}:" if self.one_in(5) else ""

    def directive(self) -> str:
        if not self.one_in(6):
            return ""
        condition = self.draw(st.sampled_from(["true", "false", "$yes", "$no"]))
        return f"@{self.draw(st.sampled_from(['skip', 'include']))}(if: {self.used(condition)})"

    def arguments(self, declared: GraphQLField) -> str:
        given = [
            f"{name}: {self.used(self.draw(st.sampled_from(WRITTEN[name])))}"
            for name, argument in declared.args.items()
            if is_non_null_type(argument.type) or self.one_in(1 if name == "key" else 5)
        ]
        return f"({', '.join(given)})" if given else ""

    def used(self, written: str) -> str:
        written = written.replace("$texts", "[$text]" if self.one_in(9) else '["daily.example"]')
        self.variables |= {name for name in TYPES if f"${name}" in written}
        return written


@cache
def _schema() -> GraphQLSchema:
    return graphql_schema(build_schema())


@st.composite
def documents(draw: st.DrawFn, *, depth: int = 4) -> str:
    """The text of a document with one operation."""
    schema = _schema()
    document = _Document(draw, schema)
    selection = document.selection(schema.query_type, depth)
    declared = ", ".join(f"${name}: {TYPES[name]}" for name in sorted(document.variables))
    head = f"query Drawn({declared})" if declared else "query Drawn"
    return "\n".join([f"{head} {selection}", *document.fragments])
