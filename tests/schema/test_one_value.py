"""One id, one value: a client that keeps objects by id never sees one answer overwrite what another one said."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import cycle
from random import Random
from typing import Any

import pytest

from indexer.article import Article, Image, Provider, Related
from indexer.search.engine import SearchEngine
from schema.limits.limits import Limits
from tests.engine_place import OpenWith, Place, write
from tests.replacing import replace
from tests.samples import DAY, MOMENT, NOW, plain
from tests.schema.client import Client

DOMAINS = ("daily.example", "weekly.example", "nowhere.example")
TOPICS = ("AI", "ai", "Ai", "Robots", "robots", "ROBOTS", "東京")
TIMES = (NOW - 2 * DAY, NOW - DAY, NOW - DAY, NOW, NOW + DAY, NOW + 2 * DAY)

_PROVIDER = "__typename id name domain images { url title } articleCount"
_TOPIC = "__typename id name articleCount"
_ARTICLE = f"""__typename id key title topics category images {{ url }} provider {{ {_PROVIDER} }}
    related {{ title provider {{ {_PROVIDER} }} article {{ __typename id title provider {{ {_PROVIDER} }} }} }}"""
_PAGE = f"edges {{ node {{ {_ARTICLE} }} }} nodes {{ {_ARTICLE} }} pageInfo {{ endCursor }}"
_FACETS = "facets { topics { values { value name } } providers { values { value name } } }"
LISTS = f"""query ($articles: String, $topics: String, $providers: String) {{
  articles(first: 2, after: $articles) {{ {_PAGE} {_FACETS} }}
  topics(first: 2, after: $topics) {{ edges {{ node {{ {_TOPIC} }} }} nodes {{ {_TOPIC} }} pageInfo {{ endCursor }} }}
  providers(first: 1, after: $providers) {{
    edges {{ node {{ {_PROVIDER} }} }} nodes {{ {_PROVIDER} articles {{ nodes {{ {_ARTICLE} }} }} }}
    pageInfo {{ endCursor }}
  }}
}}"""
NODES = tuple(
    f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ __typename id ... on {selected} }} }}"
    for selected in (
        f"Article {{ {_ARTICLE} relatedBy {{ {_ARTICLE} }} similar {{ {_ARTICLE} }} }}",
        f"Provider {{ {_PROVIDER} articles {{ nodes {{ {_ARTICLE} }} }} }}",
        f"Topic {{ {_TOPIC} articles {{ nodes {{ {_ARTICLE} }} }} }}",
    )
)
NAMED = f"""query ($domain: String!, $topic: String!) {{
  provider(domain: $domain) {{ {_PROVIDER} }} topic(name: $topic) {{ {_TOPIC} }}
  articles(topic: $topic, ranking: OLDEST) {{ {_PAGE} {_FACETS} }}
  daily: suggest(prefix: "dai") {{ kind text article {{ {_ARTICLE} }} }}
  robots: suggest(prefix: "robo") {{ kind text article {{ {_ARTICLE} }} }}
}}"""


def content(seed: int) -> list[Article]:
    """Articles that write the same providers and topics in many ways, some of them drafts and some still to come."""
    chance = Random(seed)  # noqa: S311 - no secret
    return [
        replace(
            plain(f"{number}"),
            title=chance.choice(("Daily robots", "Robots of today", "AI")),
            published_date_time=chance.choice(TIMES),
            published=chance.random() > 0.2,
            provider=_provider(chance),
            topics=tuple({topic.casefold(): topic for topic in chance.choices(TOPICS, k=2)}.values()),
            related=tuple(
                Related(
                    title="Quoted",
                    web_url=f"https://daily.example/{chance.randrange(14)}",
                    provider=chance.choice((None, _provider(chance))),
                )
                for _ in range(chance.randint(0, 2))
            ),
        )
        for number in range(14)
    ]


def _provider(chance: Random) -> Provider:
    images = tuple(Image(url=f"https://i.example/{chance.randrange(9)}") for _ in range(chance.randint(0, 2)))
    name = chance.choice((None, "Daily", "The Daily", "DAILY"))
    return Provider(domain=chance.choice(DOMAINS), name=name, images=images)


class Store:
    """Objects by id, as caches of clients keep them. Asserts that no answer changes a field of an object."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, object]] = {}
        self.confirmed = 0

    def add(self, value: Any) -> object:
        """Keep all objects within a value; the value with references in their places."""
        if isinstance(value, list):
            return [self.add(item) for item in value]
        if not isinstance(value, dict):
            return value
        fields = {name: self.add(part) for name, part in value.items()}
        if "id" not in fields:
            return fields
        kept = self.objects.setdefault(str(fields["id"]), {})
        for name, part in fields.items():
            if name != "articles":  # a list of its own for each selection
                assert kept.setdefault(name, part) == part, (fields["id"], name)
                self.confirmed += 1
        return {"__ref": fields["id"]}

    def names(self, type_: str, key: str) -> dict[object, object]:
        """The names of all objects of a type, by another field in lower case."""
        return {
            str(one[key]).casefold(): one["name"] or one.get("domain")
            for one in self.objects.values()
            if one["__typename"] == type_
        }


