"""Dates as people write them."""

import pytest

from indexer.content.fields.dates import date_in_name, is_date, iso_timestamp


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2021-03-04", "2021-03-04T00:00:00+00:00"),
        ("2021-3-4", "2021-03-04T00:00:00+00:00"),
        ("2021-03", "2021-03-01T00:00:00+00:00"),
        ("2021/03/04 3:30 PM", "2021-03-04T15:30:00+00:00"),
        ("2021.03.04", "2021-03-04T00:00:00+00:00"),
        ("20210304", "2021-03-04T00:00:00+00:00"),
        ("2021-03-04 10:00:00 +0200", "2021-03-04T10:00:00+02:00"),
        ("2021-03-04 10:00 -5", "2021-03-04T10:00:00-05:00"),
        ("2021-03-04T10:00:00.250Z", "2021-03-04T10:00:00.250000+00:00"),
        ("2021-03-04 10:00:00 UTC", "2021-03-04T10:00:00+00:00"),
        ("2021-03-04 10:00:00 CET", "2021-03-04T10:00:00+01:00"),
        ("2021-03-04 10:00:00 -0500 EST", "2021-03-04T10:00:00-05:00"),
        ("2009-11-10 23:00:00 +0000 UTC", "2009-11-10T23:00:00+00:00"),
        ("2021-07-04 10:00 Europe/Berlin", "2021-07-04T10:00:00+02:00"),
        ("2021-07-04 10:00 America/New_York", "2021-07-04T10:00:00-04:00"),
        ("Mar 4, 2021", "2021-03-04T00:00:00+00:00"),
        ("March 4th, 2021 at 12:30 am", "2021-03-04T00:30:00+00:00"),
        ("Jul 08 2022", "2022-07-08T00:00:00+00:00"),
        ("4 March 2021", "2021-03-04T00:00:00+00:00"),
        ("08-Jul-2022", "2022-07-08T00:00:00+00:00"),
        ("Thu, 04 Mar 2021 10:00:00 +0000", "2021-03-04T10:00:00+00:00"),
        ("Thu Mar 04 2021 10:00:00 GMT+0100 (Central European Standard Time)", "2021-03-04T10:00:00+01:00"),
        ("Thu Mar  4 10:00:00 EST 2021", "2021-03-04T10:00:00-05:00"),
        ("04.03.2021", "2021-03-04T00:00:00+00:00"),
        ("25/12/2020", "2020-12-25T00:00:00+00:00"),
        ("12/25/2020", "2020-12-25T00:00:00+00:00"),
        ("03/03/2020", "2020-03-03T00:00:00+00:00"),
        ("2021\u5e743\u67084\u65e5", "2021-03-04T00:00:00+00:00"),
        (" 2016-9-6 9:5 ", "2016-09-06T09:05:00+00:00"),
    ],
)
def test_a_date_is_read_in_each_form_that_people_use(written: str, expected: str) -> None:
    assert iso_timestamp(written) == expected
    assert is_date(written)


@pytest.mark.parametrize(
    "written",
    ["2021-02-30", "2021-13-01", "03/04/2020", "2021-03-04 25:00", "2021-03-04 13:00 pm", "2021-03-04 10:00 XYZ"],
)
def test_what_has_the_form_of_a_date_and_is_no_day_or_time_is_none(written: str) -> None:
    assert iso_timestamp(written) is None
    assert is_date(written)


@pytest.mark.parametrize("written", ["", "soon", "2021", "true", "12:30", "March", "x2021-03-04", "2021-03-04x"])
def test_other_texts_are_no_dates(written: str) -> None:
    assert iso_timestamp(written) is None
    assert not is_date(written)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("2021-03-04-owls", ("2021-03-04", "owls")),
        ("news/2021-3-4-owls-return", ("2021-03-04", "owls-return")),
        ("2021/03/04/owls", ("2021-03-04", "owls")),
        ("2021/03-04-owls", ("2021-03-04", "owls")),
        ("2021-03-04_owls", ("2021-03-04", "owls")),
        ("2021-03-04", ("2021-03-04", "")),
        ("2021-13-04-owls", ("", "2021-13-04-owls")),
        ("news/owls-2021", ("", "owls-2021")),
    ],
)
def test_the_date_in_a_name_is_told_from_the_rest(path: str, expected: tuple[str, str]) -> None:
    assert date_in_name(path) == expected
