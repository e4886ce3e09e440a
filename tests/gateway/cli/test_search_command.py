from io import StringIO
from pathlib import Path

import orjson
import pytest
from rich.console import Console

from gateway.cli.search_command import Output, SearchCommand, ask, print_result
from gateway.config.settings import Settings
from indexer.errors import IndexMissing, RequestError
from indexer.query.tree import Every
from indexer.query.understanding import Understanding
from indexer.search.filters import EVERYTHING, Among, TermField
from indexer.search.ranking import Position, Ranking
from indexer.search.requests import Hit, SearchResult
from schema.limits.limits import Limits
from tests.gateway.library import write_index
from tests.replacing import replace
from tests.samples import NOW, plain

LIMITS = Limits()
RESULT = SearchResult(
    hits=(Hit(article=plain("news/a"), position=Position((1.5,), "news/a"), score=1.5),),
    has_previous=False,
    has_next=True,
    total=7,
)


def printed(result: SearchResult, output: Output) -> str:
    log = StringIO()
    print_result(result, Console(file=log, width=40), output)
    return log.getvalue()


def test_words_are_asked_for_by_relevance():
    request = SearchCommand(words=["two", "words"]).request(now=NOW, limits=LIMITS)
    assert (request.text, request.ranking, request.filter) == ("two words", Ranking.RELEVANCE, EVERYTHING)


def test_without_words_the_newest_come_first():
    assert SearchCommand().request(now=NOW, limits=LIMITS).ranking is Ranking.NEWEST


def test_topic_ranking_and_size_are_asked_for():
    request = SearchCommand(topic=" AI ", ranking=Ranking.HEAT, first=3).request(now=NOW, limits=LIMITS)
    assert request.filter == Among(TermField.TOPIC, frozenset({"ai"}))
    assert (request.ranking, request.window.size) == (Ranking.HEAT, 3)


@pytest.mark.parametrize(
    ("command", "limits", "problem"),
    [
        (SearchCommand(words=["x" * 501]), LIMITS, "search: 501 characters, and at most 500 are allowed"),
        (SearchCommand(topic="x" * 501), LIMITS, "topic: 501 characters, and at most 500 are allowed"),
        (SearchCommand(words=["x" * 500]), Limits(max_cost=3000), "The query costs 3173, and at most 3000 is allowed"),
    ],
)
def test_a_search_has_the_limits_that_it_has_in_graphql(command: SearchCommand, limits: Limits, problem: str):
    with pytest.raises(RequestError, match=problem):
        command.request(now=NOW, limits=limits)


def test_people_read_titles_and_the_total():
    text = printed(RESULT, Output.TEXT)
    assert text.splitlines()[0] == "  1. Harvest begins"
    assert "2024-05-31  daily.example" in text
    assert text.splitlines()[-1] == "7 articles found"


def test_programs_read_json():
    assert orjson.loads(printed(RESULT, Output.JSON)) == {
        "totalCount": 7,
        "didYouMean": None,
        "leftOut": [],
        "articles": [
            {
                "key": "news/a",
                "title": "Harvest begins",
                "publishedDateTime": "2024-05-31T12:00:00Z",
                "webUrl": "https://daily.example/news/a",
                "provider": "daily.example",
                "topics": [],
                "score": 1.5,
            }
        ],
    }


def test_people_read_what_was_left_out_and_what_was_probably_meant():
    understanding = Understanding(query=Every(), words=(), left_out=("apples",), did_you_mean="pears")
    shown = printed(replace(RESULT, understanding=understanding), Output.TEXT)
    assert shown.endswith("7 articles found without: apples; did you mean: pears\n")


async def test_the_index_is_asked(tmp_path: Path):
    result = await ask(SearchCommand(words=["pears"]), Settings(index=write_index(tmp_path)))
    assert [hit.article.title for hit in result.hits] == ["Pears [are] ripe"]


async def test_an_index_that_is_not_there_is_missing(tmp_path: Path):
    with pytest.raises(IndexMissing):
        await ask(SearchCommand(), Settings(index=str(tmp_path / "nowhere")))
