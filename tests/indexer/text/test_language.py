"""An index in another language than English: its words are found in the forms of that language."""

from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path

import pytest

from indexer import engines
from indexer.article import Article
from indexer.query.highlight import Highlighter
from indexer.query.tree import TextField
from indexer.search.engine import SearchEngine
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest
from indexer.search.suggestions import SuggestRequest
from indexer.text.language import Language
from tests.asking import ask, found, keys
from tests.replacing import replace
from tests.samples import NOW, plain

Open = Callable[[str, tuple[Article, ...]], Coroutine[None, None, SearchEngine]]

GERMAN = (
    replace(plain("haus"), title="Das Haus an der Straße", excerpt="Ein Kind lief über die Brücke"),
    replace(plain("haeuser"), title="Neue Häuser für Kinder", excerpt="Die Regierung förderte den Bau der Straßen"),
    replace(plain("wahl"), title="Die Wahlen in Österreich", excerpt="Größere Städte wählten anders"),
)
FRENCH = (
    replace(plain("cheval"), title="Le cheval de l\u2019été", excerpt="Elle parlait à la foule"),
    replace(plain("chevaux"), title="Des chevaux nationaux", excerpt="Les écoles et le gouvernement"),
    replace(plain("elections"), title="Élections à Nîmes", excerpt="Les électeurs parleront de l'école nationale"),
)


@pytest.fixture
async def open_in(tmp_path: Path) -> AsyncIterator[Open]:
    """Opens an engine on articles that were indexed in a language."""
    opened: list[SearchEngine] = []

    async def open_in(language: Language, articles: tuple[Article, ...]) -> SearchEngine:
        url = str(tmp_path / f"index-{len(opened)}")
        with engines.open_writer(url, language=language) as writer:
            writer.add(articles)
            writer.commit(b"")
        opened.append(await engines.open_engine(url))
        return opened[-1]

    yield open_in
    for engine in opened:
        await engine.close()


@pytest.mark.parametrize(
    ("language", "articles", "text", "expected"),
    [
        (Language.GERMAN, GERMAN, "Häusern", {"haus", "haeuser"}),
        (Language.GERMAN, GERMAN, "kindern", {"haus", "haeuser"}),
        (Language.GERMAN, GERMAN, "Regierungen", {"haeuser"}),
        (Language.GERMAN, GERMAN, "wahl", {"wahl"}),
        (Language.GERMAN, GERMAN, "große stadt", {"wahl"}),
        (Language.GERMAN, GERMAN, "grössere städten", {"wahl"}),
        (Language.GERMAN, GERMAN, '"neue haus"', {"haeuser"}),
        (Language.GERMAN, GERMAN, "kind -neu", {"haus"}),
        (Language.FRENCH, FRENCH, "cheval", {"cheval", "chevaux"}),
        (Language.FRENCH, FRENCH, "CHEVAUX", {"cheval", "chevaux"}),
        (Language.FRENCH, FRENCH, "parler", {"cheval", "elections"}),
        (Language.FRENCH, FRENCH, "national", {"chevaux", "elections"}),
        (Language.FRENCH, FRENCH, "école", {"chevaux", "elections"}),
        (Language.FRENCH, FRENCH, "gouvernements", {"chevaux"}),
        (Language.FRENCH, FRENCH, '"cheval national"', {"chevaux"}),
        (Language.FRENCH, FRENCH, "été", {"cheval"}),
    ],
)
async def test_other_forms_of_a_word_are_found(
    open_in: Open, language: Language, articles: tuple[Article, ...], text: str, expected: set[str]
) -> None:
    assert set(await found(await open_in(language, articles), text)) == expected


@pytest.mark.parametrize(
    ("language", "articles", "spellings", "expected"),
    [
        (Language.GERMAN, GERMAN, ("Straße", "strasse", "STRASSE", "Straßen"), {"haus", "haeuser"}),
        (Language.GERMAN, GERMAN, ("Österreich", "osterreich", "O\u0308STERREICH"), {"wahl"}),
        (Language.GERMAN, GERMAN, ("Brücke", "brucke", "Brücken"), {"haus"}),
        (Language.FRENCH, FRENCH, ("élection", "Elections", "ÉLECTION", "e\u0301lections"), {"elections"}),
        (Language.FRENCH, FRENCH, ("Nîmes", "nimes"), {"elections"}),
    ],
)
async def test_accents_do_not_matter(
    open_in: Open, language: Language, articles: tuple[Article, ...], spellings: tuple[str, ...], expected: set[str]
) -> None:
    engine = await open_in(language, articles)
    assert [set(await found(engine, spelling)) for spelling in spellings] == [expected] * len(spellings)


