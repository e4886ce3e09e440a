"""A text with ranges marked in it, as HTML, whole or in part."""

import html
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from indexer.text.analysis import EXTENDING, UNSPACED
from indexer.text.ranges import runs

ELLIPSIS = "…"

_UNSPACED = regex.compile(UNSPACED)
_EXTENDING = regex.compile(rf"[{EXTENDING}\p{{Grapheme_Cluster_Break=SpacingMark}}]")


class MarkedRange(NamedTuple):
    """A range [start, end) of a text, in code points, and the words of the search that it stands for."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fragment:
    """The part [start, end) of `text`, and the `matches` within it. All offsets count from the start of `text`."""

    text: str
    matches: tuple[MarkedRange, ...]
    start: int
    end: int

    def html(self, mark: str) -> str:
        """The part as `MarkedText.html` writes it, with an ellipsis at either end where words were left out."""
        before = ELLIPSIS if self.text[: self.start].strip() else ""
        after = ELLIPSIS if self.text[self.end :].strip() else ""
        return before + _html(self.text, self.matches, (self.start, self.end), mark) + after


@dataclass(frozen=True, slots=True)
class MarkedText:
    """`text` with matches in it, at least one for a fragment. Matches ascend and do not overlap."""

    text: str
    matches: tuple[MarkedRange, ...]

    @classmethod
    def of(cls, text: str, ranges: list[MarkedRange]) -> "MarkedText | None":
        """The text with ranges, in any order, overlaps joined; None without any."""
        return cls(text, _disjoint(ranges)) if ranges else None

    def html(self, mark: str) -> str:
        """The whole text with each match in a `mark` element, and everything else escaped: & < > and both quotes."""
        return _html(self.text, self.matches, (0, len(self.text)), mark)

    def fragment(self, length: int) -> Fragment:
        """At most `length` code points of whole words where the most different words of the search stand together.

        Of equally good stretches the first is taken. The fragment is longer where its one match is.
        """
        best = _best(self.matches, length)
        start, end = _widened(self.text, best[0].start, best[-1].end, length)
        matches = tuple(  # of a phrase that goes on beyond the fragment, the words within
            MarkedRange(max(match.start, start), min(match.end, end), match.words)
            for match in self.matches
            if match.start < end and match.end > start
        )
        return Fragment(self.text, matches, start, end)


def _html(text: str, matches: Sequence[MarkedRange], stretch: tuple[int, int], mark: str) -> str:
    start, end = stretch
    pieces = []
    for match in matches:
        written = html.escape(text[match.start : match.end])
        pieces += [html.escape(text[start : match.start]), f"<{mark}>", written, f"</{mark}>"]
        start = match.end
    return "".join((*pieces, html.escape(text[start:end])))


def _disjoint(ranges: list[MarkedRange]) -> tuple[MarkedRange, ...]:
    return tuple(
        MarkedRange(
            run[0].start,
            max(match.end for match in run),
            tuple(dict.fromkeys(word for match in run for word in match.words)),
        )
        for run in runs(ranges, apart=0)
    )


def _best(matches: Sequence[MarkedRange], length: int) -> Sequence[MarkedRange]:
    """The neighbours within `length` that stand for the most different words; of those, the most."""
    if len(matches) == 1:
        return matches
    words: Counter[str] = Counter()
    first, best, quality = 0, matches[:1], (0, 0)
    for last, match in enumerate(matches):
        words.update(match.words)
        while first < last and match.end - matches[first].start > length:
            words -= Counter(matches[first].words)
            first += 1
        if (len(words), last - first) > quality:
            best, quality = matches[first : last + 1], (len(words), last - first)
    return best


def _widened(text: str, start: int, end: int, length: int) -> tuple[int, int]:
    """The range and as much around it as `length` leaves room for, cut between words."""
    room = max(length - (end - start), 0)
    before = min(start, max(room // 2, room - (len(text) - end)))
    start = _first_cut(text, start - before, start)
    return start, _last_cut(text, end, max(end, min(len(text), start + length)))


def _first_cut(text: str, index: int, last: int) -> int:
    while index < last and (text[index].isspace() or not _is_between_words(text, index)):
        index += 1
    return index


def _last_cut(text: str, first: int, index: int) -> int:
    while index > first and (text[index - 1].isspace() or not _is_between_words(text, index)):
        index -= 1
    return index


def _is_between_words(text: str, index: int) -> bool:
    if index in {0, len(text)}:
        return True
    before, after = text[index - 1], text[index]
    if before.isspace() or after.isspace():
        return True
    if before.isascii() and after.isascii():
        return False
    return bool(_UNSPACED.match(before) or _UNSPACED.match(after)) and not _EXTENDING.match(after)
