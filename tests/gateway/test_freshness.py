from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from gateway.freshness import Freshness
from tests.samples import NOW

VERSION = Freshness(tag="abc", modified=NOW + timedelta(milliseconds=500))


def test_a_version_is_named_by_a_weak_tag_and_a_date_in_whole_seconds():
    assert VERSION.headers == {
        "ETag": 'W/"abc"',
        "Last-Modified": "Sat, 01 Jun 2024 12:00:00 GMT",
        "Cache-Control": "no-cache",
    }


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ({}, False),
        ({"if-none-match": 'W/"abc"'}, True),
        ({"if-none-match": '"abc"'}, True),
        ({"if-none-match": '"x",W/"abc" , "y"'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"abcd"'}, False),
        ({"if-none-match": "abc"}, False),
        ({"if-none-match": ""}, False),
        ({"if-modified-since": "Sat, 01 Jun 2024 12:00:00 GMT"}, True),
        ({"if-modified-since": "Sat, 01 Jun 2024 13:00:00 +0100"}, True),
        ({"if-modified-since": "Sat, 01 Jun 2024 12:00:00 -0000"}, True),
        ({"if-modified-since": "Sat, 01 Jun 2024 11:59:59 GMT"}, False),
        ({"if-modified-since": "lately"}, False),
        ({"if-modified-since": "Sat, 01 Jun 2024 12:00:00 GMT", "if-none-match": '"x"'}, False),
    ],
)
def test_a_tag_decides_and_without_one_the_date(asked: dict[str, str], known: bool):  # noqa: FBT001 - what is expected
    assert VERSION.is_known(Headers(asked)) is known


def test_a_client_that_repeats_what_it_was_given_has_this_version():
    given = VERSION.headers
    assert VERSION.is_known(Headers({"if-none-match": given["ETag"]}))
    assert VERSION.is_known(Headers({"if-modified-since": given["Last-Modified"]}))


@given(st.text(alphabet=st.characters(max_codepoint=255, exclude_categories=["Nd"], exclude_characters='"*')))
def test_what_cannot_be_read_is_no_condition(text: str):
    header = text.encode("latin-1")
    assert not any(VERSION.is_known(Headers(raw=[(name, header)])) for name in (b"if-none-match", b"if-modified-since"))


@given(st.from_regex(r"\w{3}, \d+ \w{3} \d+ [\d:]+ [+-]?\w+", fullmatch=True))
def test_a_date_that_cannot_be_is_no_condition(date: str):
    """Where it can be read, it is at least not later than a version that is made after it."""
    later = Freshness(tag="abc", modified=datetime.max.replace(tzinfo=UTC))
    assert not later.is_known(Headers(raw=[(b"if-modified-since", date.encode("latin-1", "replace"))]))
