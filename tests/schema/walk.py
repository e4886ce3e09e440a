"""Every question that can be put to the schema: each field of each type, with each of its arguments."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_non_null_type,
    is_object_type,
)

Candidates = Mapping[str, Sequence[str]]
"""Values, as they are written in a query, to try for each argument, by its name."""


def questions(schema: GraphQLSchema, candidates: Candidates) -> Iterator[tuple[str, str]]:
    """Places in the schema (`Article.title`), and queries that ask for each; several where it has arguments."""
    for type_, (head, tail) in _paths(schema, candidates).items():
        for name, field in schema.get_type(type_).fields.items():
            for arguments in _arguments(field, candidates):
                yield f"{type_}.{name}", f"{head} {name}{arguments} {_selection(schema, field.type, 2)} {tail}"


def _paths(schema: GraphQLSchema, candidates: Candidates) -> dict[str, tuple[str, str]]:
    """The opening and closing of a query that arrives at each object type.

    It goes through fields that are never null and ask for no argument, if it can.
    """
    paths = {schema.query_type.name: ("{", "}")}
    waiting = deque([schema.query_type])
    through_null: list[tuple[GraphQLObjectType, str, str]] = []
    while waiting or through_null:
        if not waiting:
            target, head, tail = through_null.pop(0)
            if target.name in paths:
                continue
            paths[target.name] = (head, tail)
            waiting.append(target)
        type_ = waiting.popleft()
        head, tail = paths[type_.name]
        for name, field in type_.fields.items():
            target = get_named_type(field.type)
            is_lookup = {"id", "key"} <= field.args.keys()  # which takes exactly one of its arguments
            if not is_object_type(target) or target.name in paths or is_lookup:
                continue
            required = _required(field)
            given = ", ".join(f"{argument}: {candidates[argument][0]}" for argument in required)
            path = (f"{head} {name}{f'({given})' if given else ''} {{", f"}} {tail}")
            if is_non_null_type(field.type) and not required:
                paths[target.name] = path
                waiting.append(target)
            else:
                through_null.append((target, *path))
    return paths


def _arguments(field: GraphQLField, candidates: Candidates) -> Iterator[str]:
    """The field without arguments, where that is allowed, and with each argument by itself or with what is required."""
    required = {name: candidates[name][0] for name in _required(field)}
    if not required:
        yield ""
    for name in field.args:
        for value in candidates[name]:
            given = {**required, name: value}
            yield f"({', '.join(f'{argument}: {written}' for argument, written in given.items())})"


def _required(field: GraphQLField) -> list[str]:
    return [name for name, argument in field.args.items() if is_non_null_type(argument.type)]


def _selection(schema: GraphQLSchema, type_: GraphQLOutputType, depth: int) -> str:
    """Everything that can be selected in a type, down to `depth` levels of objects; nothing for a scalar."""
    named = get_named_type(type_)
    if is_abstract_type(named):
        possible = schema.get_possible_types(named)
        types = {(name, str(field.type)) for each in possible for name, field in each.fields.items()}
        names = [name for name, _ in types]
        conflicting = {name for name in names if names.count(name) > 1}
        inner = [f"... on {each.name} {_fields(schema, each, depth, conflicting)}" for each in possible]
        return f"{{ __typename {' '.join(inner)} }}"
    return _fields(schema, named, depth) if is_object_type(named) else ""


def _fields(schema: GraphQLSchema, type_: GraphQLObjectType, depth: int, conflicting: Collection[str] = ()) -> str:
    """The fields of a type. Those that conflict with another type's have names of their own in the answer."""
    wanted = [
        f"{f'{type_.name}_{name}: ' if name in conflicting else ''}{name} {_selection(schema, field.type, depth - 1)}"
        for name, field in type_.fields.items()
        if not _required(field) and (depth > 0 or not is_composite_type(get_named_type(field.type)))
    ]
    return f"{{ __typename {' '.join(wanted)} }}"
