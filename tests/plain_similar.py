"""Articles like another one, as simply as it can be said."""

from collections.abc import Iterable
from functools import lru_cache

from indexer.article import Article
from indexer.canonical import canonical_topic
from indexer.errors import RequestError
from indexer.text.analysis import terms

_KEPT = 10_000
_terms = lru_cache(_KEPT)(terms)  # each pair of articles is compared


def plain_similar(article: Article, visible: Iterable[Article], size: int) -> list[Article]:
    """Those that share most words and topics with the article, ties by key, without copies of it or of each other."""
    if size < 0:
        raise RequestError(f"{size} similar articles; ask for 0 or more")
    others = [other for other in visible if other.key != article.key]
    shared = {
        other.key: len(_words(article) & _words(other)) + len(_topics(article) & _topics(other)) for other in others
    }
    listed = [article]
    for other in sorted(others, key=lambda other: (-shared[other.key], other.key)):
        if shared[other.key] and len(listed) <= size and not any(are_copies(other, one) for one in listed):
            listed.append(other)
    return listed[1:]


def are_copies(one: Article, other: Article) -> bool:
    """True if both tell the same story: by the same title, or by more than four of five words."""
    if _terms(one.title) and _terms(one.title) == _terms(other.title):
        return True
    both, either = _words(one) & _words(other), _words(one) | _words(other)
    return len(both) * 5 > len(either) * 4


def _words(article: Article) -> frozenset[str]:
    return _words_of(article.title, article.summary or "")


@lru_cache(_KEPT)
def _words_of(*texts: str) -> frozenset[str]:
    return frozenset(term for text in texts for term in _terms(text))


def _topics(article: Article) -> set[str]:
    return {canonical_topic(topic) for topic in article.topics}
