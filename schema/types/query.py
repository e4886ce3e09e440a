"""The GraphQL type `Query`, the root of every request."""

import asyncio
from collections.abc import Awaitable
from typing import Annotated

import strawberry
from graphql.pyutils import AwaitableOrValue

from indexer import article as content
from indexer.canonical import canonical_key
from indexer.search import engine as seam
from indexer.search.filters import TermField
from schema.inputs.bad_input import BadUserInput, quoted, short
from schema.inputs.paging import After, FirstOnly, Paging
from schema.inputs.scalars import URL
from schema.limits.limits import MAX_IDS
from schema.loading.context import Info, RequestContext
from schema.loading.loaders import awaited
from schema.results.term_page import TermPage, list_terms
from schema.types.article import Article
from schema.types.article_connection import ArticleConnection
from schema.types.article_lists import PREPARED, list_articles
from schema.types.index_status import IndexStatus
from schema.types.node import Node, NodeKind, read_id
from schema.types.provider import Provider, ProviderConnection
from schema.types.suggestion import Suggestion, suggest
from schema.types.topic import Topic, TopicConnection

_Node = content.Article | content.Provider | str
"""The values of a `Node`; a topic is its name."""

ArticleId = Annotated[strawberry.ID | None, strawberry.argument(name="id", description="The article's global id.")]
Key = Annotated[
    str | None, strawberry.argument(description="The article's `key`, such as `news/2020-02-06-clearview`.")
]
WebUrl = Annotated[
    URL | None, strawberry.argument(description="The article's `webUrl`, `ampWebUrl` or `cdnAmpWebUrl`.")
]
Domain = Annotated[
    str, strawberry.argument(name="domain", description="The provider's domain, case ignored: `cnet.com`.")
]
Name = Annotated[str, strawberry.argument(description="The topic's name, case ignored: `ai`.")]
NodeId = Annotated[strawberry.ID, strawberry.argument(name="id", description="A global id that an answer gave.")]
NodeIds = Annotated[
    list[strawberry.ID], strawberry.argument(name="ids", description="Global ids that answers gave; at most 100.")
]


def _article(
    info: Info, article_id: ArticleId = None, key: Key = None, web_url: WebUrl = None
) -> Awaitable[content.Article | None]:
    context = info.context
    match (article_id, key, web_url):
        case (str(), None, None):
            return context.by_key.load(_key_of(article_id))
        case (None, str(), None):
            return context.by_key.load(canonical_key(short(key, "key")))
        case (None, None, str()):
            return context.by_url.load(web_url)
        case _:
            raise BadUserInput("article", "give exactly one of id, key and webUrl")


def _provider(info: Info, domain: Domain) -> AwaitableOrValue[content.Provider | None]:
    return info.context.newest.provider(short(domain, "domain"))


def _providers(info: Info, first: FirstOnly = None, after: After = None) -> TermPage[content.Provider]:
    context = info.context
    paging = Paging(first=first, after=after)
    return list_terms(TermField.PROVIDER, context.newest.provider, paging=paging, context=context)


def _topic(info: Info, name: Name) -> AwaitableOrValue[str | None]:
    return info.context.newest.topic(short(name, "name"))


def _topics(info: Info, first: FirstOnly = None, after: After = None) -> TermPage[str]:
    context = info.context
    paging = Paging(first=first, after=after)
    return list_terms(TermField.TOPIC, context.newest.topic, paging=paging, context=context)


def _node(info: Info, node_id: NodeId) -> AwaitableOrValue[_Node | None]:
    return _load_node(*read_id(node_id, argument="id"), info.context)


def _nodes(info: Info, node_ids: NodeIds) -> Awaitable[list[_Node | None]]:
    if len(node_ids) > MAX_IDS:
        raise BadUserInput("ids", f"{len(node_ids)} ids, and at most {MAX_IDS} are allowed; ask for them in portions")
    ids = [read_id(node_id, argument="ids") for node_id in node_ids]
    return asyncio.gather(*[awaited(_load_node(kind, value, info.context)) for kind, value in ids])


def _index(info: Info) -> Awaitable[seam.IndexStatus]:
    return info.context.engine.status(now=info.context.now)


def _key_of(article_id: str) -> str:
    kind, key = read_id(article_id, argument="id")
    if kind is not NodeKind.ARTICLE:
        raise BadUserInput("id", f"{quoted(article_id)} is the id of a {kind}; pass an article's, or ask for node(id)")
    return key


def _load_node(kind: NodeKind, value: str, context: RequestContext) -> AwaitableOrValue[_Node | None]:
    match kind:
        case NodeKind.ARTICLE:
            return context.by_key.load(value)
        case NodeKind.PROVIDER:
            return context.newest.provider(value)
        case NodeKind.TOPIC:
            return context.newest.topic(value)


@strawberry.type(description="Where every query begins. Drafts and articles dated in the future appear nowhere.")
class Query:
    """The root of the schema."""

    article = strawberry.field(
        resolver=_article,
        graphql_type=Article | None,
        description='One article: `article(key: "news/2020-02-06-clearview") { title }`. Give exactly one argument. '
        "Null where there is no such article.",
    )
    articles = strawberry.field(
        resolver=list_articles,
        metadata=PREPARED,
        graphql_type=ArticleConnection | None,
        description='A list of articles: `articles(search: "facial recognition", topic: "ai", first: 10) '
        "{ totalCount nodes { title webUrl } }`.",
    )
    provider = strawberry.field(
        resolver=_provider,
        graphql_type=Provider | None,
        description='One provider: `provider(domain: "cnet.com") { name articleCount }`. '
        "Null where it has no articles.",
    )
    providers = strawberry.field(
        resolver=_providers,
        graphql_type=ProviderConnection | None,
        description="All providers, those with most articles first.",
    )
    topic = strawberry.field(
        resolver=_topic,
        graphql_type=Topic | None,
        description='One topic: `topic(name: "ai") { name articleCount }`. Null where it has no articles.',
    )
    topics = strawberry.field(
        resolver=_topics,
        graphql_type=TopicConnection | None,
        description="All topics, those with most articles first.",
    )
    suggest = strawberry.field(
        resolver=suggest,
        graphql_type=list[Suggestion] | None,
        description='Completions of what is being typed: `suggest(prefix: "facial rec") { kind text count }`. Titles, '
        "topics, providers and frequent words, mixed; what begins with the text comes first, and then what is popular "
        "and recent. Typing errors are forgiven where few fit without.",
    )
    node = strawberry.field(
        resolver=_node,
        graphql_type=Node | None,
        description="The article, provider or topic with this id, or null where it is gone: "
        "`node(id: $id) { ... on Article { title } }`.",
    )
    nodes = strawberry.field(
        resolver=_nodes,
        graphql_type=list[Node | None] | None,
        description="The articles, providers and topics with these ids, in their order, null for each that is gone.",
    )
    index = strawberry.field(resolver=_index, graphql_type=IndexStatus, description="What is being served.")
