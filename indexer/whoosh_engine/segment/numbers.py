"""The units and flags in which a segment stores numbers."""

from datetime import UTC, datetime, timedelta

MISSING = -(2**31)  # quality or heat of an article that has none; smaller than any that a file may give
BEYOND = 2**31  # larger than any quality or heat that a file may give

# The bits of `flags`.
PUBLISHED = 1
HAS_IMAGE = 2

_MICROSECONDS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def microseconds(timestamp: float) -> int:
    """Seconds since 1970 as whole microseconds, the unit of `published_at`."""
    return round(timestamp * _MICROSECONDS)


def instant(microseconds_since_1970: int) -> datetime:
    """The time that `microseconds` stands for; the last there is for one that was rounded beyond it."""
    return _EPOCH + timedelta(microseconds=min(microseconds_since_1970, _LAST))
