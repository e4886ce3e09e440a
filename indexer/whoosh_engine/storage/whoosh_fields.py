"""The fields of the Whoosh index. Only Whoosh's own types stand here, so that plain Whoosh opens the index."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, KEYWORD, TEXT, FieldType, Schema

from indexer.columns.numbers import MISSING, length_column
from indexer.query.tree import WITH_BODY, TextField
from indexer.search.filters import NumberField, TermField


def value_field(field: TermField) -> str:
    """The Whoosh field that holds the whole values of `field`."""
    return f"{field}_value"


def _value_type(field: TermField) -> FieldType:
    match field:
        case TermField.PROVIDER | TermField.CATEGORY | TermField.TYPE:
            return ID()
        case TermField.TOPIC | TermField.AUTHOR | TermField.RELATED_URL | TermField.EXTRA:
            return KEYWORD()


# One number for each article. Lengths are counted in terms; Whoosh's own are rounded to one byte.
NUMBERS = {
    **{length_column(field): NumericColumn("i") for field in WITH_BODY},
    "published_at": NumericColumn("q"),
    **{str(field): NumericColumn("i", default=MISSING) for field in NumberField},
    "has_image": NumericColumn("B"),
}

# Words are searched with their positions; values are matched whole. Names are plain text, since Whoosh pickles them.
FIELDS = Schema(
    key=ID(unique=True, stored=True, sortable=True),
    article=COLUMN(VarBytesColumn()),
    **{str(field): TEXT() for field in TextField},
    **{value_field(field): _value_type(field) for field in TermField},
    **{name: COLUMN(column) for name, column in NUMBERS.items()},
)


def number_array(name: str, values: Sequence[int]) -> NDArray[np.integer]:
    """The values of a numeric column, in its type."""
    return np.array(values, dtype=np.dtype(NUMBERS[name]._typecode))  # noqa: SLF001  # Whoosh tells it in no other way
