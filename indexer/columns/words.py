"""The words of an article, as terms in order."""

from indexer.article import Article
from indexer.query.tree import TextField
from indexer.text.analysis import BOUNDARY, parted_terms
from indexer.text.language import with_plain_thousands


def words_of(article: Article, field: TextField, language: str) -> list[str]:
    """The terms of a field, with boundaries, in an index of a language: a term's position is its index."""
    match field:
        case TextField.TITLE:
            return parted_terms(with_plain_thousands(article.title, language))
        case TextField.EXCERPT:
            return parted_terms(with_plain_thousands(article.summary or "", language))
        case TextField.BODY:
            return parted_terms(with_plain_thousands(article.text or "", language))
        case TextField.TOPIC:
            return [word for topic in article.topics for word in (*parted_terms(topic), BOUNDARY)]
        case TextField.PROVIDER:
            return parted_terms(f"{article.provider.name or ''} {article.provider.domain}")