@pytest.mark.parametrize(
    ("language", "articles", "text", "expected"),
    [
        (Language.GERMAN, GERMAN, "haus", ["haus", "haeuser"]),
        (Language.GERMAN, GERMAN, "häuser", ["haeuser", "haus"]),
        (Language.FRENCH, FRENCH, "cheval", ["cheval", "chevaux"]),
        (Language.FRENCH, FRENCH, "chevaux", ["chevaux", "cheval"]),
    ],
)
async def test_the_form_that_was_typed_ranks_first(
    open_in: Open, language: Language, articles: tuple[Article, ...], text: str, expected: list[str]
) -> None:
    assert await found(await open_in(language, articles), text, ranking=Ranking.RELEVANCE) == expected


@pytest.mark.parametrize(
    ("articles", "text", "expected"), [(GERMAN, "häuser", "haeuser"), (FRENCH, "cheval", "cheval")]
)
async def test_in_an_english_index_such_forms_are_other_words(
    open_in: Open, articles: tuple[Article, ...], text: str, expected: str
) -> None:
    assert await found(await open_in("english", articles), text) == [expected]


async def test_another_language_makes_the_index_anew(tmp_path: Path) -> None:
    url = str(tmp_path / "index")
    for language, articles in ((Language.ENGLISH, FRENCH), (Language.GERMAN, GERMAN)):
        with engines.open_writer(url, language=language) as writer:
            writer.add(articles)
            writer.commit(b"")
    engine = await engines.open_engine(url)
    assert set(await found(engine, "haus")) == {"haus", "haeuser"}
    assert await found(engine, "cheval") == []
    await engine.close()


POINTS = (
    replace(plain("big"), title="1.250 Menschen", excerpt="und 3.000.000 Euro, also 1.250,50 im Mittel"),
    replace(plain("small"), title="1,250 Meter", excerpt="um 12.30 Uhr"),
    replace(plain("date"), title="Am 1.2.2024 und 12.250.24", excerpt="3.5 von 0.250"),
)


@pytest.mark.parametrize("language", [Language.GERMAN, Language.SPANISH, Language.ITALIAN, Language.TURKISH])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1250", {"big", "small"}),
        ("1.250", {"big", "small"}),
        ("1,250", {"big", "small"}),
        ('"1.250 Menschen"', {"big"}),
        ("3000000", {"big"}),
        ("3.000.000", {"big"}),
        ("122024", set()),
        ("35", set()),
        ("0250", set()),
        ("3.5", {"date"}),
        ("1.2.2024", {"date"}),
    ],
)
async def test_points_part_thousands_where_the_language_writes_them_so(
    open_in: Open, language: Language, text: str, expected: set[str]
) -> None:
    engine = await open_in(language, POINTS)
    assert {*await found(engine, text)} == expected


async def test_points_are_no_thousands_elsewhere(open_in: Open) -> None:
    engine = await open_in(Language.ENGLISH, POINTS)
    assert {*await found(engine, "1250")} == {"small"}
    assert {*await found(engine, "1.250")} == {"big"}


async def test_numbers_with_points_are_marked_and_completed_as_one(open_in: Open) -> None:
    engine = await open_in(Language.GERMAN, POINTS)
    request = SearchRequest(now=NOW, text="1250", understanding=True, ranking=Ranking.RELEVANCE)
    [result] = await engine.search([request])
    assert result.understanding
    marked = Highlighter(result.understanding).mark("1.250 Menschen", TextField.TITLE)
    assert marked
    assert marked.html("b") == "<b>1.250</b> Menschen"
    for prefix in ("1.250 me", "1250 me", "1.250"):
        suggestions = await engine.suggest(SuggestRequest(now=NOW, prefix=prefix))
        assert "1.250 Menschen" in {suggestion.text for suggestion in suggestions}, prefix
    for prefix in ("1", "1.", "1.2", "1.25", "1.250", "1.250 m"):
        typed = SearchRequest(now=NOW, text=prefix, typing=True, ranking=Ranking.RELEVANCE)
        assert "big" in keys(await ask(engine, typed)), prefix
