"""Cursors: positions in a list that stay true while time passes and articles come and go."""

import binascii
import struct
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b

import orjson

from indexer.search.filters import Filter, TermField
from indexer.search.ranking import WORDS_ALONE, Position, Ranking, Tuning
from indexer.varints import packed, unpacked
from schema.inputs.bad_input import BadUserInput, quoted
from schema.inputs.cursor_seal import CursorSeal


def articles_per(field: TermField) -> str:
    """The order of a list of a field's values: those of most articles first."""
    return f"articles per {field}"


_NUMBERS: Mapping[str, int] = {
    Ranking.RELEVANCE: 0,
    Ranking.NEWEST: 1,
    Ranking.OLDEST: 2,
    Ranking.QUALITY: 3,
    Ranking.HEAT: 4,
    Ranking.TRENDING: 5,
    articles_per(TermField.TOPIC): 6,
    articles_per(TermField.PROVIDER): 7,
}
"""The number of each order in cursors. Clients hold cursors of earlier versions, so no number gets another order."""
_ORDERS = {number: order for order, number in _NUMBERS.items()}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TUNED = tuple(field.name for field in fields(Tuning))
_MICROSECOND = timedelta(microseconds=1)
_GARBAGE = "is no cursor of this API; pass a cursor, startCursor or endCursor from an earlier answer, or leave it out"

_HEAD = struct.Struct("<Bq4s")  # the order's number, the clock in microseconds since 1970, the list's fingerprint
_DOUBLE = struct.Struct("<d")
_SINGLE = struct.Struct("<f")
_MILLION = 1_000_000
_WHOLE = 2.0**63
_LARGEST_SINGLE = 3e38
_PLAIN_KEY = 4  # less is the number of characters that fill up a key in base64
_KEY_FORMS = 8
_TO_BASE64 = bytes.maketrans(b"-+=", b"+--")
_FROM_BASE64 = bytes.maketrans(b"+", b"-")


@dataclass(frozen=True)
class Listing:
    """The list of a position: its order, and its contents, which are the matches of text and condition."""

    order: str
    text: str
    condition: Filter
    tuning: Tuning = WORDS_ALONE
    typing: bool = False
    """True if the last word of the text matches beginnings, too."""

    @cached_property
    def fingerprint(self) -> bytes:
        """Four bytes that stand for the list's contents, equal in every process.

        They are there for people who mix cursors up, and not for safety: the seal is.
        """
        contents = [self.text, self.condition, [getattr(self.tuning, name) for name in _TUNED]]
        content = orjson.dumps(
            [*contents, self.typing] if self.typing else contents,  # cursors of other lists stay as they were
            default=_plain,
            option=orjson.OPT_PASSTHROUGH_DATACLASS,
        )
        return blake2b(content, digest_size=4).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """A position in a list.

    `clock` is that of the list's first page, to the microsecond: later pages show the articles visible then.
    `statistics` are those by which the first page was scored.
    """

    clock: datetime
    position: Position
    statistics: bytes = b""


@dataclass(frozen=True, kw_only=True)
class PageCursors:
    """The cursors of one page, as text that clients hand back unread. Their common head is packed once."""

    seal: CursorSeal
    listing: Listing
    clock: datetime
    statistics: bytes = b""

    def at(self, position: Position) -> str:
        """The cursor of a position."""
        return self.seal.sealed(self._shared + _packed_position(position))

    @cached_property
    def _shared(self) -> bytes:
        clock = (self.clock - _EPOCH) // _MICROSECOND
        head = _HEAD.pack(_NUMBERS[self.listing.order], clock, self.listing.fingerprint)
        return head + packed((len(self.statistics),)) + self.statistics


def read_cursor(text: str, listing: Listing, seal: CursorSeal, *, argument: str) -> Cursor:
    """The cursor in `text`. Raises `BadUserInput` for anything but a cursor of this list."""
    try:
        content = seal.content(text)
        number, clock, fingerprint = _HEAD.unpack_from(content)
        order = _ORDERS[number]
    except (ValueError, KeyError) as error:
        raise BadUserInput(argument, f"{quoted(text)} {_GARBAGE}") from error
    if order != listing.order:
        problem = f"this cursor is from a list ordered by {order}, and this one is by {listing.order}"
        raise BadUserInput(argument, f"{problem}; ask for the first page of the new order without a cursor")
    if fingerprint != listing.fingerprint:
        problem = "this cursor is from another list; keep the other arguments as they were, or leave the cursor out"
        raise BadUserInput(argument, problem)
    statistics, position = _parted(content[_HEAD.size :])
    return Cursor(clock=_EPOCH + clock * _MICROSECOND, position=_position(position), statistics=statistics)


def _parted(content: bytes) -> tuple[bytes, bytes]:
    """The statistics, which come after their length, and the rest."""
    start = next(end for end, byte in enumerate(content, start=1) if byte < 0x80)  # noqa: PLR2004 - as in varints
    [length] = unpacked(content[:start])
    return content[start : start + length], content[start + length :]


def _packed_position(position: Position) -> bytes:
    """The number of values and the form of the key in one byte, the values, and the key."""
    key_form, key = _packed_key(position.key)
    head = bytes((len(position.values) * _KEY_FORMS + key_form,))
    return b"".join((head, *map(_packed_value, position.values), key))


def _packed_value(value: float) -> bytes:
    """The number, to the last bit: as whole seconds or whole microseconds, in single or in double precision."""
    value = float(value)
    if -_WHOLE <= value < _WHOLE and value.is_integer():
        number = int(value)
        millions, rest = divmod(number, _MILLION)
        number = number if rest else millions
        size = number.bit_length() // 8 + 1
        return bytes((2 * size + (not rest),)) + number.to_bytes(size, "little", signed=True)
    if abs(value) < _LARGEST_SINGLE and _SINGLE.unpack(single := _SINGLE.pack(value))[0] == value:
        return b"\x01" + single
    return b"\x00" + _DOUBLE.pack(value)


def _position(content: bytes) -> Position:
    count, key_form = divmod(content[0], _KEY_FORMS)
    values, start = [], 1
    for _ in range(count):
        kind, start = content[start], start + 1
        match kind:
            case 0:
                size, value = _DOUBLE.size, _DOUBLE.unpack_from(content, start)[0]
            case 1:
                size, value = _SINGLE.size, _SINGLE.unpack_from(content, start)[0]
            case _:
                size, is_millions = divmod(kind, 2)
                number = int.from_bytes(content[start : start + size], "little", signed=True)
                value = float(number * _MILLION if is_millions else number)
        values.append(value)
        start += size
    return Position(tuple(values), _key(key_form, content[start:]))


def _packed_key(key: str) -> tuple[int, bytes]:
    """The key's form, and its bytes: three of them for four characters where all are letters, digits, `-` and `/`."""
    data = key.encode(errors="surrogatepass")
    filling = -len(data) % 4
    try:
        return filling, binascii.a2b_base64(data.translate(_TO_BASE64) + b"AAA"[:filling], strict_mode=True)
    except binascii.Error:
        return _PLAIN_KEY, data


def _key(key_form: int, data: bytes) -> str:
    if key_form == _PLAIN_KEY:
        return data.decode(errors="surrogatepass")
    characters = binascii.b2a_base64(data, newline=False).translate(_FROM_BASE64)
    return characters[: len(characters) - key_form].decode()


def _plain(value: object) -> list[object]:
    if isinstance(value, frozenset):
        return sorted(value)
    if not isinstance(value, Filter):
        raise TypeError(f"{value!r} is no part of a filter")
    return [type(value).__name__, *(getattr(value, name) for name in value.__struct_fields__)]
