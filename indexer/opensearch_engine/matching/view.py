"""The articles of a generation that are visible at one moment."""

from dataclasses import dataclass
from typing import Any

from indexer.opensearch_engine.storage import mapping

Clause = dict[str, Any]  # Any: JSON
"""A query of OpenSearch. All of ours stand in filters but for those of scores."""

EVERYTHING: Clause = {"match_all": {}}
NOTHING: Clause = {"match_none": {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The articles in `index` that a generation has, and that were published at `until` or before.

    Times are in microseconds since 1970. `until` is the time of the newest visible article, or the clock itself: the
    same for all clocks of a moment, nodes keep the articles that match the condition. `now` is the clock.
    """

    index: str
    generation: int
    until: int
    now: int

    @property
    def moment(self) -> tuple[str, int, int]:
        """Tells the visible articles from those of other views."""
        return self.index, self.generation, self.until

    def clauses(self) -> list[Clause]:
        """The conditions of visible articles."""
        return [
            {"range": {mapping.ADDED: {"lte": self.generation}}},
            {"range": {mapping.REMOVED: {"gt": self.generation}}},
            {"range": {mapping.PUBLISHED_AT: {"lte": self.until}}},
        ]


def every(*clauses: Clause) -> Clause:
    """The clause for matches of all of some clauses; without any, everything."""
    kept = [clause for clause in clauses if clause != EVERYTHING]
    if not kept:
        return EVERYTHING
    return kept[0] if len(kept) == 1 else {"bool": {"filter": kept}}


def some(*clauses: Clause) -> Clause:
    """The clause for matches of at least one of some clauses; without any, nothing."""
    if not clauses:
        return NOTHING
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": [*clauses], "minimum_should_match": 1}}


def without(clause: Clause) -> Clause:
    """The clause for all that a clause does not match."""
    return {"bool": {"must_not": [clause]}}


def sendable(text: str) -> str:
    """The text in which `?` stands for halves of characters, which no JSON can hold and no article has."""
    return text if text.isascii() else text.encode(errors="replace").decode()
