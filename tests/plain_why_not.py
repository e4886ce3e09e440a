"""Reasons for an article's absence from a list, by the whole list and by the matches of each part of the search."""

from collections.abc import Callable, Sequence

from indexer.article import Article
from indexer.query.parser import parse
from indexer.query.tree import TextField, within
from indexer.search.filters import Filter
from indexer.search.requests import SearchRequest
from indexer.search.why_not import WhyNot, failed, unmatched
from tests.plain_text import plain_match


def plain_why_not(
    article: Article,
    request: SearchRequest,
    listed: Sequence[str],
    matches: Callable[[Article, Filter], bool],
    searched: tuple[TextField, ...],
) -> WhyNot:
    """The article's place in the list of keys, or what keeps it out."""
    query = within(parse(request.text, typing=request.typing), searched)
    return WhyNot(
        rank=listed.index(article.key) + 1 if article.key in listed else None,
        unmatched=tuple(unmatched(query, lambda query: plain_match(article, query))),
        failed=tuple(failed(request.filter, lambda condition: matches(article, condition))),
    )
