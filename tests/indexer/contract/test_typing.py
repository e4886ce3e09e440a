"""Engine contract: a search while a person is typing, whose last word may go on."""

import pytest

from indexer.search.ranking import Ranking, Window
from indexer.search.requests import SearchRequest
from tests.asking import ALL, ask
from tests.engine_place import OpenWith
from tests.replacing import replace
from tests.samples import NOW
from tests.titled import titled

TITLES = {
    "clearview": "Clearview AI is fined",
    "clear": "Clear skies",
    "wifi": "Wi-Fi for all",
    "number": "1,250,000 people",
    "initials": "x.com and J.K.Rowling",
    "quoted": "The facial recognition bill",
    "tokyo": "東京タワー",
}


async def typed(open_with: OpenWith, text: str) -> list[str]:
    engine = await open_with(*(titled(key, title) for key, title in TITLES.items()))
    result = await ask(engine, SearchRequest(now=NOW, text=text, typing=True, ranking=Ranking.RELEVANCE, window=ALL))
    return [hit.article.key for hit in result.hits]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("clearv", {"clearview"}),
        ("cle", {"clearview", "clear"}),
        ("clear ", {"clear"}),
        ("ai clearv", {"clearview"}),
        ("clearv ai", set()),
        ("fined OR ski", {"clearview", "clear"}),
        ("title:clearv", {"clearview"}),
        ("excerpt:clearv", set()),
        ("wi-f", {"wifi"}),
        ("wi-", {"wifi"}),
        ("f-wi", set()),
        ("1,2", {"number"}),
        ("1,250,0", {"number"}),
        ("1,25,", {"number"}),
        ("1.2", set()),
        ("x.c", {"initials"}),
        ("j.k.r", {"initials"}),
        ('"facial rec', {"quoted"}),
        ('"facial rec"', set()),
        ('"facial ', {"quoted"}),
        ("facial -bil", {"quoted"}),
        ("facial -bill", set()),
        ("東京タ", {"tokyo"}),
        ("#", set()),
    ],
)
async def test_the_last_word_is_also_a_beginning_where_no_space_follows(
    open_with: OpenWith, text: str, found: set[str]
) -> None:
    assert {*await typed(open_with, text)} == found


async def test_the_word_itself_ranks_above_what_begins_so(open_with: OpenWith) -> None:
    assert await typed(open_with, "clear") == ["clear", "clearview"]


async def test_many_words_that_begin_so_rank_below_the_word_itself(open_with: OpenWith) -> None:
    many = [titled(f"many{number}", "cleared clearing clearly clearest") for number in range(20)]
    long = replace(titled("exact", "Something else"), excerpt="words " * 60 + "cle " + "words " * 60)
    engine = await open_with(*many, long)
    request = SearchRequest(now=NOW, text="cle", typing=True, ranking=Ranking.RELEVANCE, window=Window(size=1))
    result = await ask(engine, request)
    assert [hit.article.key for hit in result.hits] == ["exact"]


async def test_an_article_that_is_asked_about_is_matched_in_the_same_way(open_with: OpenWith) -> None:
    engine = await open_with(titled("a", "Clearview AI"))
    for text, rank in (("clearv", 1), ("clearv ", None)):
        why_not = await engine.why_not("a", SearchRequest(now=NOW, text=text, typing=True))
        assert why_not is not None
        assert why_not.rank == rank
