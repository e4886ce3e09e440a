"""A page of results: the window that was asked for, cut from every segment's order and merged."""

from collections.abc import Sequence
from typing import NamedTuple

from indexer.errors import RequestError
from indexer.listing.positions import sort_key
from indexer.search.ranking import End, Position, Window
from indexer.whoosh_engine.ranking.ranked import Ranked


class Entry(NamedTuple):
    """One result: the number of its segment among all, its document number there, and its position in the ranking."""

    segment: int
    document: int
    position: Position


class Page(NamedTuple):
    """Entries in ranked order, and whether other matches lie before the first and after the last."""

    entries: list[Entry]
    has_previous: bool
    has_next: bool


def cut(segments: Sequence[Ranked], window: Window) -> Page:
    """Cut the window from the matches of all segments. Raises RequestError for a window without sense."""
    if window.size < 0 or window.offset < 0:
        problem = f"a page cannot have {window.size} articles, {window.offset} passed over"
        raise RequestError(f"{problem}; ask for 0 or more")
    after, before, count = window.after, window.before, window.offset + window.size + 1
    from_start = window.end is End.START
    entries = [
        Entry(segment, document, position)
        for segment, ranked in enumerate(segments)
        for document, position in (
            ranked.first(count, after, before) if from_start else ranked.last(count, after, before)
        )
    ]
    if len(segments) > 1:
        entries.sort(key=lambda entry: sort_key(entry.position))
    has_passed, left = bool(window.offset and entries), max(0, len(entries) - window.offset)
    has_more, size = left > window.size, min(left, window.size)
    if from_start:
        chosen = entries[window.offset : window.offset + size]
        return Page(chosen, has_passed or _any_until(segments, after), has_more or _any_from(segments, before))
    chosen = entries[left - size : left]
    return Page(chosen, has_more or _any_until(segments, after), has_passed or _any_from(segments, before))


def _any_until(segments: Sequence[Ranked], position: Position | None) -> bool:
    return position is not None and any(ranked.any_until(position) for ranked in segments)


def _any_from(segments: Sequence[Ranked], position: Position | None) -> bool:
    return position is not None and any(ranked.any_from(position) for ranked in segments)
