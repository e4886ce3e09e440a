"""On and off."""

from enum import StrEnum


class Switch(StrEnum):
    """Whether something is there."""

    ON = "on"
    OFF = "off"
