"""Which values cannot be completed as they are."""

from enum import IntEnum


class Kind(IntEnum):
    """What a value is to the executor, by its Python type."""

    PLAIN = 0
    AWAITABLE = 1
    ABSENT = 2
    ERROR = 3


class Kinds(dict[type, Kind]):
    """The kind of each type, found out when the type is first met."""

    def __missing__(self, type_: type) -> Kind:
        kind = self[type_] = _kind(type_)
        return kind


def _kind(type_: type) -> Kind:
    if type_ is type(None):
        return Kind.ABSENT
    if issubclass(type_, BaseException):
        return Kind.ERROR
    return Kind.AWAITABLE if hasattr(type_, "__await__") else Kind.PLAIN
