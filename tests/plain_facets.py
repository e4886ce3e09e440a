"""Facets, counted article by article: the oracle of every engine that counts."""

from collections import Counter
from datetime import UTC

from indexer.article import Article
from indexer.errors import RequestError
from indexer.search.facets import (
    Calendar,
    Facet,
    FacetField,
    FacetOrder,
    FacetRequest,
    FacetValue,
    Spread,
    SpreadRequest,
)
from indexer.search.filters import TermField
from indexer.search.ranking import Position
from indexer.text.analysis import terms as words_of
from tests.plain_filter import terms
from tests.plain_place import check, order


def plain_spread(request: SpreadRequest, articles: list[Article]) -> Spread | None:
    known = [number for article in articles if (number := getattr(article, request.field.value)) is not None]
    if not known:
        return None
    return Spread(minimum=min(known), maximum=max(known), mean=sum(known) / len(known), count=len(known))


def plain_facet(request: FacetRequest, articles: list[Article]) -> Facet:
    by_number = request.order is FacetOrder.COUNT or request.field is Calendar.MONTH
    check(request.after, int(by_number), f"the facet {request.field.value}")
    if request.size < 0:
        raise RequestError(f"a facet of {request.size} values; ask for 0 or more")
    having = Counter(value for article in articles for value in _values(article, request.field))
    counts = {value: count for value, count in having.items() if _begins(value, request.prefix)}
    places = sorted((_position(request, value, count) for value, count in counts.items()), key=order)
    rest = [place for place in places if request.after is None or order(place) > order(request.after)]
    values = tuple(
        FacetValue(value=place.key, count=counts[place.key], position=place) for place in rest[: request.size]
    )
    return Facet(field=request.field, values=values, has_next=len(rest) > len(values), total=len(counts))


def _values(article: Article, field: FacetField) -> frozenset[str]:
    if isinstance(field, TermField):
        return terms(article, field)
    published = article.published_date_time.astimezone(UTC)
    return frozenset({f"{published.year:04}-{published.month:02}"})


def _position(request: FacetRequest, value: str, count: int) -> Position:
    if request.order is FacetOrder.COUNT:
        return Position((float(count),), value)
    months = (float(value.replace("-", "")),) if request.field is Calendar.MONTH else ()
    return Position(months, value)


def _begins(value: str, prefix: str) -> bool:
    """True if the value has the words of the prefix, the last of which may go on."""
    words, wanted = words_of(value), words_of(prefix)
    if not prefix.strip():
        return True
    places = range(len(words) - len(wanted) + 1) if wanted else ()
    return any(
        words[place : place + len(wanted) - 1] == wanted[:-1] and words[place + len(wanted) - 1].startswith(wanted[-1])
        for place in places
    )
