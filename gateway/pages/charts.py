"""Counts as bars in SVG, each of which leads to a search for its articles."""

from calendar import month_abbr, month_name, monthrange
from collections.abc import Sequence
from urllib.parse import urlencode

from gateway.pages.html import Html, element
from gateway.pages.overview import NamedCount

_STEP, _BAR, _HEIGHT = 30, 22, 66
_LABELS = 26  # units below the bars
_LEAST = 3  # of a bar that stands for something


def month_chart(months: Sequence[NamedCount]) -> Html:
    """A bar for each month, from the oldest to the newest."""
    most = max(month.count for month in months)
    columns = [_month(number, month, most) for number, month in enumerate(months)]
    width = _STEP * len(months)
    return element(
        "svg",
        columns,
        class_="months",
        viewBox=f"0 0 {width} {_HEIGHT + _LABELS}",
        role="group",
        aria_label="Articles by month",
    )


def count_bars(counts: Sequence[NamedCount], parameter: str) -> Html:
    """A list of values with their counts, each above a bar."""
    most = max(each.count for each in counts)
    return element("ol", [element("li", _bar(each, parameter, most)) for each in counts], class_="bars")


def search_for(**parameters: str) -> str:
    """The address of a search, relative to the home page."""
    return f"./?{urlencode(parameters)}"


def articles(count: int) -> str:
    """The number of articles, in words: `1 article`, `92,845 articles`."""
    return f"{count:,} article{'' if count == 1 else 's'}"


def _month(number: int, month: NamedCount, most: int) -> Html:
    year, index = map(int, month.value.split("-"))
    height = max(round(_HEIGHT * month.count / most), _LEAST) if month.count else 1
    x, middle = number * _STEP, number * _STEP + _STEP // 2
    bar = [
        element("rect", class_="column", x=x, y=0, width=_STEP, height=_HEIGHT),
        element("rect", class_="bar", x=x + 4, y=_HEIGHT - height, width=_BAR, height=height, rx=2),
    ]
    labels = [element("text", month_abbr[index][0], x=middle, y=_HEIGHT + 12)]
    if index == 1 or number == 0:
        labels.append(element("text", year, class_="year", x=middle, y=_HEIGHT + 24))
    below = element("g", labels, aria_hidden="true")
    if not month.count:
        return Html(element("g", bar, aria_hidden="true") + below)
    label = f"{month_name[index]} {year}: {articles(month.count)}"
    last = monthrange(year, index)[1]
    address = search_for(**{"from": f"{month.value}-01", "to": f"{month.value}-{last}"})
    return Html(element("a", element("title", label), bar, href=address, aria_label=label) + below)


def _bar(each: NamedCount, parameter: str, most: int) -> Html:
    meter = element(
        "svg",
        element("rect", width=max(round(100 * each.count / most), 1), height=4),
        viewBox="0 0 100 4",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
    count = element("span", f"{each.count:,}", class_="count")
    return element(
        "a",
        element("span", each.name, class_="name", dir="auto"),
        " ",
        count,
        meter,
        href=search_for(**{parameter: each.value}),
    )
