"""The units in which an index stores numbers."""

from datetime import UTC, datetime, timedelta

from indexer.query.tree import TextField

MISSING = -(2**31)  # quality or heat of an article that has none; smaller than any in a content file
BEYOND = 2**31  # larger than any in a content file

_MICROSECONDS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def length_column(field: TextField) -> str:
    """The name of the column that holds how many terms a searched field has in each article."""
    return f"{field}_length"


def microseconds(timestamp: float) -> int:
    """Seconds since 1970 as whole microseconds, the unit of `published_at`."""
    return round(timestamp * _MICROSECONDS)


def instant(microseconds_since_1970: int) -> datetime:
    """The time of such a number; the last time there is for a number that was rounded beyond it."""
    return _EPOCH + timedelta(microseconds=min(microseconds_since_1970, _LAST))
