"""From a text to the query that it becomes in the end, and the report of that."""

from collections.abc import Callable
from typing import NamedTuple

from indexer.query.parser import without_fields
from indexer.query.tree import Every, Query
from indexer.query.understanding import Understanding
from indexer.search.requests import SearchRequest
from indexer.understanding.corrections import Speller
from indexer.understanding.relaxing import is_relaxable, relaxed
from indexer.understanding.report import TermsOf, corrections, did_you_mean, understood_words, without
from indexer.understanding.texts import ReadText, Texts

_TYPED_LETTERS = 4  # of words for which others are offered while a person is typing


class Sense(NamedTuple):
    """The query in the end, the parts of it that were given up, and where it was asked for, a report for the reader."""

    query: Query
    left_out: tuple[Query, ...]
    report: Understanding | None


def understand(  # noqa: PLR0913 - all that a text means something by
    text: ReadText,
    request: SearchRequest,
    *,
    texts: Texts,
    speller: Speller,
    terms_of: TermsOf,
    count: Callable[[Query], int],
) -> Sense:
    """Understand a text. Where the request is forgiving: correct it, match it and, if nothing does, relax it.

    `terms_of` are the terms that a word stands for in visible articles; `count` tells how many articles that meet the
    request's filter match a query.
    """
    query = corrected = speller.corrected(text.widened) if request.forgiving else text.widened
    joined: Query | None = None
    left_out: tuple[Query, ...] = ()
    written: list[tuple[Query, str]] = []
    if request.forgiving and is_relaxable(corrected) and not count(corrected):
        joined = next(filter(count, speller.joined(corrected)), None)
        query, left_out = (
            (joined, ()) if joined else relaxed(corrected, text.widened, count, speller.guesses(corrected))
        )
        written = texts.written(request, corrected) if left_out else []
    report: Understanding | None = None
    if request.understanding and text.has_words:
        surely = corrections(text.widened, corrected)
        letters = _TYPED_LETTERS if request.typing else 0
        likely = speller.likely(corrected, letters=letters, fits=lambda word: count(Every((query, word))))
        looked_for = Every((query, *left_out)) if left_out else query
        report = Understanding(
            query=query,
            words=understood_words(looked_for, terms_of, typed=text.typed, widened=text.widened),
            left_out=tuple(without_fields(words) for part, words in written if part in left_out),
            did_you_mean=did_you_mean(
                request.text,
                without(written, left_out, but={**likely, **surely}),
                () if joined else [better for better in ({**likely, **surely}, surely) if better],
                lambda better: count(texts.better(better)),
            ),
            language=texts.language,
        )
    return Sense(query, left_out, report)
