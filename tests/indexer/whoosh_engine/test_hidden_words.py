"""Words of hidden articles: nobody learns of them, and they are in nobody's way."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.engines import open_engine
from indexer.query.understanding import Match, Understanding
from indexer.search.engine import SearchEngine
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest, SearchResult
from indexer.search.suggestions import SuggestRequest
from tests.asking import keys
from tests.engine_place import UrlPlace, write
from tests.replacing import replace
from tests.samples import DAY, NOW, plain
from tests.titled import titled

HARBOURS = [replace(titled(f"h{number}", "The harbour has a new crane"), excerpt="ships") for number in range(5)]
Opens = Callable[..., AbstractAsyncContextManager[SearchEngine]]


@pytest.fixture(params=["drafts", "scheduled", "deleted", "older versions"])
def opened(tmp_path: Path, request: pytest.FixtureRequest) -> Opens:
    """Opens an engine on visible articles, with others beside them that are hidden in one way."""

    @asynccontextmanager
    async def opened(*visible: Article, hidden: list[Article]) -> AsyncIterator[SearchEngine]:
        place = UrlPlace(str(tmp_path / "index"))
        match request.param:
            case "drafts":
                write(place, (*visible, *(replace(article, published=False) for article in hidden)))
            case "scheduled":
                write(place, (*visible, *(replace(article, published_date_time=NOW + DAY) for article in hidden)))
            case "deleted":
                write(place, (*visible, *hidden))
                write(place, without=[article.key for article in hidden])
            case _:
                keys_hidden = {article.key for article in hidden}
                write(place, (*visible, *hidden))
                write(place, [titled(key, "Nothing") for key in sorted(keys_hidden)])
        engine = await open_engine(str(tmp_path / "index"))
        try:
            yield engine
        finally:
            await engine.close()

    return opened


async def found(engine: SearchEngine, text: str) -> SearchResult:
    request = SearchRequest(
        now=NOW, text=text, ranking=Ranking.RELEVANCE, forgiving=True, understanding=True, total=True
    )
    [result] = await engine.search([request])
    return result


def understood(result: SearchResult) -> Understanding:
    assert result.understanding
    return result.understanding


@pytest.mark.parametrize("text", ["harbour embargowrt", "harbour title:embargowrt", "harbour topic:embargowrt"])
async def test_what_is_left_out_is_told_as_it_was_typed(opened: Opens, text: str) -> None:
    scandal = replace(titled("x", "Embargowort scandal", topics=["Embargowort"]), excerpt="embargowort")
    async with opened(*HARBOURS, hidden=[scandal]) as engine:
        result = await found(engine, text)
        assert (result.total, understood(result).left_out) == (5, ("embargowrt",))
        assert (understood(result).did_you_mean or "harbour") == "harbour"
        assert [word.terms for word in understood(result).words if word.match is Match.NONE] == [()]


@pytest.mark.parametrize("text", ["crane -embargowrt", "embargowrt", "crane OR embargowrt", '"embargowrt scandal"'])
async def test_no_correction_tells_a_hidden_word(opened: Opens, text: str) -> None:
    async with opened(*HARBOURS, hidden=[titled("x", "Embargowort scandal")]) as engine:
        result = await found(engine, text)
        assert "embargowort" not in repr(result.understanding)
        assert understood(result).did_you_mean is None


@pytest.mark.parametrize("title", ["A harbor", "Harbors for all", "The harbor and the harbour"])
async def test_a_hidden_spelling_takes_no_hits_away(opened: Opens, title: str) -> None:
    async with opened(*HARBOURS, hidden=[titled("x", title)]) as engine:
        result = await found(engine, "harbor")
        assert (result.total, understood(result).did_you_mean) == (5, "harbour")


async def test_hidden_articles_do_not_say_where_a_word_ends(opened: Opens) -> None:
    hidden = [titled("x", "The secret plan"), titled("y", "The windmill")]
    async with opened(*HARBOURS, titled("a", "A secret"), titled("b", "A plan"), hidden=hidden) as engine:
        for text in ("secretplan", "wind mill"):
            result = await found(engine, text)
            assert not result.hits
            assert [word.match for word in understood(result).words] == [Match.NONE] * len(text.split())


async def test_a_word_is_as_rare_as_visible_articles_make_it(opened: Opens) -> None:
    hidden = [titled(f"x{number}", "A crane at the harbour") for number in range(120)]
    visible = [*HARBOURS, titled("craen", "A craen stands")]
    async with opened(*visible, hidden=hidden) as engine:
        result = await found(engine, "craen")
        assert (keys(result), understood(result).did_you_mean) == (["craen"], None)


async def test_hidden_words_and_names_take_no_place_among_suggestions(opened: Opens) -> None:
    words = " ".join(f"zone{letter}" for letter in "abcdefghijklmnopqrstuvw")
    hidden = [replace(titled(f"x{number}", "Nothing"), excerpt=words) for number in range(3)]
    visible = [replace(titled(f"v{number}", "Something"), excerpt="a zonex") for number in range(2)]
    async with opened(*visible, hidden=hidden) as engine:
        suggestions = await engine.suggest(SuggestRequest(now=NOW, prefix="zon", size=8))
        assert [(one.text, one.count) for one in suggestions] == [("zonex", 2)]


async def test_a_name_that_a_provider_has_in_hidden_articles_alone_completes_nothing(opened: Opens) -> None:
    daily, evening = plain("a").provider, replace(plain("a").provider, domain="evening.example", name="Embargo Evening")
    hidden = [replace(plain("x"), provider=replace(daily, name="Embargo Daily"))]
    visible = [
        *map(plain, "ab"),
        titled("c", "Embargo lifted"),
        replace(plain("d"), provider=evening, published_date_time=NOW - 90 * DAY),
    ]
    async with opened(*visible, hidden=hidden) as engine:
        suggestions = await engine.suggest(SuggestRequest(now=NOW, prefix="embargo", size=1))
        assert [(one.text, one.count) for one in suggestions] == [("Embargo Evening", 1)]


async def test_hidden_articles_do_not_change_which_ones_are_found(opened: Opens) -> None:
    async with opened(*HARBOURS, hidden=[titled("h9", "The harbour has a new crane")]) as engine:
        assert keys(await found(engine, "harbour crane")) == [article.key for article in HARBOURS]
