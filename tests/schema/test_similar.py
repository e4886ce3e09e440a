"""Articles like one article."""

import pytest

from schema.limits.limits import Limits
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client
from tests.schema.engines import CountingEngine

CORPUS = (
    replace(plain("a"), title="Owls nest in the mill", topics=("Birds",)),
    replace(plain("b"), title="Owls nest in a tower", topics=("birds",)),
    replace(plain("c"), title="Storks are back", topics=("Birds",)),
    replace(plain("copy"), title="OWLS nest in the mill"),
    replace(plain("later"), title="Owls nest in a barn", published_date_time=NOW + DAY),
    *(replace(plain(f"x{number}"), title=f"An owl with {number} eggs", topics=("Birds",)) for number in range(9)),
    replace(plain("z"), title="Markets rise"),
)


@pytest.mark.parametrize(
    ("arguments", "count"), [("", 6), ("(first: 2)", 2), ("(first: null)", 6), ("(first: 0)", 0), ("(first: 100)", 11)]
)
async def test_six_similar_articles_are_listed_unless_asked_otherwise(arguments: str, count: int):
    data = await Client(PlainEngine(CORPUS)).data(f'{{ article(key: "a") {{ similar{arguments} {{ key }} }} }}')
    keys = [article["key"] for article in data["article"]["similar"]]
    assert len(keys) == count
    assert keys[:1] == ["b"][:count]
    assert not {"a", "copy", "later", "z"} & {*keys}


async def test_more_than_a_page_is_refused():
    message = await Client(PlainEngine(CORPUS)).refusal('{ article(key: "a") { similar(first: 101) { key } } }')
    assert message == "first: 101 is more than a page holds; ask for at most 100 entries"


async def test_a_page_of_articles_asks_once_for_each_number_of_similar_ones():
    engine = CountingEngine(PlainEngine(CORPUS))
    client = Client(engine, limits=Limits(max_cost=20_000))
    data = await client.data("{ articles { nodes { key similar { key } two: similar(first: 2) { key } } } }")
    assert engine.calls == ["search", "similar", "similar"]
    assert all(node["similar"][:2] == node["two"] for node in data["articles"]["nodes"])
    assert {node["key"]: node["similar"] for node in data["articles"]["nodes"]}["z"] == []
