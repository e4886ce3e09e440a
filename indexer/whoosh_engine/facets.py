"""The values of one field among the articles found, counted on arrays."""

from collections import Counter
from collections.abc import Iterable

from indexer.errors import RequestError
from indexer.search import Facet, FacetRequest, FacetValue, Position
from indexer.whoosh_engine.ranked import checked, sort_key
from indexer.whoosh_engine.segment import Mask, Segment


def facet(request: FacetRequest, found: Iterable[tuple[Segment, Mask]]) -> Facet:
    """Count the values of the documents found in each segment. Raises RequestError for a request without sense."""
    if request.size < 0:
        raise RequestError(f"a facet cannot have {request.size} values; ask for 0 or more")
    counts: Counter[str] = Counter()
    for segment, mask in found:
        counts.update(segment.values[request.field].counts(mask))
    values = [FacetValue(value=value, count=count, position=_position(value, count)) for value, count in counts.items()]
    values.sort(key=lambda value: sort_key(value.position))
    if request.after is not None:
        after = sort_key(checked(request.after, values=1))
        values = [value for value in values if sort_key(value.position) > after]
    return Facet(
        field=request.field,
        values=tuple(values[: request.size]),
        has_next=len(values) > request.size,
        total=len(counts),
    )


def _position(value: str, count: int) -> Position:
    return Position((float(count),), value)
