"""Whether a client has the newest version already: validators and conditional requests (RFC 9110, section 13)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from enum import StrEnum

from starlette.datastructures import Headers


class Strength(StrEnum):
    """What versions with the same tag have in common: their meaning, or every byte. The value stands before a tag."""

    WEAK = "W/"
    STRONG = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """A version of what is at an address. `tag` is its fingerprint, `modified` when it became what it is.

    A weak tag is right for what is the same version compressed or not.
    """

    tag: str
    modified: datetime | None = None
    strength: Strength = Strength.WEAK
    cache_control: str = "no-cache"

    @property
    def headers(self) -> dict[str, str]:
        """The version's validators, and for how long it may be kept."""
        headers = {"ETag": f'{self.strength}"{self.tag}"', "Cache-Control": self.cache_control}
        if self.modified:
            headers["Last-Modified"] = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        return headers

    def is_named(self, asked: Headers) -> bool:
        """Whether a client that asks with these headers names this very version."""
        return f'"{self.tag}"' in _tags(asked)

    def is_known(self, asked: Headers) -> bool:
        """Whether a client that asks with these headers has this version. What cannot be read is no condition."""
        if asked.getlist("if-none-match"):
            return self.is_named(asked) or "*" in _tags(asked)
        since = _date(asked.get("if-modified-since", ""))
        return since is not None and self.modified is not None and self.modified.replace(microsecond=0) <= since


def _tags(asked: Headers) -> set[str]:
    return {tag.strip().removeprefix("W/") for tag in ",".join(asked.getlist("if-none-match")).split(",")}


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
