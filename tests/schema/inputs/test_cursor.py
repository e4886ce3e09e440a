"""Cursors: opaque, exact, bound to their list, and no way to see the future."""

import base64
import json
from datetime import datetime, timedelta
from math import isfinite

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.search.filters import AllOf, Among, AnyOf, Filter, TermField
from indexer.search.ranking import Position, Ranking
from schema.inputs.bad_input import BadUserInput
from schema.inputs.cursor import Cursor, Listing, PageCursors, read_cursor
from schema.inputs.cursor_seal import CursorSeal
from tests.plain_engine import PlainEngine
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.schema.client import Client
from tests.seal import SEAL

LISTING = Listing("newest", "", AllOf())
LIST = """query ($after: String, $ranking: Ranking, $search: String, $filter: ArticleFilter) {
  articles(first: 1, after: $after, ranking: $ranking, search: $search, filter: $filter) {
    nodes { key }
    pageInfo { endCursor }
  }
}"""


def cursors(clock: datetime = NOW, statistics: bytes = b"", seal: CursorSeal = SEAL) -> PageCursors:
    return PageCursors(seal=seal, listing=LISTING, clock=clock, statistics=statistics)


float32 = st.floats(width=32)
microseconds = st.integers(-(2**53), 2**53).map(float)
seconds = st.integers(-(2**33), 2**33).map(lambda number: number * 1e6)


@given(
    values=st.lists(st.floats(allow_nan=False) | float32.filter(isfinite) | microseconds | seconds, max_size=3),
    key=st.text() | st.text("abcXYZ019-/") | st.text("ab+=_/-\n"),
    statistics=st.binary(max_size=300),
    clock=st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001 - zone below
)
def test_a_cursor_comes_back_as_it_went_out(values: list[float], key: str, statistics: bytes, clock: datetime):
    """To the last bit of every number: a page begins right after its cursor."""
    clock = clock.replace(tzinfo=NOW.tzinfo)
    position = Position(tuple(values), key)
    read = read_cursor(cursors(clock, statistics).at(position), LISTING, SEAL, argument="after")
    assert read == Cursor(clock=clock, position=position, statistics=statistics)


@given(st.text() | st.binary().map(lambda content: base64.urlsafe_b64encode(content).decode()))
@example("x" * 100_000)
@example("\x00" * 40)
def test_garbage_is_no_cursor(text: str):
    with pytest.raises(BadUserInput, match=r"^before: .* is no cursor of this API; pass a cursor, ") as caught:
        read_cursor(text, LISTING, SEAL, argument="before")
    assert text[:40].isprintable() <= (len(str(caught.value)) < 200)


WHAT_EARLIER_VERSIONS_WROTE = [1, 0, "newest", "0" * 16, [1.0], "a", ""]


@pytest.mark.parametrize(
    ("place", "value"),
    [(0, 2), (1, 10**19), (1, -(10**400)), (1, True), (3, ""), (4, [10**400]), (4, [True]), (4, None), (5, 7), (6, "")],
)
def test_what_only_looks_like_a_cursor_is_none(place: int, value: object):
    content = json.dumps([*WHAT_EARLIER_VERSIONS_WROTE[:place], value, *WHAT_EARLIER_VERSIONS_WROTE[place + 1 :]])
    text = base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")
    with pytest.raises(BadUserInput, match=r"^after: .* is no cursor of this API"):
        read_cursor(text, LISTING, SEAL, argument="after")


def test_a_cursor_of_another_key_is_none():
    text = cursors(seal=CursorSeal(b"another")).at(Position((1.0,), "a"))
    with pytest.raises(BadUserInput, match=r"^after: .* is no cursor of this API"):
        read_cursor(text, LISTING, SEAL, argument="after")


def test_a_cursor_shows_nothing_of_what_it_holds():
    """Neither as it is nor in base64: where a list goes on is nobody's business."""
    text = cursors(statistics=b"statistics").at(Position((12.0,), "news/harvest"))
    content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    for part in (b"newest", b"news/", b"harvest", b"statistics", LISTING.fingerprint):
        assert part not in content
        assert part not in text.encode()


