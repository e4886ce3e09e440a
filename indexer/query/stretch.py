"""The stretches of a long text in which matches are looked for, so that marking takes little time."""

from collections.abc import Iterator, Sequence

from indexer.text.analysis import plain_words

STRETCH = 2_500
"""The longest stretch, in code points."""

_LOOKED_THROUGH = 200_000  # code points of a text
_TRIES = 3
_BEFORE = STRETCH // 4  # code points of a stretch before the term that it was chosen for
_EDGE = 64  # code points in which a stretch is cut between words
_BLANKS = " \n"


def stretches(text: str, terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The stretches [start, end) around the first occurrences of terms, three at most.

    Those with more different terms come before others. Where no term shows as it stands, it is the text's beginning.
    """
    if len(text) <= STRETCH:
        yield 0, len(text)
        return
    head = text[:_LOOKED_THROUGH]
    plain = plain_words(head) or head.lower()
    if len(plain) != len(head):  # few capital letters are two small ones
        plain = head
    firsts = (_first(plain, term) for term in terms)
    starts = sorted({max(first - _BEFORE, 0) for first in firsts if first is not None})

    def terms_from(start: int) -> int:
        return sum(plain.find(term, start, start + STRETCH) >= 0 for term in terms)

    for start in sorted(starts or [0], key=lambda start: -terms_from(start))[:_TRIES]:
        yield _start(text, start), _end(text, start + STRETCH)


def _first(plain: str, term: str) -> int | None:
    """The place of a term, where it begins a word; in scripts without spaces, every letter does."""
    place = plain.find(term)
    while place > 0 and term.isascii() and plain[place - 1].isalnum():
        place = plain.find(term, place + 1)
    return None if place < 0 else place


def _start(text: str, start: int) -> int:
    blanks = (text.find(blank, start, start + _EDGE) for blank in _BLANKS) if start else ()
    return min((blank for blank in blanks if blank >= 0), default=start)


def _end(text: str, end: int) -> int:
    blank = max(text.rfind(blank, end - _EDGE, end) for blank in _BLANKS) if end < len(text) else -1
    return end if blank < 0 else blank
