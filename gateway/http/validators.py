"""Whether a client has the newest version already: validators and conditional requests (RFC 9110, section 13)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.datastructures import Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """A version of what is at an address. `tag` is its fingerprint, `modified` when it became what it is.

    The tag is a weak one: it is the same version compressed or not.
    """

    tag: str
    modified: datetime | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The version's validators, and for how long it may be kept."""
        headers = {"ETag": f'W/"{self.tag}"', "Cache-Control": "no-cache"}
        if self.modified:
            headers["Last-Modified"] = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        return headers

    def is_known(self, asked: Headers) -> bool:
        """Whether a client that asks with these headers has this version. What cannot be read is no condition."""
        named = asked.getlist("if-none-match")
        if named:
            return not tags(",".join(named)).isdisjoint({f'"{self.tag}"', "*"})
        since = _date(asked.get("if-modified-since", ""))
        return since is not None and self.modified is not None and self.modified.replace(microsecond=0) <= since


def tags(if_none_match: str) -> set[str]:
    """The tags that such a header names, in quotes, weak ones without what makes them so."""
    return {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
