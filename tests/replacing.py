"""Values with some of their fields changed, whatever kind of immutable value they are."""

import dataclasses
from typing import TypeVar, cast

from msgspec import Struct, structs

_Value = TypeVar("_Value")


def replace(value: _Value, /, **changes: object) -> _Value:
    """A copy of a dataclass or a structure with these fields instead of its own."""
    if isinstance(value, Struct):
        return cast("_Value", structs.replace(value, **changes))
    return cast("_Value", dataclasses.replace(value, **changes))  # type: ignore[type-var] # one of the two
