"""The cost of a list of articles that is asked for without GraphQL, by the same prices."""

from indexer.errors import RequestError
from schema.cost.prices import PRICES, TEXT, passed
from schema.limits.limits import MAX_PAGE, Limits

_ENTRY = 15
"""The cost of an entry: the article, its provider, topics and images, and its highlights."""
_SUGGESTION = 4
_FACET = PRICES["ArticleFacets.topics"].base + 1
_VALUE = PRICES["FacetValue.name"].base + 1
_BESIDE = 15
"""The cost of the total, of where the page lies, and of the report how the text was understood."""


def cost_of_list(  # noqa: PLR0913 - the amounts that its cost depends on
    *, text: str, conditions: int, size: int, offset: int = 0, values: int = 0, facets: int = 0
) -> int:
    """The cost of a list: that of `articles` in GraphQL, with all that is shown of it.

    `conditions` counts the values that the articles are filtered by, `size` is that of the page, and `offset` the
    entries that it passes over. `facets` counts the facets and spreads, and `values` the values listed of them.
    """
    price = PRICES["Query.articles"]
    listed = price.asked(texts=-(-len(text) // TEXT), conditions=conditions, passed=passed(offset))
    counted = 1 + _FACET * facets + _VALUE * values if facets else 0
    return listed + _BESIDE + counted + _ENTRY * min(max(size, 0), MAX_PAGE)


def cost_of_suggestions(*, conditions: int, size: int) -> int:
    """The cost of suggestions: that of `suggest` in GraphQL, with all that is shown of them."""
    return PRICES["Query.suggest"].asked(conditions=conditions) + _SUGGESTION * max(size, 0)


def check_cost(cost: int, limits: Limits) -> None:
    """Raise `RequestError` where a list costs more than an operation may."""
    if cost > limits.max_cost:
        remedy = "Ask for fewer articles, for a shorter text, or for fewer topics."
        raise RequestError(f"The query costs {cost}, and at most {limits.max_cost} is allowed. {remedy}")
