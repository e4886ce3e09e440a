"""Reads the judged searches, and says in which way an answer differs from what was judged."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Self

from indexer.search.filters import EVERYTHING, Among, TermField
from indexer.search.ranking import Ranking, Window
from indexer.search.requests import SearchRequest, SearchResult

JUDGED = Path(__file__).with_name("judged.toml")
NOW = datetime(2027, 1, 1, tzinfo=UTC)  # after all that is published but what is dated 2099

Tie = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One search of `judged.toml`, which says what its parts mean; in `first` each place is a tie, mostly of one."""

    text: str
    purpose: str
    topic: str | None = None
    ranking: Ranking = Ranking.RELEVANCE
    first: tuple[Tie, ...] = ()
    anywhere: Tie = ()
    absent: Tie = ()
    nothing: bool = False
    did_you_mean: str | None = None
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(cls, written: dict[str, Any]) -> Self:
        """Take the search as it is written in the file."""
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in written.items()
        }
        places = tuple((place,) if isinstance(place, str) else tuple(place) for place in fields.pop("first", ()))
        ranking = Ranking(fields.pop("ranking", Ranking.RELEVANCE))
        return cls(purpose=fields.pop("for"), first=places, ranking=ranking, **fields)

    @property
    def name(self) -> str:
        """Tells the search from all others."""
        scope = [f"topic={self.topic}"] if self.topic else []
        order = [] if self.ranking is Ranking.RELEVANCE else [self.ranking.value]
        return " ".join([self.text, *scope, *order])

    @property
    def articles(self) -> Iterator[str]:
        """The names of all articles that the search speaks of."""
        return chain(*self.first, self.anywhere, self.absent)

    @property
    def request(self) -> SearchRequest:
        """The request to the index of a client's search for the text, for the first ten."""
        return SearchRequest(
            now=NOW,
            text=self.text,
            filter=Among(TermField.TOPIC, frozenset({self.topic})) if self.topic else EVERYTHING,
            ranking=self.ranking,
            window=Window(size=10),
            forgiving=True,
            understanding=True,
        )

    def differences(self, result: SearchResult) -> str:
        """The differences from the judgement, and both lists with titles and scores to compare; empty without any."""
        problems = [*self._problems_of_hits(result), *self._problems_of_understanding(result)]
        return "\n".join([f"{self.name}: {self.purpose}", *problems, *self._lists(result)]) if problems else ""

    def _problems_of_hits(self, result: SearchResult) -> Iterator[str]:
        found = [hit.article.key for hit in result.hits]
        place = 0
        for tie in self.first:
            there = found[place : place + len(tie)]
            if not _same(tie, there):
                yield f"  place {place + 1}: expected {' and '.join(tie)}"
            place += len(tie)
        yield from (f"  not in the first ten: {name}" for name in self.anywhere if not _has(found, name))
        yield from (f"  should not be found: {name}" for name in self.absent if _has(found, name))
        if self.nothing and found:
            yield "  expected nothing"

    def _problems_of_understanding(self, result: SearchResult) -> Iterator[str]:
        understood = result.understanding
        offered = understood.did_you_mean if understood else None
        left_out = understood.left_out if understood else ()
        if offered != self.did_you_mean:
            yield f"  did you mean: expected {self.did_you_mean!r}, offered {offered!r}"
        if set(left_out) != set(self.left_out):
            yield f"  left out: expected {sorted(self.left_out)}, found {sorted(left_out)}"

    def _lists(self, result: SearchResult) -> Iterator[str]:
        yield "  expected:"
        yield from (f"    {' or '.join(tie)}" for tie in self.first for _ in tie)
        yield "  found:"
        for hit in result.hits:
            score = "     -" if hit.score is None else f"{hit.score:6.2f}"
            yield f"    {score}  {hit.article.title.strip()[:70]}  ({hit.article.key.rpartition('/')[2]})"


def judged_searches() -> list[Judged]:
    """All searches of the file."""
    return [Judged.of(written) for written in tomllib.loads(JUDGED.read_text("utf-8"))["search"]]


def is_named(key: str, name: str) -> bool:
    """True if an article is meant: a name is the part of its file's name that follows the date, or how that begins."""
    return key.rpartition("/")[2][len("2020-02-06-") :].startswith(name)


def _has(keys: Sequence[str], name: str) -> bool:
    return any(is_named(key, name) for key in keys)


def _same(tie: Tie, keys: Sequence[str]) -> bool:
    return len(keys) == len(tie) and all(_has(keys, name) for name in tie)
