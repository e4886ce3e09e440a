"""One article, with everything that it has."""

from indexer.article import Related
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, full, plain
from tests.schema.client import Client


async def test_every_field_is_served_with_its_value():
    query = """{ article(key: "a") {
      id key title excerpt body category type quality publishedDateTime webUrl ampWebUrl cdnAmpWebUrl topics
      authors updatedDateTime language extras
      provider { name domain images { url } }
      images { url width height title }
      related { title excerpt publishedDateTime webUrl ampWebUrl cdnAmpWebUrl type quality provider { domain }
                images { title } }
    } }"""
    assert (await Client(PlainEngine([full("a")])).data(query))["article"] == {
        "id": "QXJ0aWNsZTph",
        "key": "a",
        "title": "C++ café opens in 東京",
        "excerpt": "Runners ran.\nThey run\tagain: <b>A.I.</b> & GPT-4",
        "body": "# Heading\n\nTwo paragraphs: “quoted”, and an emoji 🗞️.\n",
        "category": "news",
        "type": "article",
        "quality": -3,
        "publishedDateTime": "2024-05-30T12:00:00.123457Z",
        "webUrl": "https://naive.example/a",
        "ampWebUrl": "https://naive.example/amp/a",
        "cdnAmpWebUrl": "https://cdn.example/a",
        "topics": ["AI", "Machine Learning", "東京"],
        "authors": ["Ann Lee", "Bo Ødegård"],
        "updatedDateTime": "2024-05-31T12:00:00Z",
        "language": "en-GB",
        "extras": {"series": ["Owls", 2], "part": {"of": 3.5, "done": True, "by": None}},
        "provider": {
            "name": "Naïve & Sons",
            "domain": "naïve.example",
            "images": [{"url": "/assets/portrait.png"}, {"url": "https://i.example/"}],
        },
        "images": [{"url": "/assets/portrait.png", "width": 640, "height": 480, "title": "A “portrait”"}],
        "related": [
            {
                "title": "Quoted",
                "excerpt": "What it says",
                "publishedDateTime": "2024-05-29T12:00:00Z",
                "webUrl": "https://daily.example/quoted",
                "ampWebUrl": "https://daily.example/amp/quoted",
                "cdnAmpWebUrl": "https://cdn.example/quoted",
                "type": "article",
                "quality": 50,
                "provider": {"domain": "naïve.example"},
                "images": [{"title": "A “portrait”"}],
            },
            {
                "title": "Bare",
                "excerpt": None,
                "publishedDateTime": None,
                "webUrl": "https://daily.example/bare",
                "ampWebUrl": None,
                "cdnAmpWebUrl": None,
                "type": None,
                "quality": None,
                "provider": None,
                "images": [],
            },
        ],
    }


async def test_what_an_article_does_not_have_is_null_or_empty():
    query = """{ article(key: "a") {
      excerpt body category type quality heat ampWebUrl cdnAmpWebUrl topics images { url } related { title }
      authors updatedDateTime language extras
    } }"""
    nothing = dict.fromkeys(("excerpt", "body", "category", "type", "quality", "heat", "ampWebUrl", "cdnAmpWebUrl"))
    nothing |= {"updatedDateTime": None, "language": None, "authors": [], "extras": {}}
    assert await Client(PlainEngine([plain("a")])).data(query) == {
        "article": {**nothing, "topics": [], "images": [], "related": []}
    }


async def test_related_by_lists_the_articles_that_refer_to_this_one_newest_first():
    """The reference may be spelled differently, as URLs are."""
    refers = (Related(title="That one", web_url="http://Daily.example/a/#top"),)
    engine = PlainEngine(
        [
            plain("a"),
            replace(plain("older"), published_date_time=NOW - 3 * DAY, related=refers),
            replace(plain("newer"), published_date_time=NOW - 2 * DAY, related=refers),
            plain("unrelated"),
        ]
    )
    client = Client(engine)
    whole = await client.data('{ article(key: "a") { relatedBy { key } } }')
    assert whole["article"]["relatedBy"] == [{"key": "newer"}, {"key": "older"}]
    one = await client.data('{ article(key: "a") { relatedBy(first: 1) { key } } }')
    assert one["article"]["relatedBy"] == [{"key": "newer"}]
    default = await client.data('{ article(key: "a") { relatedBy(first: null) { key } } }')
    assert default == whole


async def test_related_by_refuses_more_than_a_page():
    message = await Client(PlainEngine([plain("a")])).refusal('{ article(key: "a") { relatedBy(first: 101) { key } } }')
    assert message == "first: 101 is more than a page holds; ask for at most 100 entries"


async def test_a_number_that_graphql_cannot_carry_costs_its_own_field_only():
    """The content rules refuse such numbers; an index built under other rules must still be readable."""
    client = Client(PlainEngine([replace(plain("a"), heat=2**40)]))
    (error,) = await client.errors('{ article(key: "a") { key heat } }')
    assert (error["path"], error["extensions"]["code"]) == (["article", "heat"], "INTERNAL")


REFERS = (
    Related(title="As quoted", web_url="http://daily.example/b/"),
    Related(title="Elsewhere", web_url="https://elsewhere.example/"),
    Related(title="A draft", web_url="https://daily.example/draft"),
    Related(title="Not yet", web_url="https://daily.example/later"),
)
CORPUS = (
    replace(plain("a"), related=REFERS),
    replace(plain("b"), title="In full"),
    replace(plain("draft"), published=False),
    replace(plain("later"), published_date_time=NOW + DAY),
)


async def test_related_leads_to_the_full_article_where_there_is_one_to_see():
    client = Client(PlainEngine(CORPUS))
    query = '{ article(key: "a") { related { title article { title } } } }'
    assert (await client.data(query))["article"]["related"] == [
        {"title": "As quoted", "article": {"title": "In full"}},
        {"title": "Elsewhere", "article": None},
        {"title": "A draft", "article": None},
        {"title": "Not yet", "article": None},
    ]
    client.now += DAY
    later = (await client.data(query))["article"]["related"][3]
    assert later == {"title": "Not yet", "article": {"title": "Harvest begins"}}
