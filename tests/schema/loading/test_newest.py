"""Newest articles that an engine has to look for: the same answers, and one look-up for all that is asked together."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from indexer.article import Article, Provider, Related
from indexer.search.filters import TermField
from schema.execution.executor import Execution
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, full, plain
from tests.schema.client import Client
from tests.schema.engines import FarEngine

ARTICLES = [
    replace(
        plain(f"{number}"),
        topics=("AI" if number % 2 else "ai", f"topic {number}"),
        provider=Provider(domain=f"{number % 3}.example", name=f"Number {number}"),
        published_date_time=NOW - number * DAY,
        related=(
            Related(title="t", web_url="https://a.example/", provider=Provider(domain="1.example", name="Old")),
            Related(title="t", web_url="https://b.example/", provider=Provider(domain="nowhere.example")),
        ),
    )
    for number in range(9)
]
PAGE = """{ articles(first: 5) {
  nodes { key provider { id name articleCount } credit { name } related { provider { name } } }
  facets { topics { values { value name } } providers { values { name } } months { values { name } } }
} }"""
TERMS = """{
  topics(first: 3) { totalCount edges { cursor node { id name } } nodes { name } pageInfo { endCursor hasNextPage } }
  providers { nodes { id name images { url } } }
  provider(domain: "2.EXAMPLE") { name } nobody: provider(domain: "nobody.example") { name }
  topic(name: "ai") { name articleCount } nothing: topic(name: "nothing") { name }
}"""


@pytest.mark.parametrize("execution", Execution)
@pytest.mark.parametrize("query", [PAGE, TERMS])
async def test_answers_are_the_same_wherever_newest_articles_are(query: str, execution: Execution) -> None:
    near, far = PlainEngine([*ARTICLES, full("f")]), FarEngine(PlainEngine([*ARTICLES, full("f")]))
    client = Client(far, execution=execution)
    expected = await Client(near).data(query)
    assert [await client.data(query) for _ in range(3)] == [expected] * 3
    assert set(far.lookups) >= {"1.example", "2.example"} or query is PAGE


async def test_all_values_that_are_asked_for_together_are_looked_up_together() -> None:
    engine = FarEngine(PlainEngine(ARTICLES))
    await Client(engine).data("{ articles { nodes { provider { name } related { provider { name } } } } }")
    assert engine.calls.count("find_newest") == 1
    assert sorted(engine.lookups) == ["0.example", "1.example", "2.example", "nowhere.example"]


async def test_an_article_keeps_its_own_provider_where_no_newest_one_is_found() -> None:
    class Emptied(FarEngine):
        async def find_newest(
            self,
            values: Sequence[tuple[TermField, str]],
            *,
            now: datetime,  # noqa: ARG002
        ) -> Sequence[Article | None]:
            return [None] * len(values)

    data = await Client(Emptied(PlainEngine([ARTICLES[0]]))).data("{ articles { nodes { provider { name } } } }")
    assert data == {"articles": {"nodes": [{"provider": {"name": "Number 0"}}]}}
