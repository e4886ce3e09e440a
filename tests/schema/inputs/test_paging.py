"""First, last, after and before, as the Relay connection specification has them."""

from dataclasses import replace

import pytest

from tests.plain_engine import PlainEngine
from tests.samples import MOMENT, NOW, plain
from tests.schema.client import Client

CORPUS = tuple(replace(plain(f"{number:02}"), published_date_time=NOW - number * MOMENT) for number in range(25))
LIST = """query ($first: Int, $after: String, $last: Int, $before: String) {
  articles(first: $first, after: $after, last: $last, before: $before) {
    totalCount
    nodes { key }
    edges { cursor node { key } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


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


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"first": -1}, "first: -1 is negative; ask for 0 to 100 entries"),
        ({"last": -1}, "last: -1 is negative; ask for 0 to 100 entries"),
        ({"first": 101}, "first: 101 is more than a page holds; ask for at most 100 entries"),
        ({"last": 101}, "last: 101 is more than a page holds; ask for at most 100 entries"),
        ({"first": 1, "last": 1}, "last: first and last exclude each other; give one of them"),
    ],
)
async def test_arguments_without_sense_are_refused(arguments: dict[str, object], message: str):
    assert await Client(PlainEngine(CORPUS)).refusal(LIST, **arguments) == message
