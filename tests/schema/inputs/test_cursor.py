"""Cursors: opaque, exact, bound to their list, and no way to see the future."""

import base64
from dataclasses import replace
from datetime import datetime, timedelta

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.search.filters import AllOf, Among, AnyOf, Filter, TermField
from indexer.search.ranking import Position
from schema.inputs.bad_input import BadUserInput
from schema.inputs.cursor import Cursor, Listing, read_cursor
from tests.plain_engine import PlainEngine
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client

LISTING = Listing("newest", "", AllOf())
LIST = """query ($after: String, $ranking: Ranking, $search: String, $filter: ArticleFilter) {
  articles(first: 1, after: $after, ranking: $ranking, search: $search, filter: $filter) {
    nodes { key }
    pageInfo { endCursor }
  }
}"""


def forged(*content: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(content)).decode().rstrip("=")


@given(
    values=st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=3),
    key=st.text(),
    statistics=st.text(),
    clock=st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001 - zone below
)
def test_a_cursor_comes_back_as_it_went_out(values: list[float], key: str, statistics: str, clock: datetime):
    """To the last bit of every number: a page begins right after its cursor."""
    cursor = Cursor(
        listing=LISTING,
        clock=clock.replace(tzinfo=NOW.tzinfo),
        position=Position(tuple(values), key),
        statistics=statistics,
    )
    assert read_cursor(cursor.encode(), LISTING, argument="after") == cursor


@given(st.text() | st.binary().map(lambda content: base64.urlsafe_b64encode(content).decode()))
def test_garbage_is_no_cursor(text: str):
    with pytest.raises(BadUserInput, match=r"^before: .* is no cursor of this API"):
        read_cursor(text, LISTING, argument="before")


@pytest.mark.parametrize(
    "content",
    [
        (),
        (1,),
        (2, 0, LISTING.order, LISTING.fingerprint, [1.0], "a", ""),
        (1, "0", LISTING.order, LISTING.fingerprint, [1.0], "a", ""),
        (1, 10**19, LISTING.order, LISTING.fingerprint, [1.0], "a", ""),
        (1, 0, LISTING.order, LISTING.fingerprint, 1.0, "a", ""),
        (1, 0, LISTING.order, LISTING.fingerprint, ["1"], "a", ""),
        (1, 0, LISTING.order, LISTING.fingerprint, [True], "a", ""),
        (1, 0, LISTING.order, LISTING.fingerprint, [None], "a", ""),
        (1, 0, LISTING.order, LISTING.fingerprint, [1.0], 7, ""),
        (1, 0, LISTING.order, LISTING.fingerprint, [1.0], "a", None),
        (1, 0, LISTING.order, LISTING.fingerprint, [1.0], "a", "", ""),
    ],
)
def test_what_only_looks_like_a_cursor_is_none(content: tuple[object, ...]):
    text = forged(*content)
    with pytest.raises(BadUserInput, match=r"^after: .* is no cursor of this API"):
        read_cursor(text, LISTING, argument="after")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity"])
def test_a_position_is_made_of_finite_numbers(number: str):
    json = f'[1,0,"{LISTING.order}","{LISTING.fingerprint}",[{number}],"a",""]'
    with pytest.raises(BadUserInput, match="is no cursor of this API"):
        read_cursor(base64.urlsafe_b64encode(json.encode()).decode(), LISTING, argument="after")


def test_filters_of_the_same_shape_are_different_lists():
    parts: tuple[Filter, ...] = (Among(TermField.TOPIC, frozenset({"a", "b"})),)
    assert Listing("newest", "", AllOf(parts)).fingerprint != Listing("newest", "", AnyOf(parts)).fingerprint


async def test_a_cursor_is_refused_in_another_list():
    client = Client(PlainEngine([plain("a"), plain("b")]))
    cursor = (await client.data(LIST))["articles"]["pageInfo"]["endCursor"]
    assert (await client.data(LIST, after=cursor, ranking="NEWEST"))["articles"]["nodes"] == [{"key": "b"}]
    for arguments in ({"search": "harvest", "ranking": "NEWEST"}, {"filter": {"hasImage": False}}):
        message = await client.refusal(LIST, after=cursor, **arguments)
        assert message.startswith("after: this cursor is from another list")
    message = await client.refusal(LIST, after=cursor, ranking="OLDEST")
    assert message.startswith("after: this cursor is from a list ordered by newest, and this one is by oldest")


async def test_a_position_of_another_shape_is_refused_alone():
    """The engine sees it, in a batch with other searches, which are none the worse for it."""
    client = Client(PlainEngine([plain("a")]))
    cursor = (await client.data(LIST))["articles"]["pageInfo"]["endCursor"]
    whole = read_cursor(cursor, Listing("newest", "", AllOf()), argument="after")
    bad = replace(whole, position=Position((1.0, 2.0, 3.0), "a")).encode()
    query = "query ($after: String) { articles(after: $after) { nodes { key } } topics { totalCount } }"
    (error,) = await client.errors(query, after=bad)
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    assert error["path"] == ["articles", "nodes"]


async def test_a_forged_clock_does_not_show_the_future():
    future = replace(plain("future"), published_date_time=NOW + DAY)
    client = Client(PlainEngine([plain("a"), plain("b"), future]))
    cursor = (await client.data(LIST, ranking="OLDEST"))["articles"]["pageInfo"]["endCursor"]
    whole = read_cursor(cursor, Listing("oldest", "", AllOf()), argument="after")
    ahead = replace(whole, clock=NOW + timedelta(days=3650)).encode()
    query = """query ($after: String) {
      articles(ranking: OLDEST, after: $after) { totalCount nodes { key } pageInfo { hasNextPage } }
    }"""
    articles = (await client.data(query, after=ahead))["articles"]
    assert articles == {"totalCount": 2, "nodes": [{"key": "b"}], "pageInfo": {"hasNextPage": False}}
