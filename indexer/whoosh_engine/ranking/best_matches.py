"""The best matches of a segment, found without scoring all that match.

A block of neighbouring documents is passed over where its words, each at its greatest there, add up to less than enough
other matches have: these are the block-max indexes by documents of C. Dimopoulos, S. Nepomnyachiy, T. Suel, Optimizing
Top-k Document Retrieval Strategies for Block-Max Indexes, WSDM 2013. `postings/c/block_max.h` does it. Where there was
no compiler, all matches are scored.
"""

from collections.abc import Sequence
from typing import NamedTuple

from indexer.query.tree import Phrase, Query, Word
from indexer.scoring.term_weights import TermWeights
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.postings.compiled_words import CompiledWords
from indexer.whoosh_engine.postings.programs import CompiledQuery, MatchList, MatchLists, Norms, ScoredList
from indexer.whoosh_engine.segment.arrays import Documents, Scores
from indexer.whoosh_engine.segment.doc_set import DocSet
from indexer.work import checkpoint

_KNOWN = 50_000
"""Postings of a word whose impacts are found once for all, and kept: they take a millisecond, and 200 kB."""
_MOST_WORDS = 4
"""Of more words that count everywhere, nearly every block has enough to be searched."""
_FEW = 1_200
"""Documents, about, that are scored sooner than passed over."""

_SELECTIVE = 16
"""Times as many documents in a segment as meet a condition that is worth looking at before any word."""
_MOST = 1_000
"""Matches that may be wanted; of more, nearly all blocks have some."""


class BestMatches(NamedTuple):
    """Documents, ascending, and their scores: the best so many, and those as good as the last of them."""

    documents: Documents
    scores: Scores


def is_worth_it(weights: TermWeights, allowed: Sequence[DocSet], count: int) -> bool:
    """True where looking for the best `count` matches takes less time than finding and scoring all.

    `allowed` are the documents of each segment that may match: the visible ones that meet the condition. To find all
    that match takes time by what matches without the condition, unless few are allowed.
    """
    if not weights.words or not 0 < count <= _MOST:
        return False
    if sum([word.condition is None and isinstance(word.leaf, Word) for word, _ in weights.words]) > _MOST_WORDS:
        return False
    size, most = sum([one.size for one in allowed]), sum([one.count for one in allowed])
    return most > _FEW and weights.share * size > _FEW


def best_matches(
    query: Query, segments: Sequence[Matcher], weights: TermWeights, allowed: Sequence[DocSet], count: int
) -> list[BestMatches] | None:
    """The best `count` matches of each segment, with one word at least; None where no loop can look for them."""
    found = []
    for matcher, documents in zip(segments, allowed, strict=True):
        words = matcher.words
        if not isinstance(words, CompiledWords):
            return None
        checkpoint()
        compiled = _compiled(query, matcher, words, weights)
        if documents.count < documents.size // _SELECTIVE:
            compiled.lists.append(MatchList(documents.documents, is_required=True))
        found.append(BestMatches(*words.best_matches(compiled, documents.mask, count)))
    return found


def _compiled(query: Query, matcher: Matcher, words: CompiledWords, weights: TermWeights) -> CompiledQuery:
    """The query for the compiled loop.

    Documents and impacts are found beforehand, but for very common words in the fields of the first word, which are
    nearly always those of all: they are read from the segment as they are needed.
    """
    lists, means = MatchLists(query, matcher.documents), weights.mean_lengths
    fields = weights.words[0][0].leaf.fields
    sources: list[tuple[int, Norms | Scores]] = []
    for (leaf, _), _ in weights.words:
        if isinstance(leaf, Word) and leaf.fields == fields and words.postings(leaf) > _KNOWN:
            sources.append((lists.put(leaf, words.runs(leaf)), words.field_norms(fields, means)))
        else:
            sources.append((lists.put(leaf, words.documents(leaf)), words.impacts(leaf, means)))
    scored = []
    for (number, impacts), ((leaf, condition), worth) in zip(sources, weights.words, strict=True):
        greatest = words.greatest_impacts(leaf, means)
        if isinstance(condition, Phrase):
            greatest = words.where(condition, greatest)
        program = lists.program(condition) if condition else ()
        scored.append(ScoredList(number, impacts, greatest, float(worth), program))
    for pair, worth in weights.pairs:
        near, greatest = words.near_anywhere(pair), words.greatest_nearness(pair)
        scored.append(ScoredList(lists.add(near.documents), near.impacts, greatest, float(worth)))
    return CompiledQuery(fields, lists.all, scored, lists.program(query))
