"""The GraphQL type `Subscription`, the root of every subscription."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import strawberry

from indexer.search.requests import SearchRequest
from indexer.text.typed_prefix import searched_text
from schema.inputs.bad_input import check_length
from schema.loading.context import Info
from schema.subscriptions.article_change import ArticleChange, ChangeEvent
from schema.types.article_lists import InTopic, Matching, Search, condition_on

_ANY_TIME = datetime.min.replace(tzinfo=UTC)  # equal searches are equal whenever they were saved


@dataclass(frozen=True, slots=True)
class SavedSearch(AsyncIterator[ChangeEvent]):
    """A search whose changes a client follows.

    As a source of events it has none: all saved searches are compared together when there is another generation, and
    each event is executed for all who follow the same.
    """

    search: SearchRequest

    async def __anext__(self) -> ChangeEvent:
        """End at once."""
        raise StopAsyncIteration


def _article_changes(
    info: Info, *, search: Search = None, topic: InTopic = None, matching: Matching = None
) -> SavedSearch:
    text = searched_text(search or "", typing=False)
    check_length(text, info.context.limits)
    condition = condition_on(topic, matching)
    return SavedSearch(SearchRequest(now=_ANY_TIME, text=text, filter=condition, forgiving=True))


@strawberry.type(
    description="Where every subscription begins. It goes on over a WebSocket (`graphql-transport-ws`) or as "
    "`text/event-stream`."
)
class Subscription:
    """The root of subscriptions."""

    article_changes = strawberry.subscription(
        resolver=_article_changes,
        graphql_type=ArticleChange,
        description="The articles that enter, change in or leave the list of `articles` with these arguments, from now "
        'on: `subscription { articleChanges(topic: "ai") { change key article { title } } }`. Scheduled articles enter '
        "when their time comes. The words of `search`, and their synonyms, are meant as they are typed: none is "
        "corrected or given up.",
    )