@pytest.mark.parametrize(
    ("values", "key", "statistics", "longest"),
    [
        ((NOW.timestamp() * 1e6,), "news/2020-02-06-clearview", b"", 76),
        ((50.0, NOW.timestamp() * 1e6), "news/2020-02-06-clearview", b"", 80),
        ((12.34375,), "news/2020-02-06-clearview", bytes(16), 99),
        ((-1.0, 0.123456789), "news/2020-02-06-clearview", bytes(16), 107),
        ((NOW.timestamp() * 1e6,), "news/überall", b"", 70),
    ],
)
def test_cursors_are_short(values: tuple[float, ...], key: str, statistics: bytes, longest: int):
    assert len(cursors(statistics=statistics).at(Position(values, key))) <= longest


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


def test_the_number_of_an_order_never_changes():
    """Clients hold cursors of earlier versions: an order that is added or removed leaves theirs as they are."""
    orders = ["relevance", "newest", "oldest", "quality", "heat", "trending", "articles per topic"]
    orders.append("articles per provider")
    heads = [replace(cursors(), listing=Listing(order, "", AllOf())).at(Position((1.0,), "a")) for order in orders]
    assert [SEAL.content(head)[0] for head in heads] == list(range(8))
    assert set(Ranking) <= set(orders)


def test_a_cursor_of_an_order_that_is_not_known_is_none():
    """A later version may have made it."""
    content = SEAL.content(cursors().at(Position((1.0,), "a")))
    text = SEAL.sealed(b"\xff" + content[1:])
    with pytest.raises(BadUserInput, match=r"^after: .* is no cursor of this API; pass a cursor, "):
        read_cursor(text, LISTING, SEAL, argument="after")


async def test_a_position_of_another_shape_is_refused_alone():
    """The engine sees it, in a batch with other searches, which are none the worse for it."""
    client = Client(PlainEngine([plain("a")]))
    cursor = (await client.data(LIST))["articles"]["pageInfo"]["endCursor"]
    whole = read_cursor(cursor, LISTING, SEAL, argument="after")
    bad = cursors(whole.clock).at(Position((1.0, 2.0, 3.0), "a"))
    query = "query ($after: String) { articles(after: $after) { nodes { key } } topics { totalCount } }"
    (error,) = await client.errors(query, after=bad)
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    assert error["path"] == ["articles", "nodes"]


async def test_a_forged_clock_does_not_show_the_future():
    future = replace(plain("future"), published_date_time=NOW + DAY)
    client = Client(PlainEngine([plain("a"), plain("b"), future]))
    cursor = (await client.data(LIST, ranking="OLDEST"))["articles"]["pageInfo"]["endCursor"]
    listing = Listing("oldest", "", AllOf())
    whole = read_cursor(cursor, listing, SEAL, argument="after")
    ahead = replace(cursors(NOW + timedelta(days=3650)), listing=listing).at(whole.position)
    query = """query ($after: String) {
      articles(ranking: OLDEST, after: $after) { totalCount nodes { key } pageInfo { hasNextPage } }
    }"""
    articles = (await client.data(query, after=ahead))["articles"]
    assert articles == {"totalCount": 2, "nodes": [{"key": "b"}], "pageInfo": {"hasNextPage": False}}


async def test_executors_with_the_same_key_take_each_others_cursors_and_others_refuse_them():
    engine = PlainEngine([plain("a"), plain("b")])
    one, same, other = (Client(engine, cursor_key=key) for key in (b"x" * 32, b"x" * 32, b"y" * 32))
    cursor = (await one.data(LIST))["articles"]["pageInfo"]["endCursor"]
    assert await same.data(LIST) == await one.data(LIST)
    assert (await same.data(LIST, after=cursor))["articles"]["nodes"] == [{"key": "b"}]
    for stranger in (other, Client(engine, cursor_key=b"")):
        message = await stranger.refusal(LIST, after=cursor)
        assert message.startswith(f"after: '{cursor[:40]}…' is no cursor of this API; pass a cursor, ")


@pytest.mark.parametrize("after", ["", "x" * 100_000, "WzEsMF0", "🗞" * 9, "-1", "true", "9" * 400])
async def test_a_made_up_cursor_is_one_clear_error(after: str):
    client = Client(PlainEngine([plain("a")]))
    assert len(message := await client.refusal(LIST, after=after)) < 200
    assert message.startswith("after: ")
    assert message.endswith("; pass a cursor, startCursor or endCursor from an earlier answer, or leave it out")
