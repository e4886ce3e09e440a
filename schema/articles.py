"""The fields `articles` and `articleCount`, which providers and topics have, and queries the first of them."""

from collections.abc import Awaitable, Iterable
from typing import Annotated

import strawberry

from indexer import search as seam
from indexer.article import Provider
from indexer.filters import EVERYTHING, AllOf, Among, Filter, TermField
from indexer.search import SearchRequest
from schema.article_page import ArticlePage
from schema.context import Info, RequestContext
from schema.cursor import Listing
from schema.errors import BadUserInput
from schema.filters import ArticleFilter, condition_of
from schema.limits import Limits
from schema.lookups import total_of
from schema.paging import After, Before, First, Last, Paging, open_page
from schema.ranking import Ranking
from schema.tuning import Tuned, tuning_of

Search = Annotated[
    str | None,
    strawberry.argument(
        description="Words to look for in titles and excerpts: `facial recognition`. All are required; "
        '`OR`, `-word`, `"a phrase"`, `word*`, `title:word`, `excerpt:word`, `topic:word` and `provider:word` work. '
        "No input is an error, and a blank one is no search. 500 characters at most, unless the server says otherwise.",
    ),
]
InTopic = Annotated[
    str | None,
    strawberry.argument(name="topic", description="Only articles with this topic, case ignored: `ai`."),
]
Matching = Annotated[
    ArticleFilter | None,
    strawberry.argument(name="filter", description="Only articles that match; together with `topic` both must hold."),
]
Ranked = Annotated[
    Ranking | None,
    strawberry.argument(
        name="ranking",
        description="The order of the list. By default RELEVANCE with `search`, else NEWEST; RELEVANCE without "
        "`search` or `tuning` is NEWEST.",
    ),
]


def list_articles(  # noqa: PLR0913 - the arguments of the GraphQL field
    parent: strawberry.Parent[Provider | str | None],
    info: Info,
    *,
    search: Search = None,
    topic: InTopic = None,
    matching: Matching = None,
    ranking: Ranked = None,
    tuning: Tuned = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> ArticlePage:
    """The page of articles that is asked for, of one provider, of one topic, or of all."""
    given = (_in_topic(topic), condition_of(matching) if matching else EVERYTHING)
    paging = Paging(first=first, after=after, last=last, before=before)
    text = search_text(search, info.context.limits)
    return open_list(
        info.context,
        text=text,
        scope=_scope(parent),
        conditions=given,
        ranking=ranking,
        tuning=tuning_of(tuning),
        paging=paging,
    )


def open_list(  # noqa: PLR0913 - all that makes a list what it is
    context: RequestContext,
    *,
    text: str,
    scope: Filter = EVERYTHING,
    conditions: Iterable[Filter],
    ranking: Ranking | None,
    tuning: seam.Tuning = seam.WORDS_ALONE,
    paging: Paging,
) -> ArticlePage:
    """The page of the articles within `scope` that match `text` and all `conditions`.

    Facets look beyond the conditions, and never beyond the scope. Raises `BadUserInput` as `open_page` does.
    """
    order = _order(ranking, text, tuning)
    condition = AllOf(tuple(part for part in (scope, *conditions) if part != EVERYTHING))
    page = open_page(paging, Listing(order, text, condition, tuning), context)
    request = SearchRequest(
        now=page.now,
        text=text,
        filter=condition,
        ranking=order,
        tuning=tuning,
        window=page.window,
        statistics=page.statistics,
        forgiving=True,
        understanding=bool(text),
    )
    return ArticlePage(page=page, request=request, scope=scope, searches=context.searches)


def count_articles(parent: strawberry.Parent[Provider | str], info: Info) -> Awaitable[int | None]:
    """How many articles there are of one provider or topic."""
    context = info.context
    return total_of(_scope(parent), now=context.now, searches=context.searches)


def search_text(search: str | None, limits: Limits, *, argument: str = "search") -> str:
    """What is looked for, empty for nothing. Raises `BadUserInput` where `argument` is too long."""
    text = (search or "").strip()
    if len(text) > limits.max_search_length:
        problem = f"{len(text)} characters, and at most {limits.max_search_length} are allowed; search for fewer words"
        raise BadUserInput(argument, problem)
    return text


def _order(ranking: Ranking | None, text: str, tuning: seam.Tuning) -> seam.Ranking:
    if ranking is None or ranking is Ranking.RELEVANCE:
        return seam.Ranking.RELEVANCE if text or tuning != seam.WORDS_ALONE else seam.Ranking.NEWEST
    return seam.Ranking[ranking.name]


def _scope(parent: Provider | str | None) -> Filter:
    match parent:
        case None:
            return EVERYTHING
        case Provider():
            return Among(TermField.PROVIDER, frozenset({parent.domain}))
        case str():
            return _in_topic(parent)


def _in_topic(topic: str | None) -> Filter:
    return EVERYTHING if topic is None else Among(TermField.TOPIC, frozenset({topic}))
