"""The GraphQL type `Article`."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Annotated

import orjson
import strawberry
from graphql.pyutils import AwaitableOrValue
from strawberry.scalars import JSON

from indexer import article as content
from indexer.canonical import canonical_url
from indexer.search.filters import Among, TermField
from indexer.search.ranking import Ranking, Window
from indexer.search.requests import SearchRequest
from schema.compiler.markers import FIXED, fixed_by, prepared_by
from schema.inputs.paging import FirstOnly, page_size
from schema.inputs.scalars import URL
from schema.limits.limits import DEFAULT_PAGE
from schema.loading.context import Info, RequestContext
from schema.loading.loaders import then
from schema.types.image import Image
from schema.types.node import Node
from schema.types.provider import Credit, Provider
from schema.types.why_not import WhyNot, why_not

_Article = Annotated["Article", strawberry.lazy("schema.types.article")]


class _ProviderOfArticle:
    """Resolves `provider` for any number of articles."""

    def __call__(self, parent: content.Article, context: RequestContext) -> AwaitableOrValue[content.Provider]:
        return context.newest.provider_of(parent)


class _ProviderOfRelated:
    """Resolves `provider` for any number of quoted articles."""

    def __call__(self, parent: content.Related, context: RequestContext) -> AwaitableOrValue[content.Provider | None]:
        return context.newest.provider(parent.provider.domain) if parent.provider else None


def _provider_of_article(parent: strawberry.Parent[content.Article], info: Info) -> AwaitableOrValue[content.Provider]:
    return _ProviderOfArticle()(parent, info.context)


def _provider_of_related(
    parent: strawberry.Parent[content.Related], info: Info
) -> AwaitableOrValue[content.Provider | None]:
    return _ProviderOfRelated()(parent, info.context)


def _credit(parent: strawberry.Parent[content.Article | content.Related]) -> content.Provider | None:
    return parent.provider


def _article(parent: strawberry.Parent[content.Related], info: Info) -> Awaitable[content.Article | None]:
    return info.context.by_url.load(parent.web_url)


@strawberry.type(
    description="An article as another one refers to it. It need not be among the articles here: `article` is the full "
    "one where it is."
)
class Related:
    """Resolves from `indexer.article.Related`."""

    title: str = strawberry.field(description="The headline.")
    excerpt: str | None = strawberry.field(description="The first sentences, or a summary.")
    published_date_time: datetime | None = strawberry.field(description="When it was published, where known.")
    web_url: URL = strawberry.field(description="Where it can be read.")
    amp_web_url: URL | None = strawberry.field(description="Where its AMP version can be read.")
    cdn_amp_web_url: URL | None = strawberry.field(description="Where its AMP version can be read from a cache.")
    type: str | None = strawberry.field(description="What kind of piece it is, such as `article`.")
    quality: int | None = strawberry.field(description="An editorial score, usually 0 to 100; higher is better.")
    provider = strawberry.field(
        resolver=_provider_of_related,
        graphql_type=Provider | None,
        metadata={**fixed_by("moment"), **prepared_by(_ProviderOfRelated)},
        description="Who published it, where known. Null where that provider has no articles here; `credit` names it.",
    )
    credit = strawberry.field(
        resolver=_credit,
        graphql_type=Credit | None,
        metadata=FIXED,
        description="Who published it, as the article that refers to it writes.",
    )
    images: list[Image] = strawberry.field(description="Its images, in the order of the content.")
    article = strawberry.field(
        resolver=_article,
        graphql_type=_Article | None,
        description="The full article with this `webUrl`, or null where it is not among the articles here.",
    )


DEFAULT_SIMILAR = 6

FirstSimilar = Annotated[
    int | None,
    strawberry.argument(name="first", description="How many articles at most; 0 to 100, and 6 where it is not given."),
]


def _extras(parent: strawberry.Parent[content.Article]) -> dict[str, object]:
    return {extra.name: orjson.loads(extra.value) for extra in parent.extras}


def _related_by(
    parent: strawberry.Parent[content.Article], info: Info, first: FirstOnly = DEFAULT_PAGE
) -> Awaitable[list[content.Article]]:
    context = info.context
    size = page_size(DEFAULT_PAGE if first is None else first, argument="first")
    named = Among(TermField.RELATED_URL, frozenset({canonical_url(parent.web_url)}))
    request = SearchRequest(now=context.now, filter=named, ranking=Ranking.NEWEST, window=Window(size=size))
    return then(context.searches.load(request), lambda result: [hit.article for hit in result.hits])


def _similar(
    parent: strawberry.Parent[content.Article], info: Info, first: FirstSimilar = DEFAULT_SIMILAR
) -> Awaitable[Sequence[content.Article]]:
    size = page_size(DEFAULT_SIMILAR if first is None else first, argument="first")
    return info.context.similar.load((parent.key, size))


@strawberry.type(description="A news article.")
class Article(Node):
    """Resolves from `indexer.article.Article`."""

    key: str = strawberry.field(
        description="The path of the article's file without its suffix: `news/2020-02-06-clearview`."
    )
    title: str = strawberry.field(description="The headline.")
    excerpt: str | None = strawberry.field(
        description="The first sentences, or a summary. Where the article has none, searches look into the first "
        "paragraph of its body instead."
    )
    body: str | None = strawberry.field(description="The whole text as Markdown, where the article has one.")
    category: str | None = strawberry.field(description="The section it belongs to, such as `news`.")
    type: str | None = strawberry.field(description="What kind of piece it is, such as `article`.")
    quality: int | None = strawberry.field(description="An editorial score, usually 0 to 100; higher is better.")
    heat: int | None = strawberry.field(description="How much attention it gets; higher is more, without upper bound.")
    published_date_time: datetime = strawberry.field(description="When it was published.")
    web_url: URL = strawberry.field(description="Where it can be read.")
    amp_web_url: URL | None = strawberry.field(description="Where its AMP version can be read.")
    cdn_amp_web_url: URL | None = strawberry.field(description="Where its AMP version can be read from a cache.")
    topics: list[str] = strawberry.field(
        description="What it is about, most important first: `AI`, `Machine Learning`."
    )
    provider = strawberry.field(
        resolver=_provider_of_article,
        graphql_type=Provider,
        metadata={**fixed_by("moment"), **prepared_by(_ProviderOfArticle)},
        description="Who published it.",
    )
    credit = strawberry.field(
        resolver=_credit,
        graphql_type=Credit,
        metadata=FIXED,
        description="Who published it, as the article itself writes: perhaps under an earlier name, or with other "
        "images, than `provider` has now.",
    )
    images: list[Image] = strawberry.field(description="Its own images, in the order of the content.")
    related: list[Related] = strawberry.field(description="Articles that it refers to, in the order of the content.")
    authors: list[str] = strawberry.field(description="Who wrote it, in the order of the content.")
    updated_date_time: datetime | None = strawberry.field(
        description="When it was last changed, where the content says."
    )
    language: str | None = strawberry.field(description="The language it is written in, such as `en` or `pt-BR`.")
    extras = strawberry.field(
        resolver=_extras,
        graphql_type=JSON,
        description="Further fields of the content, as its mapping lists them under `extra`, by name: "
        '`{"series": "Owls", "part": 2}`. Empty where it lists none.',
    )
    related_by = strawberry.field(
        resolver=_related_by,
        graphql_type=list[_Article],
        description="Articles that refer to this one in their `related`, newest first.",
    )
    similar = strawberry.field(
        resolver=_similar,
        graphql_type=list[_Article],
        description="Articles about the same things, the most similar first: they share this one's most telling words "
        "and its topics. Copies of one story are listed once, and copies of this one not at all.",
    )
    why_not = strawberry.field(
        resolver=why_not,
        graphql_type=WhyNot | None,
        description="Why this article is not in the list that `articles` gives for the same arguments, or where it "
        'stands there: `whyNot(search: "robots", filter: {qualityAtLeast: 50}) { rank reasons { message } }`. Null '
        "where the article has gone meanwhile.",
    )

    @staticmethod
    def is_type_of(value: object, _info: object) -> bool:
        """True where an interface is declared and `value` is of this type."""
        return isinstance(value, content.Article)
