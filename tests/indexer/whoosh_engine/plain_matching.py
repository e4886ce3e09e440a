"""Articles that a query matches, looked up one after another, as the formula of the score sees them."""

from collections.abc import Sequence

from indexer.article import Article
from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Without, Word
from tests.indexer.whoosh_engine.plain_bm25f import has_phrase, words_of, worth


def matches(article: Article, query: Query) -> bool:
    match query:
        case Every(queries):
            return all(matches(article, operand) for operand in queries)
        case Some(queries):
            return any(matches(article, operand) for operand in queries)
        case Without(operand):
            return not matches(article, operand)
        case Phrase():
            return has_phrase(article, query)
        case _:
            return any(worth(word, query) for field in query.fields for word in words_of(article, field))


def documents_with_all(articles: Sequence[Article], words: Sequence[Word | Prefix]) -> list[int]:
    """The numbers of the articles that match every word."""
    return [number for number, article in enumerate(articles) if matches(article, Every(tuple(words)))]
