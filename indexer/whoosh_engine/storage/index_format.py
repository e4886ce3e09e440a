"""The format of an index, which a reader checks before it trusts the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from indexer.query.tree import SEARCHED, WITH_BODY, TextField
from indexer.whoosh_engine.storage.checksums import CHANGED, Checksum

# Raise this when the fields of the index, or their contents, change.
VERSION = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """The version of the index's layout, the language whose stems it is searched by, and when it was built.

    `has_bodies` is true where the text of bodies is searched. `checksums` are those of the table of contents and of
    Whoosh's files of all segments, by name.
    """

    version: int
    language: str
    built_at: datetime
    has_bodies: bool = False
    checksums: Mapping[str, Checksum] = field(default_factory=dict)

    @property
    def searched(self) -> tuple[TextField, ...]:
        """The fields of words that are typed without one."""
        return WITH_BODY if self.has_bodies else SEARCHED

    def encoded(self) -> bytes:
        """The format as JSON, with a checksum of its own."""
        fields: dict[str, Any] = orjson.loads(orjson.dumps(self, default=tuple))  # Any: JSON
        return orjson.dumps({**fields, "checksum": _checksum(fields)})

    @classmethod
    def decoded(cls, data: bytes) -> "Format":
        """Read what `encoded` wrote, in whatever version. Raises ValueError where it is something else, or damaged."""
        try:
            fields = orjson.loads(data)
            checksum = fields.pop("checksum", None)
            if fields["version"] == VERSION and checksum != _checksum(fields):
                raise ValueError(CHANGED)
            return cls(
                version=fields["version"],
                language=fields["language"],
                built_at=datetime.fromisoformat(fields["built_at"]),
                has_bodies=fields.get("has_bodies", False),  # older versions do not say it
                checksums={name: Checksum(*numbers) for name, numbers in fields.get("checksums", {}).items()},
            )
        except (AttributeError, KeyError, TypeError) as error:
            raise ValueError("not the format of an index") from error


def _checksum(fields: dict[str, Any]) -> int:  # Any: JSON
    return Checksum.of_bytes(orjson.dumps(fields)).crc32
