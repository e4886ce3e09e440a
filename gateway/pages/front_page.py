"""The content of the home page: what is in the index, and how to ask for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from gateway.pages.article_lists import day, newest_articles
from gateway.pages.charts import count_bars, month_chart
from gateway.pages.examples import Example, telling_word
from gateway.pages.html import Content, Html, element
from gateway.pages.overview import NamedCount, Overview
from indexer.search.build_problems import BuildProblems
from schema.inputs.scalars import write_instant

_PUBLISHERS = 6
_SPANS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def front_page(
    overview: Overview, *, now: datetime, server_url: str, examples: Sequence[Example], has_pictures: bool
) -> Content:
    """The whole content. Without examples, there is no GraphiQL to open them in."""
    return [
        _dateline(overview, now),
        _problems(overview.problems),
        _reading(overview, has_pictures=has_pictures) if overview.newest else _no_articles(),
        _months(overview.months) if overview.months else None,
        _asking(server_url, telling_word(overview), examples),
    ]


def _dateline(overview: Overview, now: datetime) -> Html:
    built = element("time", age(now - overview.built_at), datetime=write_instant(overview.built_at))
    facts: list[Content] = [
        [_number(overview.articles, "article"), ", ", _number(overview.topics.total, "topic"), ", "],
        [_number(overview.providers.total, "publisher")],
        ["Generation ", f"{overview.generation:,}", ", built ", built],
    ]
    if overview.newest:
        facts.append(["Newest of ", day(overview.newest[0].published_date_time)])
    return element("p", [element("span", fact) for fact in ([facts[0], facts[1]], *facts[2:])], class_="dateline")


def age(span: timedelta) -> str:
    """A span of time up to now, in its largest unit: `3 hours ago`.

    >>> age(timedelta(hours=3, minutes=20)), age(timedelta(seconds=4))
    ('3 hours ago', 'just now')
    """
    for unit, name in _SPANS:
        if span >= unit:
            return f"{_number(span // unit, name)} ago"
    return "just now"


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _reading(overview: Overview, *, has_pictures: bool) -> Html:
    newest = _section("Newest", newest_articles(overview.newest, has_pictures=has_pictures), class_="news")
    aside = [
        _section("Topics", count_bars(overview.topics.values, "topic")) if overview.topics.values else None,
        _section("Publishers", count_bars(overview.providers.values[:_PUBLISHERS], "provider")),
    ]
    return element("div", newest, element("div", aside, class_="aside"), class_="reading")


def _months(months: Sequence[NamedCount]) -> Html:
    # From right to left, so that a narrow screen shows the newest months, and scrolls to older ones.
    return _section(
        "Articles by month", element("div", month_chart(months), class_="chart", dir="rtl"), class_="history"
    )


def _no_articles() -> Html:
    ways = (
        ("newsstand init", "writes three articles to start from"),
        ("newsstand index --content FOLDER", "indexes a folder of Markdown files"),
        ("newsstand serve --content ~/blog/_posts --site https://me.example", "serves the posts of a blog"),
    )
    listed = [[element("dt", element("code", command)), element("dd", what)] for command, what in ways]
    return _section("There are no articles yet", element("dl", listed, class_="ways"))


def _problems(problems: BuildProblems) -> Html | None:
    if not problems.count:
        return None
    rows = [
        element(
            "li",
            element("code", f"{each.path}:{each.line}:{each.column}"),
            element("strong", f" {each.field}" if each.field else ""),
            element("p", f"{each.reason}. ".replace("..", "."), element("em", each.remedy)),
            class_=each.severity.value,
        )
        for each in problems.listed
    ]
    counts = f"{_number(problems.errors, 'error')}, {_number(problems.warnings, 'warning')}"
    summary = element(
        "summary", element("h2", "Problems of the content files"), element("span", counts, class_="count")
    )
    return element("details", summary, element("ol", rows), class_="problems", open=bool(problems.errors))


def _asking(server_url: str, word: str, examples: Sequence[Example]) -> Html:
    return element("div", _queries(examples) if examples else None, _commands(server_url, word), class_="asking")


def _queries(examples: Sequence[Example]) -> Html:
    items = [
        element(
            "li", element("a", element("strong", each.title), " ", element("span", each.purpose), href=each.address)
        )
        for each in examples
    ]
    return _section("Queries to start from", element("ul", items, class_="queries"))


def _commands(server_url: str, word: str) -> Html:
    search = f"{server_url}/search.json?q={quote(word)}"
    box = f'<script type="module" src="{server_url}/search-box.js"></script><newsstand-search></newsstand-search>'
    commands = (
        ("A search box on your page", box),
        ("curl", f"curl '{search}'"),
        ("JavaScript", f'const {{ hits }} = await (await fetch("{search}")).json();'),
        ("Python", f'import json, urllib.request as r; json.load(r.urlopen("{search}"))["hits"]'),
    )
    shown = [
        element(
            "figure", element("figcaption", name), element("pre", element("code", text), tabindex=0), class_="command"
        )
        for name, text in commands
    ]
    return _section("Ask from anywhere", shown)


def _section(title: str, *content: Content, class_: str | None = None) -> Html:
    return element("section", element("h2", title), content, class_=class_)
