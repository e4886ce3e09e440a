"""The present, as far as answers depend on it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self

from indexer.search.build_problems import NO_PROBLEMS, BuildProblems
from indexer.search.engine import IndexStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A stretch of time within which the same question has the same answer, to the byte.

    Requests within it are all answered by one `clock`. It is never ahead of time, and behind it by an hour at most:
    nothing appeared in between, and how recent an article is does not show on a finer scale. The moment goes on `until`
    the hour is over, or another article appears; `seconds_left` is the time until one does, None where none will.
    """

    generation: int
    built_at: datetime
    clock: datetime
    seal: str
    until: datetime = field(compare=False)
    problems: BuildProblems = NO_PROBLEMS
    next_change: datetime | None = field(default=None, compare=False)
    seconds_left: float | None = field(default=None, compare=False)

    @classmethod
    def of(cls, status: IndexStatus, *, now: datetime, seal: str = "") -> Self:
        """The moment that `now` lies in, where `status` is the index's at `now` and `seal` the name of the cursors'."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        over, change = hour + timedelta(hours=1), status.next_change
        moment = cls(
            generation=status.generation,
            built_at=status.built_at,
            clock=max(hour, status.last_change) if status.last_change else hour,
            seal=seal,
            problems=status.problems,
            until=min(over, change) if change else over,
            next_change=change,
        )
        return moment.at(now)

    @property
    def identity(self) -> tuple[int, datetime, datetime, str, BuildProblems]:
        """All that answers depend on, beside their questions."""
        return self.generation, self.built_at, self.clock, self.seal, self.problems

    def holds(self, now: datetime) -> bool:
        """True where `now` lies in it, unless another generation is served by then."""
        return self.clock <= now < self.until

    def at(self, now: datetime) -> Self:
        """The same moment, as seen at `now`."""
        if self.next_change is None:
            return self
        return replace(self, seconds_left=(self.next_change - now).total_seconds())
