"""A small schema that takes arguments of every kind, whose one field answers with what it was given."""

from enum import Enum
from typing import Annotated

import strawberry
from graphql import GraphQLSchema

from schema.compiler.resolving import graphql_schema


@strawberry.enum
class Colour(Enum):
    RED = "r"
    GREEN = "g"


@strawberry.input
class Inner:
    number: int | None = None
    words: list[str] | None = None
    colour: Colour = Colour.GREEN


@strawberry.input
class Outer:
    wanted: str
    flag: bool | None = strawberry.field(name="isFlag", default=None)
    inner: Inner | None = None
    inners: list[Inner | None] | None = strawberry.UNSET


def _told(**given: object) -> str:
    return repr(sorted(given.items()))


@strawberry.type
class Query:
    @strawberry.field
    @staticmethod
    def told(  # noqa: PLR0913 - one of every kind
        *,
        number: int | None = None,
        ratio: float | None = None,
        flag: bool | None = None,
        text: str | None = "none",
        id_: Annotated[strawberry.ID | None, strawberry.argument(name="id")] = None,
        colour: Colour | None = None,
        certain: int = 7,
        hue: Colour = Colour.RED,
        texts: list[str] | None = None,
        numbers: list[list[int] | None] | None = None,
        colours: list[Colour] | None = None,
        outer: Outer | None = None,
        unset: int | None = strawberry.UNSET,
    ) -> str:
        return _told(
            number=number,
            ratio=ratio,
            flag=flag,
            text=text,
            id_=id_,
            colour=colour,
            certain=certain,
            hue=hue,
            texts=texts,
            numbers=numbers,
            colours=colours,
            outer=outer,
            unset=unset,
        )

    @strawberry.field
    @staticmethod
    def required(number: int, text: str, colour: Colour, texts: list[str], outer: Outer) -> str:
        return _told(number=number, text=text, colour=colour, texts=texts, outer=outer)


STRAWBERRY = strawberry.Schema(Query)
SCHEMA: GraphQLSchema = graphql_schema(STRAWBERRY)
