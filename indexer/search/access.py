"""The way into a cluster, where an index lies in one."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Credentials, trust and patience for the nodes of a cluster.

    A `user` has a `password`; an `api_key` goes before both. `ca` is a file of certificates that are trusted besides
    those of the system. A node has `seconds` to answer a read, before another node is asked. A new index has so many
    `shards`.
    """

    user: str | None = None
    password: str | None = field(default=None, repr=False)
    api_key: str | None = field(default=None, repr=False)
    ca: Path | None = None
    seconds: float = 2.0
    shards: int = 1


OPEN = Access()
"""The access to a cluster that lets everybody in."""
