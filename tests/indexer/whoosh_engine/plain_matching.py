"""Which articles a query matches, looked up in one article after another, as the formula of the score sees them."""

from indexer.article import Article
from indexer.query.tree import Every, Phrase, Query, Some, Without
from tests.indexer.whoosh_engine.plain_bm25f import has_phrase, words_of, worth


def matches(article: Article, query: Query) -> bool:
    match query:
        case Every(queries):
            return all(matches(article, part) for part in queries)
        case Some(queries):
            return any(matches(article, part) for part in queries)
        case Without(part):
            return not matches(article, part)
        case Phrase():
            return has_phrase(article, query)
        case _:
            return any(worth(word, query) for field in query.fields for word in words_of(article, field))
