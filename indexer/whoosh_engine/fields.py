"""What the Whoosh index holds of an article: its fields, and one article as a document of them."""

from collections.abc import Iterable

from whoosh.columns import NumericColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, KEYWORD, TEXT, Schema

from indexer.analysis import terms
from indexer.article import Article
from indexer.canonical import canonical_url
from indexer.filters import TermField, canonical_value
from indexer.whoosh_engine.stored import encoded

MISSING = -(2**31)  # quality or heat of an article that has none; smaller than any that a file may give

BEYOND = 2**31  # larger than any quality or heat that a file may give

# The bits of `flags`.
PUBLISHED = 1
HAS_IMAGE = 2

# One number for each article. Lengths are counted in terms; Whoosh's own are rounded to one byte.
NUMBERS = {
    "title_length": NumericColumn("i"),
    "excerpt_length": NumericColumn("i"),
    "published_at": NumericColumn("q"),
    "quality": NumericColumn("i", default=MISSING),
    "heat": NumericColumn("i", default=MISSING),
    "flags": NumericColumn("B"),
}

# Words are searched with their positions; values are matched whole.
# Only Whoosh's own types stand here, so that Whoosh opens the index without Newsstand. The words arrive as lists of
# terms, which no analyzer touches.
FIELDS = Schema(
    key=ID(unique=True, stored=True, sortable=True),
    title=TEXT(),
    excerpt=TEXT(),
    topic=TEXT(),
    provider=TEXT(),
    topic_value=KEYWORD(),
    provider_value=ID(),
    category_value=ID(),
    type_value=ID(),
    related_url_value=KEYWORD(),
    web_url=ID(),
    other_url=KEYWORD(),
    article=COLUMN(VarBytesColumn()),
    **{name: COLUMN(column) for name, column in NUMBERS.items()},
)

# Stands between the words of two topics, so that no phrase reaches from one into the next.
_BOUNDARY = "|"

_MICROSECONDS = 1_000_000


def value_field(field: TermField) -> str:
    """The Whoosh field that holds the whole values of `field`."""
    return f"{field}_value"


def microseconds(timestamp: float) -> int:
    """Seconds since 1970 as whole microseconds, the unit of `published_at`."""
    return round(timestamp * _MICROSECONDS)


def document(article: Article) -> dict[str, object]:
    """The article as keyword arguments for Whoosh's `add_document`."""
    addresses = (article.amp_web_url, article.cdn_amp_web_url)
    title, excerpt = terms(article.title), terms(article.excerpt or "")
    return {
        "key": article.key,
        "title": title,
        "excerpt": excerpt,
        "title_length": len(title),
        "excerpt_length": len(excerpt),
        "topic": _topic_words(article),
        "provider": terms(f"{article.provider.name or ''} {article.provider.domain}"),
        **{value_field(field): sorted(_values(article, field)) for field in TermField},
        "web_url": [canonical_url(article.web_url)],
        "other_url": sorted({canonical_url(address) for address in addresses if address}),
        "published_at": microseconds(article.published_date_time.timestamp()),
        "quality": MISSING if article.quality is None else article.quality,
        "heat": MISSING if article.heat is None else article.heat,
        "flags": PUBLISHED * article.published | HAS_IMAGE * bool(article.images),
        "article": encoded(article),
    }


def _values(article: Article, field: TermField) -> set[str]:
    values: dict[TermField, Iterable[str | None]] = {
        TermField.TOPIC: article.topics,
        TermField.PROVIDER: [article.provider.domain],
        TermField.CATEGORY: [article.category],
        TermField.TYPE: [article.type],
        TermField.RELATED_URL: [related.web_url for related in article.related],
    }
    return {canonical_value(field, value) for value in values[field] if value}


def _topic_words(article: Article) -> list[str]:
    words: list[str] = []
    for topic in article.topics:
        words += [*terms(topic), _BOUNDARY]
    return words
