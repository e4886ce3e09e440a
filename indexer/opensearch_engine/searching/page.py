"""A page of a ranked list: the searches that find it, and the window cut from what they find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from indexer.errors import RequestError
from indexer.listing.positions import checked, sort_key
from indexer.opensearch_engine.matching.view import Clause, sendable, without
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.cluster import Body, Cluster
from indexer.search.ranking import End, Position, Ranking, Window

_SCORE = "_score"
_LARGEST_SCORE = float(np.finfo(np.float32).max)


class SortColumn(NamedTuple):
    """A number that a list is sorted by, descending in the order of positions.

    `is_negative` says that positions have the number with the other sign, so that the field ascends.
    """

    field: str
    is_negative: bool = False


SORT_COLUMNS: Mapping[Ranking | None, tuple[SortColumn, ...]] = {
    None: (SortColumn(_SCORE),),
    Ranking.NEWEST: (SortColumn(mapping.RANK_FIELDS[Ranking.NEWEST]),),
    Ranking.OLDEST: (SortColumn(mapping.RANK_FIELDS[Ranking.NEWEST], is_negative=True),),
    **{
        ranking: (SortColumn(mapping.RANK_FIELDS[ranking]), SortColumn(mapping.RANK_FIELDS[Ranking.NEWEST]))
        for ranking in (Ranking.QUALITY, Ranking.HEAT, Ranking.TRENDING)
    },
}
"""The columns of each ranking; None stands for scores."""


class Entry(NamedTuple):
    """One result: the id of its document, its position, and the article as it is stored, if that was asked for."""

    document: str
    position: Position
    article: str | None


class Page(NamedTuple):
    """Entries in ranked order, whether others lie before and after them, and the number of all where it was counted."""

    entries: Sequence[Entry]
    has_previous: bool
    has_next: bool
    total: int | None


@dataclass(frozen=True, slots=True)
class RankedList:
    """All matches of a clause in `index`, in the order of some columns and, last of all, of keys."""

    cluster: Cluster
    index: str
    clause: Clause
    columns: tuple[SortColumn, ...]
    has_articles: bool = True
    """False where entries come without their articles."""

    async def page(self, window: Window, *, total: bool = False) -> Page:
        """The window of the list. Raises RequestError for a window without sense."""
        check(window, len(self.columns))
        from_start = window.end is End.START
        near, far = (window.after, window.before) if from_start else (window.before, window.after)
        is_paged = near is None and far is None and window.offset + window.size < mapping.MOST_AT_ONCE
        skipped = window.offset if is_paged else 0  # which the nodes pass over
        passed = await self._passed(window, near, far, window.offset - skipped)
        is_over = passed.number < window.offset - skipped
        begin = near if passed.last is None else passed.last
        entries, found, ends = await self._entries(window, begin, skipped, has_bounds=bool(near or far), total=total)
        inside = [entry for entry in entries if not _is_beyond(entry.position, far, from_start=from_start)]
        chosen = [] if is_over else inside[: window.size]
        is_any = bool(inside or passed.number) or (skipped > 0 and found > 0)
        behind = bool(window.offset and is_any) or _reaches(ends, near, from_start=from_start, is_near=True)
        is_cut = not is_over and len(inside) > window.size
        ahead = is_cut or _reaches(ends, far, from_start=from_start, is_near=False)
        if from_start:
            return Page(chosen, behind, ahead, found if total else None)
        return Page(chosen[::-1], ahead, behind, found if total else None)

    async def rank(self, document: str) -> int | None:
        """The rank of a document, from 1 on; None where the list does not have it."""
        alone = replace(self, clause=within(self.clause, {"ids": {"values": [document]}}))
        [answer] = await self.cluster.searches(self.index, [alone.body(1, End.START, None, source=False)])
        position = next((entry.position for entry in self.read(answer)), None)
        if position is None:
            return None
        before = [_count(body) for body in self._before(position)]
        answers = await self.cluster.searches(self.index, before)
        return 1 + sum(int(counted["hits"]["total"]["value"]) for counted in answers)

    def _before(self, position: Position) -> list[Body]:
        """Searches that find all that comes before a position, each entry in one of them.

        Entries with the first so many values of the position are in the search for those whose next value is better.
        """
        by_key = {"range": {mapping.KEY: {"lt": position.key}}}
        if self.columns == SORT_COLUMNS[None]:
            [score] = position.values
            better = float(np.nextafter(np.float32(score), np.float32(np.inf)))
            return [
                {"query": within(self.clause, by_key), "min_score": score},
                {"query": within(self.clause, without(by_key)), "min_score": better},
            ]
        ties: list[Clause] = []
        searches: list[Body] = []
        for column, value in zip(self.columns, map(_sent, self.columns, position.values), strict=True):
            better_values = {"range": {column.field: {"lt" if column.is_negative else "gt": value}}}
            searches.append({"query": within(self.clause, *ties, better_values)})
            ties.append({"term": {column.field: value}})
        return [*searches, {"query": within(self.clause, *ties, by_key)}]

    async def _passed(self, window: Window, near: Position | None, far: Position | None, count: int) -> "_Passed":
        """Pass over so many entries behind a position, without a look at their documents."""
        passed = _Passed(0, None)
        while passed.number < count:
            size = min(count - passed.number, mapping.MOST_AT_ONCE)
            body = self.body(size, window.end, passed.last or near, source=False)
            [answer] = await self.cluster.searches(self.index, [{**body, "stored_fields": "_none_"}])
            found = [entry.position for entry in self.read(answer)]
            from_start = window.end is End.START
            inside = [position for position in found if not _is_beyond(position, far, from_start=from_start)]
            if inside:
                passed = _Passed(passed.number + len(inside), inside[-1])
            if len(inside) < size:
                break
        return passed

    async def _entries(
        self, window: Window, begin: Position | None, skipped: int, *, has_bounds: bool, total: bool
    ) -> tuple[list[Entry], int, "_Ends"]:
        """Entries of the window and one more, the number of all, and where there are bounds, both ends of the list."""
        count = window.size + 1
        body = self.body(min(count, mapping.MOST_AT_ONCE), window.end, begin, source=self.has_articles)
        body["track_total_hits"] = True if total else 1
        if begin is None:
            body["from"] = skipped
        ends = [self.body(1, end, None, source=False) for end in End] if has_bounds else []
        answers = await self.cluster.searches(self.index, [body, *ends])
        entries = self.read(answers[0])
        while len(entries) < count and entries and len(entries) % mapping.MOST_AT_ONCE == 0:
            size = min(count - len(entries), mapping.MOST_AT_ONCE)
            more = self.body(size, window.end, entries[-1].position, source=self.has_articles)
            [answer] = await self.cluster.searches(self.index, [more])
            following = self.read(answer)
            entries += following
            if len(following) < size:
                break
        positions = [next((entry.position for entry in self.read(answer)), None) for answer in answers[1:]]
        return entries, int(answers[0]["hits"]["total"]["value"]), _Ends(*positions) if positions else _Ends(None, None)

    def body(self, size: int, end: End, behind: Position | None, *, source: bool) -> dict[str, Any]:  # Any: JSON
        """A search of so many entries behind a position, from one end of the list."""
        is_reversed = end is End.FINISH
        body: dict[str, Any] = {
            "size": size,
            "query": self.clause,
            "sort": [
                *({column.field: _order(column.is_negative is not is_reversed)} for column in self.columns),
                {mapping.KEY: _order(not is_reversed)},
            ],
            "_source": [mapping.ARTICLE] if source else False,
            "track_total_hits": False,
        }
        if behind is not None:
            body["search_after"] = [*map(_sent, self.columns, behind.values), sendable(behind.key)]
        return body

    def read(self, answer: Body) -> list[Entry]:
        """The entries that a search found."""
        return [
            Entry(
                hit.get("_id", ""),
                Position(tuple(map(_value, self.columns, hit["sort"])), hit["sort"][-1]),
                hit["_source"][mapping.ARTICLE] if "_source" in hit else None,
            )
            for hit in answer["hits"]["hits"]
        ]


class _Passed(NamedTuple):
    """The number of entries passed over, and the position of the last one."""

    number: int
    last: Position | None


class _Ends(NamedTuple):
    """The first and the last position of a list, None where there is none or nobody asked."""

    first: Position | None
    last: Position | None


def within(clause: Clause, *conditions: Clause) -> Clause:
    """The clause for matches under conditions, with the scores that a clause gives."""
    return {"bool": {"must": [clause], "filter": [*conditions]}}


def _count(search: Body) -> Body:
    return {**search, "size": 0, "track_total_hits": True}


def check(window: Window, values: int) -> None:
    """Raise RequestError for a window without sense, in a list whose positions have so many values."""
    if window.size < 0 or window.offset < 0:
        problem = f"a page cannot have {window.size} articles, {window.offset} passed over"
        raise RequestError(f"{problem}; ask for 0 or more")
    for position in (window.after, window.before):
        if position is not None:
            checked(position, values)


def _is_beyond(position: Position, far: Position | None, *, from_start: bool) -> bool:
    """Tell whether a position is at the far end of a window or beyond it."""
    if far is None:
        return False
    return sort_key(position) >= sort_key(far) if from_start else sort_key(position) <= sort_key(far)


def _reaches(ends: _Ends, bound: Position | None, *, from_start: bool, is_near: bool) -> bool:
    """Tell whether the list has an entry at a bound of the window, or on its other side."""
    if bound is None:
        return False
    if from_start is is_near:
        return ends.first is not None and sort_key(ends.first) <= sort_key(bound)
    return ends.last is not None and sort_key(ends.last) >= sort_key(bound)


def _order(is_ascending: bool) -> dict[str, str]:  # noqa: FBT001 - one of two directions
    return {"order": "asc" if is_ascending else "desc"}


def _sent(column: SortColumn, value: float) -> float:
    """A value of a position as nodes compare it."""
    if column.field == _SCORE:
        return float(np.float32(max(-_LARGEST_SCORE, min(value, _LARGEST_SCORE))))
    return -float(value) if column.is_negative else float(value)


def _value(column: SortColumn, value: float) -> float:
    """A value of a position as it was sorted by: scores are in single precision."""
    if column.field == _SCORE:
        return float(np.float32(value))
    return -float(value) if column.is_negative else float(value)
