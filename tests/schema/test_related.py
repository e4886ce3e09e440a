"""What an article refers to."""

from dataclasses import replace

from indexer.article import Related
from tests.plain_engine import PlainEngine
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client

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
