"""The cost of a list of articles that is asked for without GraphQL, by the same prices."""

from indexer.errors import RequestError
from schema.cost.prices import PRICES, TEXT
from schema.limits.limits import MAX_PAGE, Limits

_ENTRY = 15
"""The cost of an entry: the article, its provider, topics and images, and its highlights."""
_SUGGESTION = 4
_NARROWING = 900
"""The cost of counting the titles, topics, providers and words of some of 92,845 articles."""
_BESIDE = 15
"""The cost of the total, of where the page lies, and of the report how the text was understood."""


def cost_of_list(*, text: str, conditions: int, size: int) -> int:
    """The cost of a list: that of `articles` in GraphQL, with all that is shown of it.

    `conditions` counts the values that the articles are filtered by, and `size` is that of the page.
    """
    listed = PRICES["Query.articles"].asked(texts=-(-len(text) // TEXT), conditions=conditions, is_tuned=False)
    return listed + _BESIDE + _ENTRY * min(max(size, 0), MAX_PAGE)


def cost_of_suggestions(*, conditions: int, size: int) -> int:
    """The cost of suggestions: that of `suggest` in GraphQL, and of counting titles anew for `conditions`."""
    return PRICES["Query.suggest"].base + (_NARROWING + conditions if conditions else 0) + _SUGGESTION * max(size, 0)


def check_cost(cost: int, limits: Limits) -> None:
    """Raise `RequestError` where a list costs more than an operation may."""
    if cost > limits.max_cost:
        remedy = "Ask for fewer articles, for a shorter text, or for fewer topics."
        raise RequestError(f"The query costs {cost}, and at most {limits.max_cost} is allowed. {remedy}")