def facet_values(answer: Any, facet: str) -> Iterator[tuple[str, str]]:
    for value in answer["facets"][facet]["values"]:
        yield value["value"], value["name"]


async def asked(client: Client, store: Store, cursors: Sequence[dict[str, str | None]]) -> list[dict[str, str | None]]:
    """Ask for everything, with lists from these cursors on; the cursors of the next pages."""
    ends = []
    facets: list[Any] = []
    for after in cursors:
        lists = await client.data(LISTS, **after)
        store.add(lists)
        facets.append(lists["articles"])
        ends.append({name: page["pageInfo"]["endCursor"] or after.get(name) for name, page in lists.items()})
    for nodes in NODES:
        store.add(await client.data(nodes, ids=list(store.objects)))
    for domain, topic in zip(cycle(DOMAINS), TOPICS, strict=False):
        named = await client.data(NAMED, domain=domain.upper(), topic=topic)
        store.add({name: value for name, value in named.items() if name != "articles"})
        store.add(named["articles"])
        facets.append(named["articles"])
        spellings = {*store.names("Topic", "name").values(), *store.names("Provider", "domain").values()}
        for suggestion in (*named["daily"], *named["robots"]):
            text = suggestion["text"]
            assert suggestion["kind"] not in {"TOPIC", "PROVIDER"} or text in {*spellings, *DOMAINS}
    topics, providers = store.names("Topic", "name"), store.names("Provider", "domain")
    for counted in facets:
        assert all(topics[value] == name for value, name in facet_values(counted, "topics"))
        assert all(providers[value] == name for value, name in facet_values(counted, "providers"))
    return ends


def newest(articles: Sequence[Article], now: datetime) -> dict[str, Provider]:
    """The provider of each domain as its newest visible article writes it; of several, the one with the first key."""
    visible = sorted((one for one in articles if one.published and one.published_date_time <= now), key=lambda a: a.key)
    visible.sort(key=lambda article: article.published_date_time, reverse=True)
    return {article.provider.domain: article.provider for article in reversed(visible)}


def check(store: Store, articles: Sequence[Article], now: datetime) -> None:
    """The providers of the store are those of the newest articles."""
    expected = {
        provider.domain: (provider.name, [image.url for image in provider.images])
        for provider in newest(articles, now).values()
    }
    served = {
        str(one["domain"]): (one["name"], [image["url"] for image in one["images"]])  # type: ignore[attr-defined] # JSON
        for one in store.objects.values()
        if one["__typename"] == "Provider"
    }
    assert served == expected


@pytest.mark.parametrize("seed", range(3))
async def test_an_object_of_one_id_is_the_same_in_all_answers_of_a_moment(
    open_with: OpenWith, place: Place, seed: int
) -> None:
    """Pages that begin at cursors of an earlier moment are no exception: they tell of providers as of now."""
    articles = content(seed)
    engine: SearchEngine = await open_with(*articles)
    client = Client(engine, limits=Limits(max_cost=10**9, max_fields=10_000, max_depth=30))
    cursors: list[dict[str, str | None]] = [{}]
    for now in (NOW, NOW + DAY - MOMENT, NOW + DAY, NOW + 2 * DAY):
        client.now = now
        store = Store()
        cursors += await asked(client, store, cursors)
        check(store, articles, now)
        assert store.confirmed > 500
    edited = [replace(article, provider=replace(article.provider, name="Renamed")) for article in articles[::3]]
    write(place, edited)
    await engine.refresh()
    store = Store()
    await asked(client, store, cursors)
    check(store, [*(one for one in articles if one not in articles[::3]), *edited], client.now)


async def test_articles_credit_providers_in_their_own_words(open_with: OpenWith) -> None:
    older = replace(plain("older"), provider=Provider(domain="daily.example", name="The Old Daily"))
    newer = replace(plain("newer"), published_date_time=NOW, provider=Provider(domain="daily.example", name="Daily"))
    quoting = replace(
        plain("quoting"),
        related=(
            Related(title="R", web_url="https://r.example", provider=Provider(domain="daily.example", name="D.")),
            Related(title="S", web_url="https://s.example", provider=Provider(domain="gone.example", name="Gone")),
            Related(title="T", web_url="https://t.example"),
        ),
    )
    client = Client(await open_with(older, newer, quoting))
    names = "provider { name } credit { name domain images { url } }"
    query = f"query ($key: String) {{ article(key: $key) {{ {names} related {{ {names} }} }} }}"
    credit = {"name": "The Old Daily", "domain": "daily.example", "images": []}
    assert await client.data(query, key="older") == {
        "article": {"provider": {"name": "Daily"}, "credit": credit, "related": []}
    }
    related = (await client.data(query, key="quoting"))["article"]["related"]
    assert related == [
        {"provider": {"name": "Daily"}, "credit": {"name": "D.", "domain": "daily.example", "images": []}},
        {"provider": None, "credit": {"name": "Gone", "domain": "gone.example", "images": []}},
        {"provider": None, "credit": None},
    ]
