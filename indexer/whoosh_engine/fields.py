"""The fields of the Whoosh index. Only Whoosh's own types stand here, so that plain Whoosh opens the index."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, KEYWORD, TEXT, Schema

from indexer.filters import TermField

MISSING = -(2**31)  # quality or heat of an article that has none; smaller than any that a file may give
BEYOND = 2**31  # larger than any quality or heat that a file may give

# The bits of `flags`.
PUBLISHED = 1
HAS_IMAGE = 2

# One number for each article. Lengths are counted in terms; Whoosh's own are rounded to one byte.
NUMBERS = {
    "title_length": NumericColumn("i"),
    "excerpt_length": NumericColumn("i"),
    "published_at": NumericColumn("q"),
    "quality": NumericColumn("i", default=MISSING),
    "heat": NumericColumn("i", default=MISSING),
    "flags": NumericColumn("B"),
}

# Words are searched with their positions; values are matched whole.
FIELDS = Schema(
    key=ID(unique=True, stored=True, sortable=True),
    title=TEXT(),
    excerpt=TEXT(),
    topic=TEXT(),
    provider=TEXT(),
    topic_value=KEYWORD(),
    provider_value=ID(),
    category_value=ID(),
    type_value=ID(),
    related_url_value=KEYWORD(),
    article=COLUMN(VarBytesColumn()),
    **{name: COLUMN(column) for name, column in NUMBERS.items()},
)

_MICROSECONDS = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = (datetime.max.replace(tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def value_field(field: TermField) -> str:
    """The Whoosh field that holds the whole values of `field`."""
    return f"{field}_value"


def microseconds(timestamp: float) -> int:
    """Seconds since 1970 as whole microseconds, the unit of `published_at`."""
    return round(timestamp * _MICROSECONDS)


def instant(microseconds_since_1970: int) -> datetime:
    """The time that `microseconds` stands for; the last there is for one that was rounded beyond it."""
    return _EPOCH + timedelta(microseconds=min(microseconds_since_1970, _LAST))


def number_array(name: str, values: Sequence[int]) -> NDArray[np.integer]:
    """The values of a numeric column, in its type."""
    return np.array(values, dtype=np.dtype(NUMBERS[name]._typecode))  # noqa: SLF001  # Whoosh tells it in no other way
