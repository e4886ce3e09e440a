"""The format of an index, which a reader checks before it trusts the rest."""

from dataclasses import dataclass
from datetime import datetime

import orjson

from indexer.query.tree import SEARCHED, WITH_BODY, TextField

# Raise this when the fields of the index, or their contents, change.
VERSION = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """The version of the index's layout, the language whose stems it is searched by, and when it was built.

    `has_bodies` is true where the text of bodies is searched.
    """

    version: int
    language: str
    built_at: datetime
    has_bodies: bool = False

    @property
    def searched(self) -> tuple[TextField, ...]:
        """The fields of words that are typed without one."""
        return WITH_BODY if self.has_bodies else SEARCHED

    def encoded(self) -> bytes:
        """The format as JSON."""
        return orjson.dumps(self)

    @classmethod
    def decoded(cls, data: bytes) -> "Format":
        """Read what `encoded` wrote. Raises ValueError where it is something else."""
        try:
            fields = orjson.loads(data)
            built_at = datetime.fromisoformat(fields["built_at"])
            has_bodies = fields.get("has_bodies", False)  # older versions do not say it
            return cls(version=fields["version"], language=fields["language"], built_at=built_at, has_bodies=has_bodies)
        except (KeyError, TypeError) as error:
            raise ValueError("not the format of an index") from error
