"""The fields of the Whoosh index. Only Whoosh's own types stand here, so that plain Whoosh opens the index."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, KEYWORD, TEXT, Schema

from indexer.search.filters import TermField
from indexer.whoosh_engine.segment.numbers import (
    MISSING,
)

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


def value_field(field: TermField) -> str:
    """The Whoosh field that holds the whole values of `field`."""
    return f"{field}_value"


def number_array(name: str, values: Sequence[int]) -> NDArray[np.integer]:
    """The values of a numeric column, in its type."""
    return np.array(values, dtype=np.dtype(NUMBERS[name]._typecode))  # noqa: SLF001  # Whoosh tells it in no other way
