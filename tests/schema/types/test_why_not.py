"""Reasons for an article's absence from a list, as a client reads them."""

from typing import Any

import pytest

from indexer.article import Image, Provider
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client

ARTICLE = replace(
    plain("a"),
    title="Owls nest in the mill",
    excerpt="They run a wireless camera",
    topics=("Birds", "Night Life"),
    provider=Provider(domain="daily.example", name="The Daily"),
    category="nature",
    quality=40,
    images=(Image(url="/owl.png"),),
)
CORPUS = (ARTICLE, *(replace(plain(f"{n}"), title="Owl " * n, published_date_time=NOW - n * DAY) for n in range(2, 6)))


async def why_not(arguments: str) -> Any:
    query = f'{{ article(key: "a") {{ whyNot{arguments} {{ rank reasons {{ kind what message }} }} }} }}'
    return (await Client(PlainEngine(CORPUS)).data(query))["article"]["whyNot"]


async def reason(arguments: str) -> tuple[str, str, str]:
    """The only one there is."""
    answer = await why_not(arguments)
    assert answer["rank"] is None
    [only] = answer["reasons"]
    return only["kind"], only["what"], only["message"]


@pytest.mark.parametrize(
    ("arguments", "rank"),
    [
        ("", 1),
        ('(search: "owl")', 5),
        ('(search: "owl", ranking: NEWEST)', 1),
        ("(ranking: OLDEST)", 5),
        ('(topic: "birds", filter: {qualityAtLeast: 40})', 1),
        ('(search: "owl", tuning: {quality: 9})', 1),
    ],
)
async def test_an_article_that_nothing_keeps_out_has_its_place_in_the_list(arguments: str, rank: int):
    assert await why_not(arguments) == {"rank": rank, "reasons": []}


@pytest.mark.parametrize(
    ("search", "kind", "what", "message"),
    [
        (
            "owl stork",
            "WORD",
            "stork",
            "No form of stork is in its title or its excerpt; leave it out, or join it to another word with OR.",
        ),
        (
            "bird",
            "WORD",
            "bird",
            "No form of bird is in its title or its excerpt; it is in its topics: search for topic:bird.",
        ),
        (
            "title:camera",
            "WORD",
            "title:camera",
            "No form of camera is in its title; it is in its excerpt: search for excerpt:camera.",
        ),
        (
            "sto*",
            "WORD",
            "sto*",
            "No word in its title or its excerpt begins with sto; leave it out, or join it to another word with OR.",
        ),
        (
            '\\"owl mill\\"',
            "PHRASE",
            '"owl mill"',
            'The words of "owl mill" are in its title or its excerpt, but not next to each other; search for owl mill.',
        ),
        (
            '\\"night life\\"',
            "PHRASE",
            '"night life"',
            '"night life" is not in its title or its excerpt; it is in its topics: search for topic:"night life".',
        ),
        (
            "owl -camera",
            "EXCLUDED_WORD",
            "-camera",
            "camera is excluded, and it is in its title or its excerpt; leave -camera out.",
        ),
    ],
)
async def test_a_word_that_keeps_an_article_out_is_named_with_a_remedy(search: str, kind: str, what: str, message: str):
    assert await reason(f'(search: "{search}")') == (kind, what, message)


async def test_alternatives_are_named_with_each_other():
    answer = await why_not('(search: "stork OR heron")')
    assert [one["message"] for one in answer["reasons"]] == [
        "No form of stork is in its title or its excerpt; heron would do as well.",
        "No form of heron is in its title or its excerpt; stork would do as well.",
    ]


async def test_the_topic_of_the_list_is_told_from_a_filter():
    expected = ("TOPIC", "AI", "It does not have the topic AI; it has Birds, Night Life.")
    assert await reason('(topic: "AI")') == expected
    assert await reason('(topic: "AI", filter: {topics: {any: ["AI"]}})') == expected
    assert (await reason('(filter: {topics: {any: ["AI"]}})'))[0] == "FILTER"


