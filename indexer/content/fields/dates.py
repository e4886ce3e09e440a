"""Dates as people and their tools write them, and dates in the names of files."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<month_name>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
_DAY_NAME = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_TIME = (
    r"(?:T|\s*,?\s*(?:at\s+)?)(?P<hour>\d{1,2}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2})(?:[.,](?P<fraction>\d+))?)?"
    r"(?:\s*(?P<half>[ap])\.?m(?![a-z])\.?)?"
)
_ZONE = (
    r"\s*(?:(?P<zulu>z)(?![a-z])|(?:utc|gmt)?(?P<sign>[+-])(?P<zone_hour>\d{1,2}):?(?P<zone_minute>\d{2})?"
    r"(?:\s*\(?[a-z][\w ]*\)?)?|(?P<zone>[a-z]+(?:/[a-z_]+)*))"
)
_CLOCK = rf"(?:{_TIME}(?:{_ZONE})?)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE | re.ASCII)
    for form in (
        rf"{_YEAR}([-/.])(?P<month>\d{{1,2}})(?:\2(?P<day>\d{{1,2}}))?{_CLOCK}",
        rf"{_YEAR}\u5e74\s*(?P<month>\d{{1,2}})\u6708(?:\s*(?P<day>\d{{1,2}})\u65e5)?{_CLOCK}",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d){_CLOCK}",
        rf"{_DAY_NAME}{_MONTH}\s+{_DAY}\s*,?\s+{_YEAR}{_CLOCK}",
        rf"{_DAY_NAME}{_DAY}[\s-]+{_MONTH},?[\s-]+{_YEAR}{_CLOCK}",
        rf"{_DAY_NAME}{_MONTH}\s+{_DAY}{_TIME}(?:{_ZONE})?\s+{_YEAR}",
        rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}{_CLOCK}",
        rf"(?P<first>\d{{1,2}})([-/])(?P<other>\d{{1,2}})\2{_YEAR}{_CLOCK}",
    )
)
_FIRST_MONTHS = 12
_HALF_DAY = 12
_ZONE_HOURS = {
    "utc": 0,
    "gmt": 0,
    "ut": 0,
    "wet": 0,
    "z": 0,
    "bst": 1,
    "cet": 1,
    "met": 1,
    "west": 1,
    "cest": 2,
    "mest": 2,
    "eet": 2,
    "sast": 2,
    "eest": 3,
    "msk": 3,
    "ist": 5.5,
    "hkt": 8,
    "sgt": 8,
    "awst": 8,
    "jst": 9,
    "kst": 9,
    "aest": 10,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
    "brt": -3,
    "art": -3,
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "akst": -9,
    "akdt": -8,
    "hst": -10,
}
"""Hours by which zones are ahead of UTC; those of North America are as in RFC 2822, section 4.3."""

_DATED_NAME = re.compile(r"(?:^|/)(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[-_/ ]+([^/]+))?$", re.ASCII)


def iso_timestamp(text: str) -> str | None:
    """The timestamp that a text means, as `2021-03-04T10:00:00+02:00` with the date as written; None where it is none.

    Takes ISO 8601 and YAML's forms, `Mar 4, 2021`, `4 March 2021 10:00 CET`, RFC 2822, `2021/03/04 3:30 pm`, and
    `25/12/2020` but not `03/04/2020`, which is one day in Europe and another in America.
    """
    for match in _matches(text):
        try:
            return _instant({name: value for name, value in match.groupdict().items() if value}).isoformat()
        except (ValueError, OverflowError, ZoneInfoNotFoundError):
            continue
    return None


def is_date(text: str) -> bool:
    """Tell whether a text has the form of a date, though perhaps of a day that there is not."""
    return any(_matches(text))


def date_in_name(path: str) -> tuple[str, str]:
    """The date in the name of a post's file or of its folder, as ISO 8601, and the rest of the name; both may be empty.

    >>> date_in_name("news/2021-03-04-owls")
    ('2021-03-04', 'owls')
    """
    match = _DATED_NAME.search(path)
    if not match:
        return "", path.rpartition("/")[2]
    year, month, day, rest = match.groups("")
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC).date().isoformat(), rest
    except ValueError:
        return "", path.rpartition("/")[2]


def _matches(text: str) -> Iterator[re.Match[str]]:
    return filter(None, (form.fullmatch(text.strip()) for form in _FORMS))


def _instant(parts: dict[str, str]) -> datetime:
    month, day = _month_and_day(parts)
    hour = int(parts.get("hour", 0))
    if half := parts.get("half", "").lower():
        if not 1 <= hour <= _HALF_DAY:
            raise ValueError(hour)
        hour = hour % _HALF_DAY + (_HALF_DAY if half == "p" else 0)
    fraction = int(f"{parts.get('fraction', ''):0<6}"[:6])
    day_time = (hour, int(parts.get("minute", 0)), int(parts.get("second", 0)), fraction)
    return datetime(int(parts["year"]), month, day, *day_time, tzinfo=_zone(parts))


def _month_and_day(parts: dict[str, str]) -> tuple[int, int]:
    if "month_name" in parts:
        return _MONTHS.index(parts["month_name"][:3].lower()) + 1, int(parts["day"])
    if "first" in parts:
        first, other = int(parts["first"]), int(parts["other"])
        if first != other and max(first, other) <= _FIRST_MONTHS:
            raise ValueError(parts)
        return (other, first) if first > _FIRST_MONTHS else (first, other)
    return int(parts["month"]), int(parts.get("day", 1))


def _zone(parts: dict[str, str]) -> tzinfo:
    if "sign" in parts:
        offset = timedelta(hours=int(parts["zone_hour"]), minutes=int(parts.get("zone_minute", 0)))
        return timezone(-offset if parts["sign"] == "-" else offset)
    name = parts.get("zone", "utc")
    if "/" in name:
        return ZoneInfo(name)
    if name.lower() not in _ZONE_HOURS:
        raise ValueError(name)
    return timezone(timedelta(hours=_ZONE_HOURS[name.lower()]))
