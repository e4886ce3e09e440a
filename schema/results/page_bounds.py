"""The bounds of a page in its list, with the attributes that the GraphQL type `PageInfo` declares."""

from collections.abc import Sequence
from typing import NamedTuple

from indexer.search.facets import FacetValue
from indexer.search.requests import Hit
from schema.inputs.cursor import PageCursors


class PageBounds(NamedTuple):
    """The bounds of a page with these entries."""

    entries: Sequence[Hit | FacetValue]
    cursors: PageCursors
    has_previous_page: bool
    has_next_page: bool

    @property
    def start_cursor(self) -> str | None:
        """The cursor of the first entry; None on an empty page."""
        return self.cursors.at(self.entries[0].position) if self.entries else None

    @property
    def end_cursor(self) -> str | None:
        """The cursor of the last entry; None on an empty page."""
        return self.cursors.at(self.entries[-1].position) if self.entries else None
