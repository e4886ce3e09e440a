"""Matches of a text and their scores, as simply as it can be said: the terms of one article, one by one."""

from functools import lru_cache

import Stemmer

from indexer.article import Article
from indexer.query.parser import parse
from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Without, Word, is_scored, within
from indexer.text.analysis import parted_terms

_KEPT = 10_000
_parsed = lru_cache(_KEPT)(parse)  # each article is asked for the same text
plain_terms = lru_cache(_KEPT)(parted_terms)
"""The terms of a text at their positions. Nobody changes the list."""


def plain_score(
    article: Article, text: str, searched: tuple[TextField, ...] = SEARCHED, *, typing: bool = False
) -> float | None:
    """A number above 0 where the article matches, 0 where it does not, and None where it matches without words."""
    query = within(_parsed(text, typing=typing), searched)
    if not plain_match(article, query):
        return 0.0
    return 1.0 + _occurrences(article, query) if is_scored(query) else None


def plain_match(article: Article, query: Query) -> bool:
    match query:
        case Every(queries):
            return all(plain_match(article, part) for part in queries)
        case Some(queries):
            return any(plain_match(article, part) for part in queries)
        case Without(part):
            return not plain_match(article, part)
        case _:
            return any(_count(text, query) for field in query.fields for text in _texts(article, field))


def _occurrences(article: Article, query: Query) -> float:
    """The number of occurrences of all words; the title counts double."""
    match query:
        case Every(queries) | Some(queries):
            return sum(_occurrences(article, part) for part in queries)
        case Without():
            return 0.0
        case _:
            weights = {field: 2.0 if field is TextField.TITLE else 1.0 for field in query.fields}
            return sum(
                query.weight * weight * _count(text, query)
                for field, weight in weights.items()
                for text in _texts(article, field)
            )


def _count(text: str, query: Word | Prefix | Phrase) -> int:
    found = plain_terms(text)
    wanted = query.words() if isinstance(query, Phrase) else [query]
    starts = range(len(found) - len(wanted) + 1)
    return sum(all(_is(term, word) for term, word in zip(found[start:], wanted, strict=False)) for start in starts)


def _is(term: str, word: Word | Prefix) -> bool:
    """True if a term begins with a prefix, or is a form of a word."""
    if isinstance(word, Prefix):
        return term.startswith(word.prefix)
    return _stem(term) == _stem(word.term)


@lru_cache(_KEPT)
def _stem(term: str) -> str:
    return str(Stemmer.Stemmer("english").stemWord(term))


def _texts(article: Article, field: TextField) -> tuple[str, ...]:
    """The separate texts of a field: no phrase reaches from one into the next."""
    match field:
        case TextField.TITLE:
            return (article.title,)
        case TextField.EXCERPT:
            return (article.summary or "",)
        case TextField.BODY:
            return (article.text or "",)
        case TextField.TOPIC:
            return article.topics
        case TextField.PROVIDER:
            return (f"{article.provider.name or ''} {article.provider.domain}",)
