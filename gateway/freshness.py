"""Whether a client has the newest version already: validators and conditional requests (RFC 9110, section 13)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.datastructures import Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """A version of what is at an address. `tag` is its fingerprint, `modified` when it became what it is."""

    tag: str
    modified: datetime

    @property
    def headers(self) -> dict[str, str]:
        """The version's validators. They are weak: compressed or not, it is the same version."""
        modified = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        return {"ETag": f'W/"{self.tag}"', "Last-Modified": modified, "Cache-Control": "no-cache"}

    def is_known(self, asked: Headers) -> bool:
        """Whether a client that asks with these headers has this version. What cannot be read is no condition."""
        tags = asked.getlist("if-none-match")
        if tags:
            known = {tag.strip().removeprefix("W/") for tag in ",".join(tags).split(",")}
            return not known.isdisjoint({"*", f'"{self.tag}"'})
        since = _date(asked.get("if-modified-since", ""))
        return since is not None and self.modified.replace(microsecond=0) <= since


def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
