"""The source of the function that an operation becomes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from graphql import (
    GraphQLAbstractType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path

from indexer.memory import Memory
from schema.compiler.leaf import READY_NAMES, Kind, Kinds, is_ready, leaf
from schema.compiler.markers import Identity, identity_of
from schema.compiler.part_maker import PartMaker
from schema.compiler.parts import dependencies
from schema.compiler.resolving import Resolvers, attribute_of, ignores_path, step_of, strawberry_field
from schema.compiler.run import Bail, Complete, Hole, Run
from schema.compiler.selection import Fields, Selections, Uncovered

_MOST_FIELDS = 2000
"""Operations that select more are left to the stock executor: their functions would take long to make."""


_LINE_BYTES = 400
_NAME_BYTES = 1_000
"""Bytes of a line of source once it is compiled, and of a function or value that it calls, about."""

_NAME = re.compile(r"\w+")
_BASED = ("base = run.context.asset_base_url", "return part.json if part.base == base else part.at(base)")
"""The last lines of a function that has a `part`."""


@dataclass(frozen=True, slots=True)
class FieldOfOperation:
    """A field of an object type in the operation."""

    parent: GraphQLObjectType
    field: GraphQLField
    nodes: FieldDetailsList


@dataclass(slots=True, eq=False)
class Writer:
    """Writes one Python function for each object, and for each value that may be null, awaited or a list.

    All functions take a value, its path and the run. Everything that they call has a name in `names`.
    """

    selections: Selections
    resolvers: Resolvers
    kinds: Kinds
    kept: frozenset[str]
    """The types whose objects are encoded once, and kept in `memory`."""
    memory: Memory
    names: dict[str, object] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    _objects: dict[object, str] = field(default_factory=dict)
    _with_path: set[str] = field(default_factory=set)
    _fields: int = 0

    def __post_init__(self) -> None:
        self.names.update(READY_NAMES, kinds=self.kinds, PLAIN=Kind.PLAIN, odd=_odd(self.kinds), Bail=Bail, Path=Path)

    @property
    def nbytes(self) -> int:
        """The memory that the function will take, about."""
        return _LINE_BYTES * len(self.lines) + _NAME_BYTES * len(self.names)

    def made(self, type_: GraphQLObjectType, fields: Fields) -> str:
        """The name of the function that makes an object of the fields."""
        selected = (type_.name, tuple((key, tuple(id(each.node) for each in nodes)) for key, nodes in fields.items()))
        if selected not in self._objects:
            self._objects[selected] = f"object_{len(self._objects)}"
            written = [line for key, nodes in fields.items() for line in self._field(type_, key, nodes)]
            if any("Path(" in line for line in written):
                self._with_path.add(self._objects[selected])
            body = ["answer = {}", *self._type_check(type_), *written, "return answer"]
            self._function(self._objects[selected], body)
            attributes = dependencies(type_, fields, self.selections) if type_.name in self.kept else None
            if attributes is not None:
                self._objects[selected] = self._kept(self._objects[selected], sorted(attributes))
        return self._objects[selected]

    def _kept(self, made: str, attributes: Sequence[str]) -> str:
        """The name of a function that makes the same object, encoded, unless it is kept with equal attributes."""
        maker = PartMaker(self.memory)
        young, encoded = self._named("young", maker.parts.get), self._named("encoded", maker.encoded)
        name = f"kept_{made}"
        if attributes:
            around = f"around = ({', '.join(f'run.context.{attribute}' for attribute in attributes)},)"
            renewed = [f"    part = {encoded}(source, {made}, run, around)"]
            body = [around, f"part = {young}(id(source))", "if part is None or part.around != around:", *renewed]
        else:
            body = [f"part = {young}(id(source)) or {encoded}(source, {made}, run, ())"]
        self._function(name, [*body, *_BASED])
        return name

    def _kept_field(self, selected: FieldOfOperation) -> str | None:
        """The name of a function that gives a whole field encoded, or None; None where that is never kept."""
        declared, inner = strawberry_field(selected.field), get_named_type(selected.field.type)
        identity = identity_of(declared.metadata) if declared else None
        if identity is None or not is_object_type(inner):
            return None
        attributes = dependencies(inner, self.selections.within(inner, selected.nodes), self.selections)
        return None if attributes is None else self._kept_whole(selected, identity, sorted(attributes))

    def _kept_whole(self, selected: FieldOfOperation, identity: Identity, attributes: Sequence[str]) -> str:
        maker = PartMaker(self.memory)
        young, again = self._named("young", maker.parts.get), self._named("again", maker.again)
        whole = self._named("whole", None)
        made = self._value(selected.field.type, selected, "value")
        self._function(whole, [f"value = {self._read(selected)}", "here = None", f"return {made}"])
        name = self._named("kept", None)
        around = [f"source.{each}" for each in identity.around] + [f"run.context.{each}" for each in attributes]
        body = [
            f"value = source.{identity.value}",
            "if not value:",
            "    return None",
            f"around = ({''.join(f'{each}, ' for each in around)})",
            f"part = {young}(id(value))",
            "if part is None or part.around != around:",
            f"    part = {again}(value, source, {whole}, run, around)",
            "if part.is_blank:",
            "    return None",
        ]
        self._function(name, [*body, *_BASED])
        return name

    def _field(self, type_: GraphQLObjectType, key: str, nodes: FieldDetailsList) -> list[str]:
        self._fields += 1
        name = nodes[0].node.name.value
        if self._fields > _MOST_FIELDS:
            raise Uncovered(f"more than {_MOST_FIELDS} fields")
        if name == "__typename":
            return [f"answer[{key!r}] = {type_.name!r}"]
        if name not in type_.fields:
            raise Uncovered(name)
        selected = FieldOfOperation(type_, type_.fields[name], nodes)
        read = self._read(selected)
        made = self._value(selected.field.type, selected, "value", key=key)
        path = f"Path(path, {key!r}, {type_.name!r})" if self._needs_path(read) or self._needs_path(made) else "None"
        anew = [f"here = {path}", f"value = {read}", f"answer[{key!r}] = {made}"]
        kept = self._kept_field(selected)
        if kept is None:
            return anew
        read_kept = [f"kept = {kept}(source, None, run)", "if kept is None:"]
        return [*read_kept, *(f"    {line}" for line in anew), "else:", f"    answer[{key!r}] = kept"]

    def _read(self, selected: FieldOfOperation) -> str:
        attribute = attribute_of(selected.field)
        if attribute is not None and not selected.field.args:
            return f"source.{attribute}"
        step = step_of(selected.field)
        if step is not None:
            return f"{self._named('step', step)}(source, run.context)"
        name = self._named("resolve", self.resolvers.resolve(selected.field, selected.parent, selected.nodes))
        if not ignores_path(selected.field):
            self._with_path.add(name)
        return f"{name}(source, here, run)"

    def _needs_path(self, expression: str) -> bool:
        """True where a function that the expression calls, or one behind it, needs its path."""
        return not self._with_path.isdisjoint(_NAME.findall(expression))

    def _value(
        self, type_: GraphQLOutputType, selected: FieldOfOperation, value: str, *, key: str | None = None
    ) -> str:
        """An expression for the value's part of the answer. Items of lists have no `key`, and are never awaited."""
        nullable = not is_non_null_type(type_)
        inner = type_.of_type if is_non_null_type(type_) else type_
        complete = self._complete(inner, selected, nullable=nullable)
        rest = f"{complete}({value}, here, run)"
        if key is not None:
            rest = f"odd({value}, answer, {key!r}, {complete}, here, run)"
        if is_leaf_type(inner):
            ready = is_ready(inner, value)
            ready = f"{value} is None or {ready}" if nullable and ready else ready
            return f"{value} if {ready} else {rest}" if ready else rest
        if is_object_type(inner):
            made = self.made(inner, self.selections.within(inner, selected.nodes))
            return f"{rest} if kinds[type({value})] is not PLAIN else {made}({value}, here, run)"
        plain = f"{complete}({value}, here, run)"
        return f"{rest} if kinds[type({value})] is not PLAIN else {plain}" if key is not None else rest

    def _complete(self, type_: GraphQLOutputType, selected: FieldOfOperation, *, nullable: bool) -> str:
        """The name of a function that completes a value of the type, which may be anything but awaited."""
        if is_leaf_type(type_):
            return self._named("leaf", leaf(type_, self.kinds, nullable=nullable))
        absent = ["if source is None:", "    return None"] if nullable else []
        check = [*absent, "if kinds[type(source)] is not PLAIN:", "    raise Bail"]
        name = self._named("complete", None)
        completed = self._completed(type_, selected)
        if any(self._needs_path(line) for line in completed):
            self._with_path.add(name)
        self._function(name, [*check, *completed])
        return name

    def _completed(self, type_: GraphQLOutputType, selected: FieldOfOperation) -> list[str]:
        if is_list_type(type_):
            item = self._value(type_.of_type, selected, "item")
            check = ["if type(source) is not list and type(source) is not tuple:", "    raise Bail"]
            if not self._needs_path(item):
                return [*check, "here = None", f"return [{item} for item in source]"]
            numbered = ["    here = Path(path, number, None)", f"    items.append({item})"]
            return [*check, "items = []", "for number, item in enumerate(source):", *numbered, "return items"]
        if is_object_type(type_):
            made = self.made(type_, self.selections.within(type_, selected.nodes))
            return [f"return {made}(source, path, run)"]
        if is_abstract_type(type_):
            return self._dispatched(type_, selected)
        raise Uncovered(str(type_))

    def _dispatched(self, type_: GraphQLAbstractType, selected: FieldOfOperation) -> list[str]:
        possible = self.selections.schema.get_possible_types(type_)
        made = {each.name: self.made(each, self.selections.within(each, selected.nodes)) for each in possible}
        table = ", ".join(f"{name!r}: {function}" for name, function in made.items())
        if type_.resolve_type is None:
            raise Uncovered(f"{type_} without a way to tell its types apart")
        info = self._named("info", self.resolvers.info(selected.field, selected.parent, selected.nodes))
        self._with_path.add(info)
        named = self._named("type_of", type_.resolve_type)
        abstract = self._named("abstract", type_)
        return [f"return {{{table}}}[{named}(source, {info}(path, run), {abstract})](source, path, run)"]

    def _type_check(self, type_: GraphQLObjectType) -> list[str]:
        if type_.is_type_of is None:
            return []
        return [f"if {self._named('is_type_of', type_.is_type_of)}(source, None) is not True:", "    raise Bail"]

    def _named(self, kind: str, value: object) -> str:
        name = f"{kind}_{len(self.names)}"
        self.names[name] = value
        return name

    def _function(self, name: str, body: list[str]) -> None:
        self.lines += [f"def {name}(source, path, run):", *(f"    {line}" for line in body)]


def executable(writer: Writer, root: str) -> Complete:
    """The function of that name, ready to be called.

    All functions are defined within another one, which is left out of their names in the end. So they do not lie in the
    names that they use, which would keep them alive.
    """
    names: dict[str, object] = dict(writer.names)
    source = "\n    ".join(["def operation():", *writer.lines, f"return {root}"])
    code = compile(source, f"<operation {root}>", "exec")
    exec(code, names)  # noqa: S102 - the source is ours: of the client's text it holds names only, which are checked
    operation: Callable[[], Complete] = names.pop("operation")  # type: ignore[assignment] # just defined
    return operation()


def _odd(kinds: Mapping[type, Kind]) -> object:
    """A function for a field's values that cannot be written at once."""

    def odd(  # noqa: PLR0913, PLR0917 - by position, because it is called for many fields
        value: object, answer: dict[str, object], key: str, complete: Complete, path: Path | None, run: Run
    ) -> object:
        if kinds[type(value)] is not Kind.AWAITABLE:
            return complete(value, path, run)
        run.holes.append(Hole(value, answer, key, complete, path))  # type: ignore[arg-type] # its kind says so
        return None

    return odd
