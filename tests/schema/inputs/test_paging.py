"""First, last, after and before, as the Relay connection specification has them."""

import pytest

from indexer.search.filters import AllOf
from indexer.search.ranking import Position, Ranking
from schema.inputs.cursor import Listing, PageCursors
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import MOMENT, NOW, plain
from tests.schema.client import Client
from tests.seal import SEAL

CORPUS = tuple(replace(plain(f"{number:02}"), published_date_time=NOW - number * MOMENT) for number in range(25))
LIST = """query ($first: Int, $after: String, $last: Int, $before: String, $offset: Int) {
  articles(first: $first, after: $after, last: $last, before: $before, offset: $offset) {
    totalCount
    nodes { key }
    edges { cursor node { key } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


BEYOND = (
    "offset: 10001 is more than can be passed over; pass over at most 10000 entries, and go on from there with after"
)
CURSOR = PageCursors(seal=SEAL, listing=Listing(Ranking.NEWEST, "", AllOf(())), clock=NOW).at(Position((0.0,), "a"))


async def page(client: Client, **arguments: object) -> tuple[list[str], bool, bool]:
    """The keys of a page, and whether articles lie before and after it."""
    articles = (await client.data(LIST, **arguments))["articles"]
    keys = [node["key"] for node in articles["nodes"]]
    info = articles["pageInfo"]
    assert keys == [edge["node"]["key"] for edge in articles["edges"]]
    cursors = [edge["cursor"] for edge in articles["edges"]] or [None]
    assert (info["startCursor"], info["endCursor"], articles["totalCount"]) == (cursors[0], cursors[-1], 25)
    return keys, info["hasPreviousPage"], info["hasNextPage"]


async def cursors(client: Client) -> dict[str, str]:
    """The cursor of each article, by its key."""
    edges = (await client.data(LIST, first=100))["articles"]["edges"]
    return {edge["node"]["key"]: edge["cursor"] for edge in edges}


async def test_a_page_is_twenty_from_the_start_unless_asked():
    assert await page(Client(PlainEngine(CORPUS))) == ([f"{number:02}" for number in range(20)], False, True)


@pytest.mark.parametrize(
    ("arguments", "after", "before", "expected"),
    [
        ({"first": 2}, None, None, (["00", "01"], False, True)),
        ({"first": 2}, "01", None, (["02", "03"], True, True)),
        ({"first": 2}, "22", None, (["23", "24"], True, False)),
        ({"first": 2}, "24", None, ([], True, False)),
        ({"first": 0}, None, None, ([], False, True)),
        ({"first": 25}, None, None, ([f"{number:02}" for number in range(25)], False, False)),
        ({"last": 2}, None, None, (["23", "24"], True, False)),
        ({"last": 2}, None, "23", (["21", "22"], True, True)),
        ({"last": 2}, None, "01", (["00"], False, True)),
        ({"last": 0}, None, None, ([], True, False)),
        ({"first": 2}, None, "01", (["00"], False, True)),
        ({"first": 5}, "03", "06", (["04", "05"], True, True)),
        ({"last": 1}, "03", "06", (["05"], True, True)),
        ({"last": 5}, "22", None, (["23", "24"], True, False)),
        ({}, None, "02", (["00", "01"], False, True)),
    ],
)
async def test_a_page_is_cut_by_its_arguments(
    arguments: dict[str, object], after: str | None, before: str | None, expected: tuple[list[str], bool, bool]
):
    client = Client(PlainEngine(CORPUS))
    known = await cursors(client)
    bounds = {"after": known[after] if after else None, "before": known[before] if before else None}
    assert await page(client, **arguments, **bounds) == expected


@pytest.mark.parametrize("first", [0, 1, 7, 20, 100])
@pytest.mark.parametrize("offset", [None, 0, 1, 20, 24, 25, 26, 10_000])
async def test_a_page_by_number_is_a_slice_of_the_list_and_cursors_go_on_from_it(first: int, offset: int | None):
    client, keys = Client(PlainEngine(CORPUS)), [article.key for article in CORPUS]
    start = offset or 0
    expected = keys[start : start + first]
    assert await page(client, first=first, offset=offset) == (expected, start > 0, start + first < len(keys))
    if expected:
        info = (await client.data(LIST, first=first, offset=offset))["articles"]["pageInfo"]
        following, *_ = await page(client, first=100, after=info["endCursor"])
        before, *_ = await page(client, last=100, before=info["startCursor"])
        assert before + expected + following == keys


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"offset": -1}, "offset: -1 is negative; pass over 0 to 10000 entries"),
        (
            {"offset": 10_001},
            BEYOND,
        ),
        ({"offset": 0, "last": 1}, "offset: offset and last exclude each other; give one of them"),
        ({"offset": 2**31 - 1, "after": CURSOR}, "offset: offset and after exclude each other; give one of them"),
        ({"offset": 1, "before": CURSOR}, "offset: offset and before exclude each other; give one of them"),
        ({"first": -1}, "first: -1 is negative; ask for 0 to 100 entries"),
        ({"last": -1}, "last: -1 is negative; ask for 0 to 100 entries"),
        ({"first": 101}, "first: 101 is more than a page holds; ask for at most 100 entries"),
        ({"last": 101}, "last: 101 is more than a page holds; ask for at most 100 entries"),
        ({"first": 1, "last": 1}, "last: first and last exclude each other; give one of them"),
    ],
)
async def test_arguments_without_sense_are_refused(arguments: dict[str, object], message: str):
    assert await Client(PlainEngine(CORPUS)).refusal(LIST, **arguments) == message
