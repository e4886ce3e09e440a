"""Validators and conditional requests: they tell if a client has the newest version (RFC 9110, section 13)."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import orjson
from starlette.datastructures import Headers
from starlette.responses import Response

_ANY = "*"
_TAG_LENGTH = 32
_TAG = re.compile(r'("[!#-~\x80-\xff]*")')
_TAGS = re.compile(rf"[ \t,]*+(?:W/)?{_TAG.pattern}(?:[ \t]*+,[ \t,]*+(?:W/)?{_TAG.pattern})*+[ \t,]*+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """A version of what is at an address. `tag` is its fingerprint, `modified` when it became what it is.

    The tag is a weak one: it is the same version compressed or not.
    """

    tag: str
    modified: datetime | None = None
    cache_control: str = "no-cache"

    @property
    def headers(self) -> dict[str, str]:
        """The version's validators, and for how long it may be kept."""
        headers = {"ETag": f'W/"{self.tag}"', "Cache-Control": self.cache_control}
        if self.modified:
            headers["Last-Modified"] = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        return headers

    def answer(self, asked: Headers, respond: Callable[[], Response]) -> Response:
        """The response with its validators; 304 for a client that has this version."""
        if self.is_known(asked):
            return Response(status_code=304, headers=self.headers)
        response = respond()
        response.headers.update(self.headers)
        return response

    def is_known(self, asked: Headers) -> bool:
        """True if a client that asks with these headers has this version. What cannot be read is no condition."""
        named = asked.getlist("if-none-match")
        if named:
            return not tags(",".join(named)).isdisjoint({f'"{self.tag}"', "*"})
        since = _date(asked.get("if-modified-since", ""))
        return since is not None and self.modified is not None and self.modified.replace(microsecond=0) <= since


def tags(if_none_match: str) -> set[str]:
    """The tags in a value of If-None-Match, in quotes and without W/; `*` where it stands alone; none of a bad list.

    A tag may hold commas: `"a,*,b"` is one (RFC 9110, section 8.8.3).
    """
    if if_none_match.strip() == _ANY:
        return {_ANY}
    return set(_TAG.findall(if_none_match)) if _TAGS.fullmatch(if_none_match) else set()


def fingerprint(*parts: object) -> str:
    """A tag for what depends on `parts`, values of JSON and times. Raises `orjson.JSONEncodeError` for other values."""
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS)).hexdigest()[:_TAG_LENGTH]


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
