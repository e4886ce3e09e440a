"""Articles that were read from a cluster, as objects that are kept."""

from indexer.article import Article
from indexer.columns.article_json import article_bytes, decoded
from indexer.memory import Memory, Shelf


class Articles:
    """Articles by the ids of their documents. While an article is in memory, it is the same object."""

    def __init__(self, memory: Memory) -> None:
        self._shelf: Shelf[str, Article] = memory.shelf("articles", lambda _id, article: article_bytes(article))

    def find(self, document: str) -> Article | None:
        """The article of the document with an id, if it is in memory."""
        return self._shelf.find(document)

    def article(self, document: str, stored: str) -> Article:
        """The article of the document with an id, of which `stored` is the JSON. Documents never change."""
        article = self._shelf.find(document)
        return self._shelf.put(document, decoded(stored)) if article is None else article
