"""Drafts and future articles are invisible everywhere: no answer differs from one where they do not exist."""

from graphql import is_introspection_type, is_object_type

from indexer.article import Article, Image, Provider, Related
from schema.compiler.resolving import graphql_schema
from schema.limits.limits import Limits, Switch
from schema.schema import build_schema, sdl
from schema.types.node import NodeKind, global_id
from tests.plain_engine import PlainEngine
from tests.plain_index import Generation, PlainIndex
from tests.replacing import replace
from tests.samples import DAY, NOW, full, plain
from tests.schema.client import Client
from tests.schema.walk import Candidates, questions

MARKER = "Geheimnis"
LIMITS = Limits(max_depth=100, max_tokens=100_000, max_cost=10**9, development=Switch.ON)
ECHOES = ("Article.whyNot",)
"""Fields whose answers repeat what was asked."""
SUBSCRIBED = ("Subscription", "ArticleChange")
"""Types that no query arrives at."""
LISTS = ("articles", "topics", "providers")
HIDDEN_KEYS = ("hidden/draft", "hidden/future", "hidden/both")
VISIBLE = (
    replace(
        full("a"), heat=7, related=tuple(Related(title="R", web_url=f"https://x.example/{k}") for k in HIDDEN_KEYS)
    ),
    plain("b"),
)


def hidden(key: str, *, published: bool, days: int) -> Article:
    """An article that must not be seen, marked in every text, and linked with those that may be seen."""
    image = Image(url=f"https://img.example/{MARKER}", title=MARKER)
    is_newest_of_daily = key == "hidden/both"
    return Article(
        key=key,
        title=MARKER,
        published_date_time=NOW + days * DAY,
        web_url=f"https://x.example/{key}",
        provider=Provider(
            domain="daily.example" if is_newest_of_daily else f"{MARKER}.example".lower(), name=MARKER, images=(image,)
        ),
        excerpt=MARKER,
        body=MARKER,
        category=MARKER,
        type=MARKER,
        quality=100,
        heat=10_000,
        published=published,
        amp_web_url=f"https://x.example/amp/{key}",
        cdn_amp_web_url=f"https://x.example/cdn/{key}",
        topics=(MARKER, "ai"),
        images=(image,),
        related=(Related(title=MARKER, web_url="https://naive.example/a"),),
    )


HIDDEN = (
    hidden("hidden/draft", published=False, days=0),
    hidden("hidden/future", published=True, days=1),
    hidden("hidden/both", published=False, days=2),
)


def client(*articles: Article) -> Client:
    """A client of an index that tells nothing about its build but what the articles tell."""
    index = PlainIndex()
    index.newest = Generation(number=1, built_at=NOW, articles={article.key: article for article in articles})
    return Client(PlainEngine(index=index), limits=LIMITS)


async def candidates() -> Candidates:
    """Arguments that ask for what is hidden, and some that ask for everything.

    The cursors were made when the future had come: they hold a clock at which more is visible.
    """
    later = client(*VISIBLE, *HIDDEN)
    later.now = NOW + 7 * DAY
    lists = await later.data(
        "{ articles { edges { cursor } } topics { edges { cursor } } providers { edges { cursor } } }"
    )
    cursors = [f'"{edge["cursor"]}"' for each in lists.values() for edge in each["edges"]]
    ids = [f'"{global_id(NodeKind.ARTICLE, key)}"' for key in HIDDEN_KEYS]
    ids.append(f'"{global_id(NodeKind.PROVIDER, MARKER.lower() + ".example")}"')
    urls = [f'"https://x.example/{kind}{key}"' for kind in ("", "amp/", "cdn/") for key in HIDDEN_KEYS]
    return {
        "id": ids,
        "ids": [f"[{', '.join(ids)}]"],
        "key": [f'"{key}"' for key in HIDDEN_KEYS],
        "webUrl": urls,
        "search": [f'"{MARKER}"', f'"title:{MARKER} OR harvest"', '"-harvest"', f'"{MARKER[:4]}*"'],
        "typing": ["true"],
        "topic": [f'"{MARKER}"', '"AI"'],
        "provider": [f'"{MARKER}.example"', '"daily.example"'],
        "name": [f'"{MARKER}"', '"AI"'],
        "domain": [f'"{MARKER}.example"', '"daily.example"'],
        "filter": [
            f'{{topics: {{any: ["{MARKER}", "AI"]}}}}',
            f'{{provider: {{any: ["{MARKER}.example"]}}}}',
            f'{{not: {{category: {{any: ["news"]}}}}, or: [{{type: {{any: ["{MARKER}"]}}}}, {{hasImage: true}}]}}',
            "{heatAtLeast: 100, qualityAtLeast: 100}",
            '{publishedAfter: "2024-06-01T12:00:00.000001Z"}',
        ],
        "ranking": ["RELEVANCE", "NEWEST", "OLDEST", "QUALITY", "HEAT", "TRENDING"],
        "tuning": ["{recency: 1, heat: 1, quality: 1}", "{maxPerProvider: 1}"],
        "first": ["100"],
        "last": ["100"],
        "offset": ["1"],
        "after": cursors,
        "before": cursors,
        "fragmentLength": ["9"],
        "orderBy": ["COUNT", "NAME"],
        "prefix": [f'"{MARKER[:4]}"', '"ai"'],
        "mark": ['"em"'],
        "unit": ["UTF16"],
    }


async def test_no_answer_shows_a_trace_of_a_hidden_article():
    schema = graphql_schema(build_schema())
    with_hidden, without = client(*VISIBLE, *HIDDEN), client(*VISIBLE)
    asked = set()
    for place, query in questions(schema, await candidates()):
        asked.add(place)
        answer = await with_hidden.answer(query)
        assert place in ECHOES or MARKER.lower() not in answer.body.decode().lower(), query
        assert answer.body == (await without.answer(query)).body, query
        assert "INTERNAL" not in answer.error_codes, query
    objects = [each for each in schema.type_map.values() if is_object_type(each) and not is_introspection_type(each)]
    assert asked == {f"{each.name}.{name}" for each in objects if each.name not in SUBSCRIBED for name in each.fields}


async def test_the_walk_would_find_what_is_shown():
    """The test above proves nothing unless its questions uncover articles that are not hidden any more."""
    later = client(*VISIBLE, *(replace(article, published=True) for article in HIDDEN))
    later.now = NOW + 7 * DAY
    places = {
        place
        for place, query in questions(graphql_schema(build_schema()), await candidates())
        if MARKER in (await later.answer(query)).body.decode()
    }
    assert {"Query.article", "Query.articles", "Query.node", "Query.nodes", "Query.topics", "Query.provider"} <= places
    assert {"Article.relatedBy", "Related.article", "Topic.name", "Provider.name", "Image.title"} <= places


def test_what_is_secured_has_no_name_in_the_schema():
    assert "secured" not in sdl().lower()
