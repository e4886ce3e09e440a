"""An enum is declared to clients as a whole, or the schema cannot even be imported."""

from enum import StrEnum

import pytest

from schema.inputs.enums import declare_enum


class Colour(StrEnum):
    """An enum of the seam."""

    RED = "red"
    BLUE = "blue"


def test_a_member_without_a_description_is_an_error() -> None:
    with pytest.raises(KeyError, match="BLUE"):
        declare_enum(Colour, "A colour.", {Colour.RED: "As a rose."})
