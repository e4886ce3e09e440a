"""The forms that single values may have."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from indexer.content.fields.field_values import (
    MAX_INTEGER,
    UnfitValue,
    absolute_url,
    boolean,
    domain,
    image_url,
    integer,
    timestamp,
)

AN_INSTANT = datetime(2001, 12, 15, 2, 59, 43, 100_000, UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2001-12-15T02:59:43.1Z",
        "2001-12-15t02:59:43.10z",
        "2001-12-14t21:59:43.10-05:00",
        "2001-12-14 21:59:43.10 -5",
        "2001-12-14 21:59:43.10 -05",
        "2001-12-14 21:59:43.10-0500",
        "2001-12-15 2:59:43.10",
        "2001-12-15  \t 02:59:43.1000000",
        "2001-12-15T08:29:43.1+05:30",
        "2001-12-15T08:29:43.1+5:30",
        "2001-12-15T08:29:43.1+0530",
    ],
)
def test_every_form_of_a_timestamp_is_the_same_instant(written: str) -> None:
    assert timestamp(written) == AN_INSTANT
    assert timestamp(written).tzinfo is UTC


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2001-12-15", datetime(2001, 12, 15, tzinfo=UTC)),
        ("2001-2-5", datetime(2001, 2, 5, tzinfo=UTC)),
        ("2001-12-15T02:59", datetime(2001, 12, 15, 2, 59, tzinfo=UTC)),
        ("2001-12-15 23:30 -1", datetime(2001, 12, 16, 0, 30, tzinfo=UTC)),
        ("2020-02-29", datetime(2020, 2, 29, tzinfo=UTC)),
        ("2001-12-15T02:59:43.123456789Z", datetime(2001, 12, 15, 2, 59, 43, 123_456, UTC)),
        ("0001-01-01T00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC)),
    ],
)
def test_a_timestamp_may_leave_out_what_can_be_supplied(written: str, expected: datetime) -> None:
    assert timestamp(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        *("", "now", "2021", "2021-02", "20210204", "04.02.2021", "2/4/2021", "2021-02-04T", "2021-02-04Z", "12:30"),
        *("2021-02-30", "2021-13-01", "2021-00-10", "0000-01-01", "2021-02-04T24:30", "2021-02-04T12:60"),
        *("2021-02-04T12:30:61", "2021-02-04T12:30+25:00", "2021-02-04T12", "2021-02-04 12:30 CET", "x2021-02-04"),
        *(
            "0001-01-01T00:00+01:00",
            "9999-12-31T23:59-01:00",
            "\uff12\uff10\uff12\uff11-02-04",
            "2021-02-04\n",
            "2021-W05-4",
            "1612440000",
        ),
    ],
)
def test_what_is_no_instant_is_refused(written: str) -> None:
    with pytest.raises(UnfitValue):
        timestamp(written)


zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=zones | st.none()))  # noqa: DTZ001 - drawn with a zone
def test_timestamps_as_yaml_writes_them_are_read(instant: datetime) -> None:
    written = yaml.safe_dump(instant).removesuffix("\n...\n").strip()
    assert timestamp(written) == (instant if instant.tzinfo else instant.replace(tzinfo=UTC))


@given(st.text() | st.from_regex(r"\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{2}(:\d{2})?([+-]\d{1,4})?"))
def test_any_text_is_an_instant_in_utc_or_refused(text: str) -> None:
    with suppress(UnfitValue):
        assert timestamp(text).tzinfo is UTC


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0", 0),
        ("80", 80),
        ("+5", 5),
        ("-12", -12),
        ("007", 7),
        ("2147483647", MAX_INTEGER),
        ("-2147483647", -MAX_INTEGER),
    ],
)
def test_whole_numbers(written: str, expected: int) -> None:
    assert integer(written) == expected


@pytest.mark.parametrize(
    "written", ["", "-", "1.0", "1e3", "0x1F", "1_000", "1,000", "٣", "²", "2147483648", "-2147483648", "9" * 5000]
)
def test_what_is_no_whole_number_of_32_bits_is_refused(written: str) -> None:
    # Python refuses to read a number of 5,000 digits with an error of its own.
    with pytest.raises(UnfitValue) as caught:
        integer(written)
    assert len(caught.value.reason) < 100


@pytest.mark.parametrize("written", ["true", "True", "TRUE", "yes", "on", "On"])
def test_truths(written: str) -> None:
    assert boolean(written)


@pytest.mark.parametrize("written", ["false", "False", "FALSE", "no", "NO", "off"])
def test_untruths(written: str) -> None:
    assert not boolean(written)


@pytest.mark.parametrize("written", ["", "y", "n", "1", "0", "maybe", "tru"])
def test_what_is_neither_is_refused(written: str) -> None:
    with pytest.raises(UnfitValue):
        boolean(written)


@pytest.mark.parametrize(
    "written",
    [
        "https://daily.example",
        "HTTP://Daily.Example:8080/a?b=c#d",
        "https://daily.example/größe",
        "https://daily.example/%zz",
        "https://192.0.2.1/a",
        "https://7.daily.example/a@b",
        "https://daily.example1/",
        "https://[2001:db8::1]/a",
    ],
)
def test_an_absolute_url_stays_as_written(written: str) -> None:
    assert absolute_url(written) == image_url(written) == written


@pytest.mark.parametrize(
    "written",
    [
        *(
            "/a.png",
            "a.png",
            "//daily.example/a",
            "ftp://daily.example/a",
            "mailto:a@daily.example",
            "https://",
            "https:a",
        ),
        *(
            "javascript:alert(1)",
            "data:image/png;base64,AAAA",
            "https://daily.example/a b",
            "https://daily.example/\x07",
        ),
        *("https://daily.example/a\nb", "https://daily.example:port/", "https://daily.example:99999/", "https://[::1"),
    ],
)
def test_what_is_no_web_address_is_refused(written: str) -> None:
    with pytest.raises(UnfitValue):
        absolute_url(written)


@pytest.mark.parametrize("written", ["/a.png", "/", "/assets/größe.png?v=2"])
def test_an_image_may_be_of_this_site(written: str) -> None:
    assert image_url(written) == written


@pytest.mark.parametrize("written", ["//cdn.example/a.png", "a.png", "/a b.png", "/a\x07.png", ""])
def test_an_image_has_a_full_path_at_least(written: str) -> None:
    with pytest.raises(UnfitValue):
        image_url(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("daily.example", "daily.example"), ("Daily.EXAMPLE.", "daily.example"), ("xn--mller-kva.example",) * 2],
)
def test_domains_are_lower_case(written: str, expected: str) -> None:
    assert domain(written) == expected


@pytest.mark.parametrize(
    "written", ["", ".", "daily", "https://daily.example", "daily.example/a", "a@b.example", "a..b"]
)
def test_what_is_no_domain_is_refused(written: str) -> None:
    with pytest.raises(UnfitValue):
        domain(written)


@given(st.text(min_size=100).map("{}!".format))
def test_a_reason_stays_short_however_long_the_value(text: str) -> None:
    for read in (integer, boolean, timestamp, domain):
        with pytest.raises(UnfitValue) as caught:
            read(text)
        assert caught.value.reason.isprintable()
        assert len(caught.value.reason) < 700  # each character may be written as ten


@pytest.mark.parametrize("read", [absolute_url, image_url])
@pytest.mark.parametrize("url", ["https://good.example\\@evil.example/", "https://a.example/x\\y", "/a\\b"])
def test_a_backslash_in_a_url_is_refused_as_browsers_read_it_as_a_slash(read: Callable[[str], str], url: str) -> None:
    with pytest.raises(UnfitValue) as caught:
        read(url)
    assert ("backslash" in caught.value.reason, caught.value.remedy) == (True, "write / or %5C")


@pytest.mark.parametrize("read", [absolute_url, image_url])
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://daily.example@evil.example/a", "names a user before its host"),
        ("https://user:password@daily.example/a", "names a user before its host"),
        ("https://0x7f.1/a", "browsers read all of it as one"),
        ("https://127.1/a", "browsers read all of it as one"),
        ("https://2130706433/a", "browsers read all of it as one"),
        ("https://daily.256/a", "browsers read all of it as one"),
        ("https://256.1.1.1/a", "browsers read all of it as one"),
        ("https://192.0.2.010/a", "browsers read all of it as one"),
        ("https://192.0.2.0x1.:8080/a", "browsers read all of it as one"),
    ],
)
def test_a_host_that_is_not_what_it_looks_like_is_refused(read: Callable[[str], str], url: str, reason: str) -> None:
    with pytest.raises(UnfitValue, match=reason):
        read(url)
