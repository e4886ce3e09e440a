"""The fields `articles` and `articleCount` of providers and topics; queries have the first, too."""

from functools import partial
from typing import Annotated

import strawberry
from graphql.pyutils import AwaitableOrValue

from indexer.article import Provider
from indexer.search.filters import EVERYTHING, AllOf, Among, Filter, TermField
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest
from indexer.text.typed_prefix import searched_text
from schema.compiler.markers import prepared_by
from schema.inputs.bad_input import check_length, short
from schema.inputs.cursor_seal import CursorSeal
from schema.inputs.filters import ArticleFilter, condition_of
from schema.inputs.paging import After, Before, First, Last, Offset, Paging
from schema.inputs.ranking import Ranked
from schema.inputs.tuning import RankingTuning, Tuned, tuning_of
from schema.loading.context import Info, RequestContext
from schema.loading.loaders import total_of
from schema.results.article_list import ArticleList, article_list
from schema.results.article_page import ArticlePage

Search = Annotated[
    str | None,
    strawberry.argument(
        description="Words to look for in titles and excerpts, and in bodies where the index was built with them: "
        "`facial recognition`. All are required; `OR`, "
        '`-word`, `"a phrase"`, `word*`, `title:word`, `excerpt:word`, `body:word`, `topic:word` and `provider:word` '
        "work. No input is an error, and a blank one is no search. 500 characters at most, unless the server says "
        "otherwise.",
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

Typing = Annotated[
    bool | None,
    strawberry.argument(
        name="typing",
        description="True while a person is typing `search`: its last word, where no space follows, also matches words "
        "that begin so; the word itself ranks above them, and highlights mark what was typed.",
    ),
]


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


def _conditions(topic: str | None, matching: ArticleFilter | None) -> tuple[Filter, Filter]:
    return _in_topic(topic and short(topic, "topic")), condition_of(matching) if matching else EVERYTHING


def condition_on(topic: str | None, matching: ArticleFilter | None) -> Filter:
    """The condition of both arguments. Raises `BadUserInput` where they make no sense."""
    parts = tuple(part for part in _conditions(topic, matching) if part != EVERYTHING)
    return AllOf(parts) if parts else EVERYTHING


_OF_A_PAGE = frozenset({"edges", "nodes", "pageInfo", "search"})
"""Fields for which the articles of a page are looked for."""
_REPORTED = frozenset({"search", "highlights"})
"""Fields that tell how a text was understood, or mark what it looked for."""
_SCORED = frozenset({"score", "explain"})


class ArticleListArguments:
    """The arguments of `articles` within a scope, read once for any number of requests.

    They prepare for fields of these names: pages are counted by the search for their articles, and tell their scores
    and how their text was understood.
    """

    def __init__(  # noqa: PLR0913 - the arguments of the GraphQL field
        self,
        scope: Filter = EVERYTHING,
        *,
        search: str | None = None,
        typing: bool | None = False,
        topic: str | None = None,
        matching: ArticleFilter | None = None,
        ranking: Ranking | None = None,
        tuning: RankingTuning | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        offset: int | None = None,
        selected: frozenset[str] = _REPORTED | _SCORED,
    ) -> None:
        self._text = searched_text(search or "", typing=bool(typing))
        self._typing = bool(typing)
        self._list = partial(
            article_list,
            text=self._text,
            scope=scope,
            typing=self._typing,
            conditions=_conditions(topic, matching),
            ranking=ranking,
            tuning=tuning_of(tuning),
            paging=Paging(first=first, after=after, last=last, before=before, offset=offset),
            is_reported=not selected.isdisjoint(_REPORTED),
            is_counted="totalCount" in selected and not selected.isdisjoint(_OF_A_PAGE),
            is_scored=not selected.isdisjoint(_SCORED),
        )
        self._seal: CursorSeal | None = None
        self._sealed: ArticleList | None = None

    def __call__(self, parent: object, context: RequestContext) -> ArticlePage:  # noqa: ARG002 - the scope is known
        """The page. Raises `BadUserInput` for arguments without sense."""
        check_length(self._text, context.limits)
        if self._sealed is None or self._seal is not context.seal:
            self._seal, self._sealed = context.seal, self._list(seal=context.seal)
        return self._sealed.opened(context)


def list_articles(  # noqa: PLR0913 - the arguments of the GraphQL field
    parent: strawberry.Parent[Provider | str | None],
    info: Info,
    *,
    search: Search = None,
    typing: Typing = False,
    topic: InTopic = None,
    matching: Matching = None,
    ranking: Ranked = None,
    tuning: Tuned = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
    offset: Offset = None,
) -> ArticlePage:
    """The requested page of the articles of one provider, of one topic, or of all."""
    arguments = ArticleListArguments(
        _scope(parent),
        search=search,
        typing=typing,
        topic=topic,
        matching=matching,
        ranking=ranking,
        tuning=tuning,
        first=first,
        after=after,
        last=last,
        before=before,
        offset=offset,
    )
    return arguments(parent, info.context)


PREPARED = prepared_by(ArticleListArguments, _scope, selected="selected")
"""The metadata of fields that `list_articles` resolves."""


def count_articles(parent: strawberry.Parent[Provider | str], info: Info) -> AwaitableOrValue[int | None]:
    """The number of articles of one provider or topic."""
    context = info.context
    return total_of(SearchRequest(now=context.now, filter=_scope(parent), forgiving=True), context.searches)
