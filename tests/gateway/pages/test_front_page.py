from datetime import timedelta

import pytest

from gateway.pages.front_page import age, front_page
from gateway.pages.html import joined
from indexer.errors import ContentProblem, Severity
from indexer.search.build_problems import BuildProblems
from tests.gateway.pages.overviews import overview_of
from tests.replacing import replace
from tests.samples import NOW, plain

BROKEN = ContentProblem(
    path="news/a.md", line=3, column=8, field="webUrl", reason="'<b>' is no URL", remedy="write an absolute URL"
)


async def front(*problems: ContentProblem) -> str:
    overview = replace(await overview_of(plain("a")), problems=BuildProblems.of(problems))
    return joined(front_page(overview, now=NOW, server_url="https://n.example", examples=(), has_pictures=False))


async def test_problems_are_told_with_their_place_and_remedy():
    page = await front(BROKEN, replace(BROKEN, severity=Severity.WARNING, field=""))
    assert "1 error, 1 warning" in page
    assert "news/a.md:3:8" in page
    assert "webUrl" in page
    assert "&#x27;&lt;b&gt;&#x27; is no URL" in page
    assert "write an absolute URL" in page
    assert " open>" in page


async def test_warnings_alone_are_not_opened():
    page = await front(replace(BROKEN, severity=Severity.WARNING))
    assert '<details class="problems"><summary>' in page


async def test_without_problems_there_is_nothing_to_tell():
    assert "problems" not in await front()


async def test_commands_ask_the_server_as_clients_reach_it():
    page = await front()
    assert "curl &#x27;https://n.example/search.json?q=harvest&#x27;" in page


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=60), "1 minute ago"),
        (timedelta(hours=5, minutes=59), "5 hours ago"),
        (timedelta(days=2), "2 days ago"),
    ],
)
def test_an_age_has_its_largest_unit(span: timedelta, words: str):
    assert age(span) == words
