"""From the arguments first, after, last, before and offset to a window on a list."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import strawberry

from indexer.search.ranking import End, Window
from schema.inputs.bad_input import BadUserInput
from schema.inputs.cursor import Listing, PageCursors, read_cursor
from schema.inputs.cursor_seal import CursorSeal
from schema.limits.limits import DEFAULT_PAGE, MAX_OFFSET, MAX_PAGE

Offset = Annotated[
    int | None,
    strawberry.argument(
        description="How many entries to pass over from the start of the list, for numbered pages: page 3 of 20 each "
        "is `first: 20, offset: 40`. 0 to 10000, and not together with `after`, `before` or `last`. Cursors cost less, "
        "and show no entry twice while new ones are published.",
    ),
]
First = Annotated[
    int | None,
    strawberry.argument(
        description="How many entries from the start of the list, or from `after` on; 0 to 100. "
        "20 where neither `first` nor `last` is given.",
    ),
]
FirstOnly = Annotated[
    int | None,
    strawberry.argument(name="first", description="How many entries at most; 0 to 100, and 20 where it is not given."),
]
After = Annotated[
    str | None,
    strawberry.argument(
        description="A cursor: list only what comes after it. For the next page pass the `endCursor` of this one, and "
        "leave the other arguments as they are.",
    ),
]
Last = Annotated[
    int | None,
    strawberry.argument(
        description="How many entries from the end of the list, or up to `before`; 0 to 100. Not together with "
        "`first`. They still come in the order of the list.",
    ),
]
Before = Annotated[
    str | None,
    strawberry.argument(
        description="A cursor: list only what comes before it. For the previous page pass the `startCursor` of this "
        "one together with `last`.",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """The paging arguments of a list, as the client gave them."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a list. Every later page has the `clock` and the statistics of the first."""

    listing: Listing
    seal: CursorSeal
    window: Window
    clock: datetime | None
    statistics: bytes

    def seen_at(self, now: datetime) -> datetime:
        """The clock of the page for a request at `now`: the first page's, and never later than `now`."""
        return now if self.clock is None else min(now, self.clock)

    def cursors(self, clock: datetime, statistics: bytes = b"") -> PageCursors:
        """The cursors of the page, seen by this clock; the statistics are of a search for the first page."""
        return PageCursors(seal=self.seal, listing=self.listing, clock=clock, statistics=self.statistics or statistics)


def open_page(paging: Paging, listing: Listing, seal: CursorSeal) -> Page:
    """The requested page of the list. Raises `BadUserInput` where the arguments make no sense."""
    end, size = _extent(paging)
    after = read_cursor(paging.after, listing, seal, argument="after") if paging.after is not None else None
    before = read_cursor(paging.before, listing, seal, argument="before") if paging.before is not None else None
    cursors = [cursor for cursor in (after, before) if cursor]
    return Page(
        listing=listing,
        seal=seal,
        window=Window(
            size=size,
            offset=_offset(paging),
            after=after.position if after else None,
            before=before.position if before else None,
            end=end,
        ),
        clock=min((cursor.clock for cursor in cursors), default=None),
        statistics=cursors[0].statistics if cursors else b"",
    )


def page_size(size: int, *, argument: str) -> int:
    """The size. Raises `BadUserInput` where no page can have it."""
    if size < 0:
        raise BadUserInput(argument, f"{size} is negative; ask for 0 to {MAX_PAGE} entries")
    if size > MAX_PAGE:
        raise BadUserInput(argument, f"{size} is more than a page holds; ask for at most {MAX_PAGE} entries")
    return size


def _offset(paging: Paging) -> int:
    if paging.offset is None:
        return 0
    for name, other in (("after", paging.after), ("before", paging.before), ("last", paging.last)):
        if other is not None:
            raise BadUserInput("offset", f"offset and {name} exclude each other; give one of them")
    if paging.offset < 0:
        raise BadUserInput("offset", f"{paging.offset} is negative; pass over 0 to {MAX_OFFSET} entries")
    if paging.offset > MAX_OFFSET:
        problem = f"{paging.offset} is more than can be passed over; pass over at most {MAX_OFFSET} entries"
        raise BadUserInput("offset", f"{problem}, and go on from there with after")
    return paging.offset


def _extent(paging: Paging) -> tuple[End, int]:
    if paging.last is None:
        size = DEFAULT_PAGE if paging.first is None else paging.first
        return End.START, page_size(size, argument="first")
    if paging.first is not None:
        raise BadUserInput("last", "first and last exclude each other; give one of them")
    return End.FINISH, page_size(paging.last, argument="last")
