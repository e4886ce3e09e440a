"""Timestamps and URLs, read and written."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.inputs.scalars import read_instant, read_url, write_instant
from tests.plain_engine import PlainEngine
from tests.schema.client import Client


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2020-02-06T01:27:00Z", "2020-02-06T01:27:00Z"),
        ("2020-02-06T02:27:00+01:00", "2020-02-06T01:27:00Z"),
        ("2020-02-06T01:27:00", "2020-02-06T01:27:00Z"),
        ("2020-02-06 01:27", "2020-02-06T01:27:00Z"),
        ("2020-02-06", "2020-02-06T00:00:00Z"),
        ("20200206T012700Z", "2020-02-06T01:27:00Z"),
        ("2020-02-06T01:27:00.25Z", "2020-02-06T01:27:00.250000Z"),
    ],
)
def test_a_timestamp_is_read_as_iso_8601_and_written_as_rfc_3339(text: str, written: str):
    assert write_instant(read_instant(text)) == written


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_survives_writing_and_reading(instant: datetime):
    assert read_instant(write_instant(instant)) == instant


def test_an_instant_of_another_zone_is_written_in_utc():
    assert write_instant(datetime(2020, 2, 6, 3, tzinfo=timezone(timedelta(hours=2)))) == "2020-02-06T01:00:00Z"


@pytest.mark.parametrize(
    "text", ["", "today", "2020-13-01", "2020-02-30T00:00:00Z", "0001-01-01T00:00:00+01:00", 1580952420, True, None]
)
def test_what_is_no_timestamp_is_refused_with_an_example(text: object):
    with pytest.raises(ValueError, match="no timestamp; write one like 2020-02-06T01:27:00Z or 2020-02-06"):
        read_instant(text)


@pytest.mark.parametrize(
    "text", ["", "/assets/a.png", "daily.example/a", "ftp://daily.example/", "https://", "http://[", "http://a:b/", 7]
)
def test_what_is_no_absolute_url_is_refused_with_an_example(text: object):
    with pytest.raises(ValueError, match=r"no absolute http or https URL; write one like"):
        read_url(text)


@pytest.mark.parametrize("argument", ['"ftp://daily.example/"', "7"])
async def test_a_url_in_the_document_is_refused_where_it_stands(argument: str):
    (error,) = await Client(PlainEngine()).errors(f"{{ article(webUrl: {argument}) {{ key }} }}")
    assert argument in error["message"]
    assert (error["extensions"], error["locations"]) == (
        {"code": "GRAPHQL_VALIDATION_FAILED"},
        [{"line": 1, "column": 19}],
    )
