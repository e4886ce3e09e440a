"""Enums of the seam as GraphQL declares them: the same members, with descriptions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

_Member = TypeVar("_Member", bound=StrEnum)


def declare_enum(
    enum: type[_Member], description: str, values: Mapping[_Member, str], *, name: str | None = None
) -> None:
    """Declare an enum, under its own name or another. Raises `KeyError` where a member has no description."""
    strawberry.enum(enum, name=name, description=description)
    definition: StrawberryEnumDefinition = vars(enum)["__strawberry_definition__"]
    for value in definition.values:
        value.description = values[enum(value.value)]
