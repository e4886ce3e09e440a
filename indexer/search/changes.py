"""Changes of a search: the articles that entered, changed in or left it from one snapshot to another."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from indexer.article import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A generation, by its number and the time of its build, as it is visible at `now`."""

    generation: int
    built_at: datetime
    now: datetime


class ChangeKind(StrEnum):
    """The way of an article: into a search, within it, or out of it."""

    ENTERED = "entered"
    CHANGED = "changed"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of a search by one article: as it is afterwards, or None where it left."""

    kind: ChangeKind
    key: str
    article: Article | None
