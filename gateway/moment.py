"""The present, as far as answers depend on it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from indexer.search import IndexStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A stretch of time within which the same question has the same answer, to the byte.

    Requests within it are all answered by one `clock`. It is never ahead of time, and behind it by an hour at most:
    nothing appeared in between, and how recent an article is does not show on a finer scale. `seconds_left` is how long
    it is until another article appears; None where none will.
    """

    generation: int
    built_at: datetime
    clock: datetime
    seconds_left: float | None = field(default=None, compare=False)

    @classmethod
    def of(cls, status: IndexStatus, *, now: datetime) -> Self:
        """The moment that `now` lies in, where `status` is the index's at `now`."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        clock = max(hour, status.last_change) if status.last_change else hour
        left = (status.next_change - now).total_seconds() if status.next_change else None
        return cls(generation=status.generation, built_at=status.built_at, clock=clock, seconds_left=left)
