"""Articles of which only the title matters."""

from collections.abc import Sequence

from indexer.article import Article, Provider
from tests.replacing import replace
from tests.samples import DAY, NOW, plain


def titled(key: str, title: str, *, days: int = 1, topics: Sequence[str] = ()) -> Article:
    """An article so many days old. Its provider does not begin as any word that a test types."""
    provider = Provider(domain="zzz.example")
    published = NOW - days * DAY
    return replace(plain(key), title=title, published_date_time=published, topics=tuple(topics), provider=provider)
