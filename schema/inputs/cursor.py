"""Cursors: places in a list that stay true while time passes and articles come and go."""

import base64
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from math import isfinite

import orjson

from indexer.search.filters import Filter
from indexer.search.ranking import WORDS_ALONE, Position, Tuning
from schema.inputs.bad_input import BadUserInput

_VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TUNED = tuple(field.name for field in fields(Tuning))
_MICROSECOND = timedelta(microseconds=1)
_GARBAGE = "is no cursor of this API; pass a cursor, startCursor or endCursor from an earlier answer, or leave it out"


@dataclass(frozen=True)
class Listing:
    """Which list a place is in: how it is ordered, and what is in it, which is what matches text and condition."""

    order: str
    text: str
    condition: Filter
    tuning: Tuning = WORDS_ALONE

    @cached_property
    def fingerprint(self) -> str:
        """Stands for what is in the list. Every process gives the same list the same one."""
        content = orjson.dumps(
            [self.text, self.condition, [getattr(self.tuning, name) for name in _TUNED]],
            default=_plain,
            option=orjson.OPT_PASSTHROUGH_DATACLASS,
        )
        return blake2b(content, digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A place in a list.

    `clock` is that of the list's first page, to the microsecond: later pages see what was visible then. `statistics`
    are what the first page was scored with.
    """

    listing: Listing
    clock: datetime
    position: Position
    statistics: str = ""

    def encode(self) -> str:
        """The cursor as text that clients hand back unread."""
        listing, position = self.listing, self.position
        clock = (self.clock - _EPOCH) // _MICROSECOND
        place = (listing.order, listing.fingerprint, position.values, position.key)
        return base64.urlsafe_b64encode(orjson.dumps((_VERSION, clock, *place, self.statistics))).decode().rstrip("=")


def read_cursor(text: str, listing: Listing, *, argument: str) -> Cursor:
    """The cursor that `text` encodes. Raises `BadUserInput` for anything but a cursor of this list."""
    try:
        order, fingerprint, cursor = _decode(text, listing)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadUserInput(argument, f"{text!r} {_GARBAGE}") from error
    if order != listing.order:
        problem = f"this cursor is from a list ordered by {order}, and this one is by {listing.order}"
        raise BadUserInput(argument, f"{problem}; ask for the first page of the new order without a cursor")
    if fingerprint != listing.fingerprint:
        problem = "this cursor is from another list; keep the other arguments as they were, or leave the cursor out"
        raise BadUserInput(argument, problem)
    return cursor


def _decode(text: str, listing: Listing) -> tuple[str, str, Cursor]:
    """The order and fingerprint that the text names, and the place that it is in `listing`, if they are those of it."""
    content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    version, clock, order, fingerprint, values, key, statistics = orjson.loads(content)
    if version != _VERSION or not _are_numbers([clock]) or not isinstance(values, list) or not _are_numbers(values):
        raise ValueError("another version, or no position")
    if not all(isinstance(part, str) for part in (order, fingerprint, key, statistics)):
        raise ValueError("no text where text belongs")
    position = Position(tuple(map(float, values)), key)
    clock = _EPOCH + clock * _MICROSECOND
    return order, fingerprint, Cursor(listing=listing, clock=clock, position=position, statistics=statistics)


def _are_numbers(values: list[object]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) for value in values)


def _plain(value: object) -> list[object]:
    if isinstance(value, frozenset):
        return sorted(value)
    if not isinstance(value, Filter):
        raise TypeError(f"{value!r} is no part of a filter")
    return [type(value).__name__, *(getattr(value, field.name) for field in fields(value))]