@pytest.mark.parametrize(
    ("given", "what", "message"),
    [
        (
            '{topics: {any: ["AI", "5G"]}}',
            "topics.any",
            "topics.any asks for 5G or AI, and its topics are Birds, Night Life.",
        ),
        (
            '{topics: {all: ["birds", "AI"]}}',
            "topics",
            "topics asks for AI, and its topics are Birds, Night Life.",
        ),
        (
            '{topics: {none: ["birds"]}}',
            "topics.none",
            "topics.none excludes birds, and its topics are Birds, Night Life.",
        ),
        (
            "{topics: {any: []}}",
            "topics.any",
            "topics.any asks for one of an empty list, which matches nothing, and its topics are Birds, Night Life.",
        ),
        (
            '{provider: {any: ["w.example"]}}',
            "provider.any",
            "provider.any asks for w.example, and its provider is daily.example.",
        ),
        ('{category: {any: ["news"]}}', "category.any", "category.any asks for news, and its category is nature."),
        ('{type: {any: ["article"]}}', "type.any", "type.any asks for article, and it has no type."),
        ("{qualityAtLeast: 50}", "qualityAtLeast", "qualityAtLeast asks for 50 or more, and its quality is 40."),
        ("{heatAtLeast: 1}", "heatAtLeast", "heatAtLeast asks for 1 or more, and it has no heat."),
        (
            "{not: {qualityAtLeast: 30}}",
            "not.qualityAtLeast",
            "not.qualityAtLeast excludes 30 or more, and its quality is 40.",
        ),
        (
            '{publishedAfter: "2024-06-01"}',
            "publishedAfter",
            "publishedAfter asks for 2024-06-01T00:00:00Z or later, and it was published at 2024-05-31T12:00:00Z.",
        ),
        (
            '{publishedBefore: "2024-05-31"}',
            "publishedBefore",
            "publishedBefore asks for earlier than 2024-05-31T00:00:00Z, and it was published at 2024-05-31T12:00:00Z.",
        ),
        ("{hasImage: false}", "hasImage", "hasImage asks for articles without images, and it has 1."),
        ("{or: []}", "or", "or is an empty list, which matches nothing; leave it out."),
        ("{not: {}}", "not", "not excludes everything, since the filter in it is empty; leave it out."),
        (
            "{and: [{hasImage: true}, {or: [{not: {hasImage: true}}]}]}",
            "hasImage",
            "hasImage asks for articles without images, and it has 1.",
        ),
    ],
)
async def test_the_innermost_condition_that_fails_is_named_as_the_client_wrote_it(given: str, what: str, message: str):
    assert await reason(f"(filter: {given})") == ("FILTER", what, message)


async def test_what_an_article_does_not_have_is_said():
    query = """{ article(key: "2") { whyNot(topic: "AI", filter: {hasImage: true, category: {any: ["news"]},
      topics: {any: ["x", "y"]}}) { rank reasons { message } } } }"""
    answer = (await Client(PlainEngine(CORPUS)).data(query))["article"]["whyNot"]
    assert [one["message"] for one in answer["reasons"]] == [
        "It does not have the topic AI; it has none.",
        "topics.any asks for x or y, and it has no topics.",
        "category.any asks for news, and it has no category.",
        "hasImage asks for articles with an image, and it has none of its own.",
    ]


async def test_arguments_are_checked_as_in_a_list():
    client = Client(PlainEngine(CORPUS))
    message = await client.refusal('{ article(key: "a") { whyNot(tuning: {text: -1}) { rank } } }')
    assert message.startswith("tuning.text")


async def test_an_article_that_has_gone_meanwhile_has_no_answer():
    class Gone(PlainEngine):
        async def why_not(self, key: Any, request: Any) -> Any:
            self.delete(key)
            return await super().why_not(key, request)

    data = await Client(Gone(CORPUS)).data('{ article(key: "a") { title whyNot { rank } } }')
    assert data["article"] == {"title": "Owls nest in the mill", "whyNot": None}
