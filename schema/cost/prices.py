"""The prices of fields, and the sizes of their lists: one table for the whole schema.

The unit is about 25 microseconds: the time of graphql-core for one object of an answer with five scalars. Compiled
operations take less, but a client can have any operation executed by graphql-core. Prices are the times of uncached
answers, measured by `bench/cost.py` and rounded up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto

from schema.limits.limits import MAX_OFFSET

SCALARS = 5
"""Scalars that cost as much as an object. Up to five are free; an object with up to ten costs 2."""
DOCUMENT = 50
"""The price of any document that is new: to be checked, with its operation, context and answer."""
TOKEN = 1.5
"""The price of each of its words and signs."""
TEXT = 10
"""Characters of a searched text that have one price, rounded up: the time of a search grows with its words."""

PASSED = 100
"""Entries passed over that have one price, rounded up: they are ranked as if they were listed."""


def passed(offset: int) -> int:
    """The units of entries passed over. Resolvers refuse greater numbers than there may be."""
    return -(-min(max(offset, 0), MAX_OFFSET) // PASSED)


class ListSize(Enum):
    """The size of a list whose length the client decides."""

    ASKED = auto()
    """As `first`, `last` or `ids` say, of the field itself or of the nearest one around it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """The cost of a field besides the objects in its answer.

    `base` is charged for each answer, `entry` for each value of its list, `text` for each ten characters of its
    argument `search`, `passed` for each hundred of its `offset`, `filtered` once and `condition` for each value where
    there are any within `filter`, or in `topic` and `provider` where there is no `filter`, and `tuning` once where
    anything is tuned. `size` is the number of values, assumed for lists whose length the content decides.
    """

    base: int = 0
    entry: int = 0
    text: int = 0
    passed: int = 0
    filtered: int = 0
    condition: int = 0
    tuning: int = 0
    size: float | ListSize | None = None

    def asked(self, *, texts: int = 0, conditions: int = 0, passed: int = 0, is_tuned: bool = False) -> int:
        """The cost of the field whatever is selected of it.

        `texts` are units of ten characters to search for, and `passed` are hundreds of entries passed over.
        """
        filtering = (self.filtered + self.condition * conditions) if conditions else 0
        return self.base + self.text * texts + self.passed * passed + filtering + self.tuning * is_tuned


FREE = Price()
_SEARCH = Price(base=8, text=60, filtered=20, condition=5)
_LIST = replace(_SEARCH, passed=15, tuning=400)
_FACET = Price(base=10)
_COUNT = Price(base=10)
_LOOKUP = Price(base=4)
_NEWEST = Price(base=12)  # the newest article of a provider or topic is looked up
_LOADED = Price(entry=1, size=ListSize.ASKED)
_NAMED = Price(entry=2, size=ListSize.ASKED)
_RANGES = Price(size=3)

PRICES: Mapping[str, Price] = {
    "Query.article": _LOOKUP,
    "Query.articles": _LIST,
    "Query.provider": _NEWEST,
    "Query.providers": Price(base=20),
    "Query.topic": _NEWEST,
    "Query.topics": Price(base=20),
    "Query.suggest": Price(
        base=400,
        filtered=900,
        condition=1,
        size=ListSize.ASKED,  # some articles: all that they have is counted anew
    ),
    "Query.node": _NEWEST,
    "Query.nodes": Price(entry=8, size=ListSize.ASKED),
    "Query.index": _LOOKUP,
    "Subscription.articleChanges": _SEARCH,
    "Article.topics": Price(size=4),
    "Article.authors": Price(size=2),
    "Article.extras": Price(base=1),
    "Article.images": Price(size=2),
    "Article.provider": Price(base=2),
    "Article.related": Price(size=3),
    "Article.relatedBy": Price(base=20, entry=1, size=ListSize.ASKED),
    "Article.similar": Price(base=250, entry=16, size=ListSize.ASKED),
    "Article.whyNot": Price(base=15, text=60, filtered=20, condition=5, tuning=200),
    "ArticleConnection.edges": _LOADED,
    "ArticleConnection.nodes": _LOADED,
    "ArticleConnection.totalCount": _COUNT,
    "ArticleEdge.explain": Price(base=2),
    "ArticleEdge.highlights": Price(base=2),
    "ArticleFacets.topics": _FACET,
    "ArticleFacets.providers": _FACET,
    "ArticleFacets.categories": _FACET,
    "ArticleFacets.types": _FACET,
    "ArticleFacets.authors": _FACET,
    "ArticleFacets.months": _FACET,
    "ArticleFacets.quality": _FACET,
    "ArticleFacets.heat": _FACET,
    "ExcerptHighlight.ranges": _RANGES,
    "Facet.values": Price(size=ListSize.ASKED),
    "FacetValue.name": Price(base=2),
    "Highlight.ranges": _RANGES,
    "Highlights.body": Price(base=30),
    "HighlightFragment.ranges": _RANGES,
    "Credit.images": Price(size=2),
    "IndexStatus.problems": Price(size=ListSize.ASKED),
    "Provider.images": Price(size=2),
    "Provider.articleCount": _COUNT,
    "Provider.articles": _LIST,
    "ProviderConnection.edges": _NAMED,
    "ProviderConnection.nodes": _NAMED,
    "Related.images": Price(size=1),
    "Related.provider": Price(base=1),
    "Related.article": _LOOKUP,
    "SearchUnderstanding.words": Price(size=10),
    "SearchUnderstanding.leftOut": Price(size=5),
    "SearchedWord.found": Price(size=10),
    "Suggestion.ranges": Price(size=2),
    "Topic.articleCount": _COUNT,
    "Topic.articles": _LIST,
    "TopicConnection.edges": _NAMED,
    "TopicConnection.nodes": _NAMED,
    "WhyNot.reasons": Price(size=5),
    **dict.fromkeys(
        (
            *("ArticleChange.articleId", "ArticleChange.article"),
            *("Article.id", "Article.credit", "Image.url", "Provider.id", "Related.credit", "Suggestion.article"),
            "Topic.id",
            *("ArticleConnection.pageInfo", "ArticleConnection.search", "ArticleConnection.facets", "ArticleEdge.node"),
            *("ProviderConnection.pageInfo", "ProviderEdge.node", "TopicConnection.pageInfo", "TopicEdge.node"),
            *(
                "Highlights.title",
                "Highlights.excerpt",
                "ExcerptHighlight.fragment",
                "Topic.name",
            ),
            *("BodyHighlight.fragment", "HighlightFragment.start", "HighlightFragment.end", "IndexStatus.problemCount"),
            *("SearchUnderstanding.relaxed", "SearchedWord.word"),
        ),
        FREE,
    ),
    # The schema itself. Sizes are no less than the average over all types and fields.
    "__Schema.types": Price(size=70),
    "__Schema.directives": Price(size=5),
    "__Type.fields": Price(size=6),
    "__Type.interfaces": Price(size=0.1),
    "__Type.possibleTypes": Price(size=0.1),
    "__Type.enumValues": Price(size=1),
    "__Type.inputFields": Price(size=0.5),
    "__Type.ofType": Price(size=0.5),
    "__Field.args": Price(size=0.5),
    "__Directive.locations": Price(size=4),
    "__Directive.args": Price(size=1),
}
"""By type and field. Every other field is an attribute that is there already: free, and no list."""
