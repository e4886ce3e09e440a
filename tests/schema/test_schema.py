"""The schema as clients and their tools see it."""

from enum import Enum
from pathlib import Path

import pytest
from graphql import (
    GraphQLNamedType,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_introspection_type,
    is_object_type,
)

from indexer.query.understanding import Match
from indexer.search.changes import ChangeKind
from indexer.search.facets import FacetOrder
from indexer.search.ranking import Ranking
from indexer.search.suggestions import SuggestionKind
from schema.compiler.resolving import graphql_schema
from schema.schema import build_schema, sdl

COMMITTED = Path(__file__).parents[2] / "schema" / "schema.graphql"
COMMAND = """python -c 'from schema.schema import sdl; print(sdl(), end="")' > schema/schema.graphql"""


def described() -> dict[str, str | None]:
    """The description of everything that has a name, by its place in the schema."""
    found: dict[str, str | None] = {}
    for type_ in graphql_schema(build_schema()).type_map.values():
        if not is_introspection_type(type_):
            found[type_.name] = type_.description
            found.update({f"{type_.name}.{place}": text for place, text in _within(type_).items()})
    return found


def _within(type_: GraphQLNamedType) -> dict[str, str | None]:
    if is_enum_type(type_):
        return {name: value.description for name, value in type_.values.items()}
    if is_input_object_type(type_):
        return {name: field.description for name, field in type_.fields.items()}
    if not (is_object_type(type_) or is_interface_type(type_)):
        return {}
    arguments = {
        f"{name}({argument}:)": given.description
        for name, field in type_.fields.items()
        for argument, given in field.args.items()
    }
    return {name: field.description for name, field in type_.fields.items()} | arguments


def test_the_committed_schema_is_the_one_that_is_served():
    assert COMMITTED.read_text(encoding="utf-8") == sdl(), f"write it anew with: {COMMAND}"


def test_everything_has_a_description():
    assert [place for place, text in described().items() if not (text or "").strip()] == []


@pytest.mark.parametrize("place", ["Article.title", "Query.articles(search:)", "Ranking.HEAT", "ArticleFilter.not"])
def test_descriptions_are_looked_for_in_every_kind_of_place(place: str):
    assert place in described()


def test_a_schema_can_be_built_twice():
    """Nothing of it is kept in a module."""
    assert build_schema() is not build_schema()
    assert sdl() == sdl()


@pytest.mark.parametrize(
    ("name", "enum"),
    [
        ("Ranking", Ranking),
        ("FacetOrder", FacetOrder),
        ("SuggestionKind", SuggestionKind),
        ("WordMatch", Match),
        ("ChangeKind", ChangeKind),
    ],
)
def test_an_enum_of_the_schema_has_the_members_of_the_seam(name: str, enum: type[Enum]) -> None:
    declared = graphql_schema(build_schema()).type_map[name]
    assert is_enum_type(declared)
    assert list(declared.values) == [each.name for each in enum]
