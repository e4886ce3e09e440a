"""The trust of a build in an index."""

from enum import Enum


class Trust(Enum):
    """The files of an index that a build takes for whole without reading them: none, or those nobody has written to."""

    NOTHING = "nothing"
    UNTOUCHED = "untouched"
