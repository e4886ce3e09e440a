"""A page of results: the window that was asked for, cut from every segment's order and merged."""

from collections.abc import Sequence
from typing import NamedTuple

from indexer.errors import RequestError
from indexer.search import End, Position, Window
from indexer.whoosh_engine.order import Ordered, sort_key


class Entry(NamedTuple):
    """One result: the segment it is in, by its place among the segments, its document number, and where it stands."""

    segment: int
    document: int
    position: Position


class Page(NamedTuple):
    """Entries in ranked order, and whether other matches lie before the first and after the last."""

    entries: list[Entry]
    has_previous: bool
    has_next: bool


def page(orders: Sequence[Ordered], window: Window) -> Page:
    """Cut the window from the orders of all segments. Raises RequestError for a window without sense."""
    if window.size < 0:
        raise RequestError(f"a page cannot have {window.size} articles; ask for 0 or more")
    cuts = [_cut(order, window) for order in orders]
    inside = sum(high - low for low, high in cuts)
    has_previous = any(low for low, _ in cuts)
    has_next = any(high < len(order.documents) for order, (_, high) in zip(orders, cuts, strict=True))
    entries: list[Entry] = []
    for segment, (order, (low, high)) in enumerate(zip(orders, cuts, strict=True)):
        if window.end is End.START:
            places = range(low, min(high, low + window.size))
        else:
            places = range(max(low, high - window.size), high)
        entries += [Entry(segment, int(order.documents[place]), order.position(place)) for place in places]
    entries.sort(key=lambda entry: sort_key(entry.position))
    if window.end is End.START:
        return Page(entries[: window.size], has_previous, has_next or inside > window.size)
    chosen = entries[max(0, len(entries) - window.size) :]
    return Page(chosen, has_previous or inside > window.size, has_next)


def _cut(order: Ordered, window: Window) -> tuple[int, int]:
    """The places between the window's two positions; where there are none, at the end the page is taken from."""
    low = order.place_after(window.after) if window.after else 0
    high = order.place_of(window.before) if window.before else len(order.documents)
    return (low, max(low, high)) if window.end is End.START else (min(low, high), high)
