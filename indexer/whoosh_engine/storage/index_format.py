"""The format of an index, which a reader checks before it trusts the rest."""

from dataclasses import dataclass
from datetime import datetime

import orjson

# Raise this when the fields of the index, or their contents, change.
VERSION = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """The version of the index's layout, the language whose stems it is searched by, and when it was built."""

    version: int
    language: str
    built_at: datetime

    def encoded(self) -> bytes:
        """The format as JSON."""
        return orjson.dumps(self)

    @classmethod
    def decoded(cls, data: bytes) -> "Format":
        """Read what `encoded` wrote. Raises ValueError where it is something else."""
        try:
            fields = orjson.loads(data)
            built_at = datetime.fromisoformat(fields["built_at"])
            return cls(version=fields["version"], language=fields["language"], built_at=built_at)
        except (KeyError, TypeError) as error:
            raise ValueError("not the format of an index") from error
