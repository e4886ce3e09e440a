"""Pages of lists in which providers take turns: so many articles of each come before any further ones of the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from indexer.listing.positions import sort_key
from indexer.opensearch_engine.matching.view import Clause
from indexer.opensearch_engine.searching.page import Entry, Page, RankedList, check, within
from indexer.opensearch_engine.storage import mapping
from indexer.search.filters import TermField
from indexer.search.ranking import End, Position, Window

_MOST_PROVIDERS = 10_000
_PROVIDER = mapping.value_field(TermField.PROVIDER)
_NO_PROVIDER = ""  # no domain is empty


class _Provider(NamedTuple):
    """A provider, and the number of its matches."""

    name: str
    matches: int

    def in_turn(self, turn: int, most: int) -> int:
        """The number of matches that it has in a turn."""
        return max(0, min(most, self.matches - turn * most))


@dataclass(frozen=True, slots=True)
class TurnList:
    """The matches of a ranked list, of which each provider has `most` in the first turn, as many in the second, ...

    A position has the turn, as a number that descends from 0, before the values of the list.
    """

    ranked: RankedList
    most: int

    async def page(self, window: Window, *, total: bool = False) -> Page:
        """The window of the list. Raises RequestError for a window without sense."""
        check(window, 1 + len(self.ranked.columns))
        providers = await self._providers()
        found = sum(provider.matches for provider in providers)
        turns = range(-(-max((provider.matches for provider in providers), default=0) // self.most))
        from_start = window.end is End.START
        near, far = (window.after, window.before) if from_start else (window.before, window.after)
        inside: list[Entry] = []
        directed = turns if from_start else turns[::-1]
        rest, offset = _rest(directed, providers, self.most, window, near, from_start=from_start)
        is_beside = {"near": len(rest) < len(turns), "far": False}
        loaded: Mapping[int, Sequence[Entry]] = {}
        for place, turn in enumerate(rest):
            if turn not in loaded:
                several = _until(rest[place:], providers, self.most, offset + window.size)
                loaded = await self._turns(several, providers, is_reversed=not from_start)
            for entry in loaded[turn]:
                if near is not None and not _is_after(entry.position, near, from_start=from_start):
                    is_beside["near"] = True
                elif far is not None and not _is_after(far, entry.position, from_start=from_start):
                    is_beside["far"] = True
                else:
                    inside.append(entry)
            if len(inside) > offset + window.size or is_beside["far"]:
                break
        if far is not None and not is_beside["far"]:
            is_beside["far"] = await self._reaches(far, turns, providers, from_start=from_start)
        left = max(0, len(inside) - offset)
        chosen = inside[offset : offset + window.size]
        behind = bool(offset and inside) or is_beside["near"]
        ahead = left > window.size or is_beside["far"]
        if from_start:
            return Page(chosen, behind, ahead, found if total else None)
        return Page(chosen[::-1], ahead, behind, found if total else None)

    async def rank(self, document: str) -> int | None:
        """The rank of a document, from 1 on; None where the list does not have it."""
        providers = await self._providers()
        turns = -(-max((provider.matches for provider in providers), default=0) // self.most)
        before = 0
        for turn in range(turns):
            entries = (await self._turns(range(turn, turn + 1), providers, is_reversed=False))[turn]
            for number, entry in enumerate(entries, start=1):
                if entry.document == document:
                    return before + number
            before += len(entries)
        return None

    async def _providers(self) -> Sequence[_Provider]:
        """All providers of matches."""
        body = {
            **_counting(self.ranked.clause),
            "aggs": {"providers": {"terms": {**_by_provider(), "size": _MOST_PROVIDERS}}},
        }
        [answer] = await self.ranked.cluster.searches(self.ranked.index, [body])
        buckets = answer["aggregations"]["providers"]["buckets"]
        return [_Provider(bucket["key"], bucket["doc_count"]) for bucket in buckets]

    async def _turns(
        self, turns: range, providers: Sequence[_Provider], *, is_reversed: bool
    ) -> Mapping[int, Sequence[Entry]]:
        """The matches of some turns, each in order; or with the last one first."""
        start, end = turns.start * self.most, turns.stop * self.most
        names = [provider.name for provider in providers if provider.matches > start]
        if not _is_reached(turns[-1], self.most):
            best: Mapping[str, Sequence[Entry]] = {
                name: await self._further(name, start, end - start) for name in names
            }
            begins = start
        else:
            best, begins = await self._best(names, end, is_all=len(names) == len(providers)), 0
        rows: dict[int, Sequence[Entry]] = {}
        for turn in turns:
            first = turn * self.most - begins
            entries = [entry for each in best.values() for entry in each[first : first + self.most]]
            rows[turn] = self._in_order(entries, turn, is_reversed=is_reversed)
        return rows

    async def _best(self, names: Sequence[str], size: int, *, is_all: bool) -> dict[str, Sequence[Entry]]:
        """The best matches of each provider. All of them, since parts of a shard disagree where others are left out."""
        first = self.ranked.body(size, End.START, None, source=False)
        hits = {key: first[key] for key in ("sort", "_source")}
        by_name = {**_by_provider(), "size": len(names)}
        if not is_all:
            by_name["include"] = names
        body = {
            "size": 0,
            "track_total_hits": False,
            "query": self.ranked.clause,
            "aggs": {"providers": {"terms": by_name, "aggs": {"best": {"top_hits": {**hits, "size": size}}}}},
        }
        [answer] = await self.ranked.cluster.searches(self.ranked.index, [body])
        buckets = answer["aggregations"]["providers"]["buckets"]
        return {bucket["key"]: self.ranked.read(bucket["best"]) for bucket in buckets}

    async def _further(self, provider: str, start: int, size: int) -> Sequence[Entry]:
        """The matches of one provider in turns that lie so far down that no aggregation reaches them."""
        of_provider = within(self.ranked.clause, {"term": {_PROVIDER: provider}})
        page = await replace(self.ranked, clause=of_provider, has_articles=False).page(Window(size=size, offset=start))
        return page.entries

    @staticmethod
    def _in_order(entries: Sequence[Entry], turn: int, *, is_reversed: bool) -> list[Entry]:
        placed = [
            entry._replace(position=Position((-float(turn), *entry.position.values), entry.position.key))
            for entry in entries
        ]
        return sorted(placed, key=lambda entry: sort_key(entry.position), reverse=is_reversed)

    async def _reaches(self, far: Position, turns: range, providers: Sequence[_Provider], *, from_start: bool) -> bool:
        """Tell whether a match lies at a bound or beyond it: if so, the last one in that direction does."""
        if not turns:
            return False
        last = turns[-1] if from_start else turns[0]
        entries = (await self._turns(range(last, last + 1), providers, is_reversed=not from_start))[last]
        return bool(entries) and not _is_after(far, entries[-1].position, from_start=from_start)


def _rest(  # noqa: PLR0913 - where a page begins, and all that tells of turns
    turns: range,
    providers: Sequence[_Provider],
    most: int,
    window: Window,
    near: Position | None,
    *,
    from_start: bool,
) -> tuple[range, int]:
    """The turns from that on in which a page begins, in its direction, and the offset in them."""
    offset = window.offset
    for place, turn in enumerate(turns):
        size = sum(provider.in_turn(turn, most) for provider in providers)
        if window.after is None and window.before is None and offset >= size:  # all of it is passed over
            offset -= size
        elif not _is_passed(turn, near, from_start=from_start):
            return turns[place:], offset
    return turns[len(turns) :], offset


def _until(turns: range, providers: Sequence[_Provider], most: int, wanted: int) -> range:
    """The first turns that have more matches together than are wanted, in ascending order.

    Those that an aggregation reaches, and those that none does, are not mixed.
    """
    found, several = 0, []
    for turn in turns:
        if found > wanted or _is_reached(turn, most) != _is_reached(turns[0], most):
            break
        several.append(turn)
        found += sum(provider.in_turn(turn, most) for provider in providers)
    return range(min(several), max(several) + 1)


def _is_reached(turn: int, most: int) -> bool:
    return (turn + 1) * most <= mapping.MOST_AT_ONCE


def _is_passed(turn: int, near: Position | None, *, from_start: bool) -> bool:
    """Tell whether all of a turn lies before the position that a page begins behind."""
    if near is None:
        return False
    return -turn > near.values[0] if from_start else -turn < near.values[0]


def _is_after(position: Position, other: Position, *, from_start: bool) -> bool:
    """Tell whether a position comes later than another in the direction of a page."""
    return sort_key(position) > sort_key(other) if from_start else sort_key(position) < sort_key(other)


def _by_provider() -> dict[str, Any]:  # Any: JSON
    return {"field": _PROVIDER, "missing": _NO_PROVIDER}


def _counting(clause: Clause) -> dict[str, Any]:  # Any: JSON
    return {"size": 0, "track_total_hits": False, "query": clause}
