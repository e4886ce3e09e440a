"""Searches that forgive: typing errors, and words that no article has beside the others."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from indexer.article import Article
from indexer.engines import open_engine, open_writer
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from indexer.query.understanding import Match, Understanding
from indexer.search.engine import SearchEngine
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest, SearchResult
from tests.replacing import replace
from tests.samples import DAY, NOW, plain


def article(key: str, title: str, excerpt: str = "") -> Article:
    return replace(plain(key), title=title, excerpt=excerpt or None)


COMMON = [article(f"c{number}", "Government bonds", "prices of crude oil") for number in range(120)]
CORPUS = [
    *COMMON,
    article("gold", "Gold reserves grow", "the central bank"),
    article("silver", "Silver reserves", "a mine in Bolivia"),
    article("typo", "Goverment scandal"),
    article("apart", "O'Brien paints an X-ray"),
    article("joined", "The lighthouse keeper"),
    replace(article("draft", "Zeppelins fly"), published=False),
    replace(article("later", "Zeppelins land"), published_date_time=NOW + DAY),
]


@pytest.fixture(params=[1, 3], ids=["one segment", "three segments"])
async def engine(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[SearchEngine]:
    parts = 1 if request.param == 1 else 3
    for part in range(parts):
        with open_writer(str(tmp_path)) as writer:
            writer.add(CORPUS[part::parts])
            writer.commit(b"")
    opened = await open_engine(str(tmp_path))
    yield opened
    await opened.close()


async def found(engine: SearchEngine, text: str) -> SearchResult:
    request = SearchRequest(
        now=NOW, text=text, ranking=Ranking.RELEVANCE, forgiving=True, understanding=True, total=True
    )
    [result] = await engine.search([request])
    return result


def keys(result: SearchResult) -> list[str]:
    return [hit.article.key for hit in result.hits]


def understood(result: SearchResult) -> Understanding:
    assert result.understanding
    return result.understanding


def matched(result: SearchResult) -> Sequence[tuple[Match, Sequence[str]]]:
    return [(word.match, word.terms) for word in understood(result).words]


@pytest.mark.parametrize("text", ["resevres", "rezerves", "reseres", "ereserves", "gold resreves"])
async def test_a_misspelt_word_finds_what_was_meant(engine: SearchEngine, text: str) -> None:
    result = await found(engine, text)
    assert "gold" in keys(result)
    assert (Match.FUZZY, ("reserves",)) in matched(result)
    assert understood(result).did_you_mean == ("gold reserves" if "gold" in text else "reserves")


async def test_an_exact_match_comes_before_what_was_probably_meant(engine: SearchEngine) -> None:
    result = await found(engine, "goverment")
    assert keys(result)[0] == "typo"
    assert result.total == 121
    assert matched(result) == [(Match.EXACT, ("goverment",)), (Match.FUZZY, ("government",))]
    assert understood(result).did_you_mean == "government"


@pytest.mark.parametrize("text", ["god", "oli", "gold2", "-resevres", "qold", "reserves"])
async def test_short_words_exclusions_and_words_that_are_there_are_meant_as_typed(
    engine: SearchEngine, text: str
) -> None:
    understanding = (await found(engine, text)).understanding
    assert Match.FUZZY not in {word.match for word in understanding.words} if understanding else text == "-resevres"


@pytest.mark.parametrize(
    ("text", "better"),
    [("qold", "gold"), ("oli prices", "oil prices"), ("god reserves", "gold reserves"), ("god prices", None)],
)
async def test_what_may_not_be_forgiven_is_offered(engine: SearchEngine, text: str, better: str | None) -> None:
    assert understood(await found(engine, text)).did_you_mean == better


async def test_what_a_word_left_out_is_like_ranks_higher(engine: SearchEngine) -> None:
    result = await found(engine, "qine reserves")
    assert keys(result)[0] == "silver"
    assert understood(result).left_out == ("qine",)
    assert result.total == 2


async def test_a_phrase_is_corrected_as_well(engine: SearchEngine) -> None:
    result = await found(engine, '"silver resreves"')
    assert keys(result) == ["silver"]
    assert understood(result).did_you_mean == '"silver reserves"'


async def test_the_case_of_a_first_letter_is_kept_in_the_correction(engine: SearchEngine) -> None:
    assert understood(await found(engine, "Resevres")).did_you_mean == "Reserves"


async def test_where_nothing_matches_all_words_the_rarest_are_kept(engine: SearchEngine) -> None:
    result = await found(engine, "bolivia government gold oil")
    assert understood(result).left_out == ("government", "gold", "oil")
    assert keys(result) == ["silver"]
    assert result.total == len(result.hits) == 1


async def test_exclusions_are_never_given_up(engine: SearchEngine) -> None:
    result = await found(engine, "silver gold -mine")
    assert keys(result) == ["gold"]
    assert understood(result).left_out == ("silver",)


@pytest.mark.parametrize("text", ["zeppelins", "zeppelin bank", "zepelins fly"])
async def test_nobody_learns_of_hidden_articles(engine: SearchEngine, text: str) -> None:
    result = await found(engine, text)
    assert not {"draft", "later"} & {*keys(result)}
    assert understood(result).did_you_mean is None


async def test_words_are_meant_as_typed_unless_the_request_is_forgiving(engine: SearchEngine) -> None:
    for text in ("resevres", "gold bolivia"):
        [result] = await engine.search([SearchRequest(now=NOW, text=text, ranking=Ranking.RELEVANCE)])
        assert not result.hits


async def test_without_words_there_is_nothing_to_understand(engine: SearchEngine) -> None:
    for text in ("", " ", "-gold"):
        assert (await found(engine, text)).understanding is None


async def test_another_form_of_a_word_is_no_correction_of_it(engine: SearchEngine) -> None:
    result = await found(engine, "price")
    assert matched(result) == [(Match.STEM, ("prices",))]
    assert understood(await found(engine, "bonds banks")).left_out == ("bonds",)
    assert {match for match, _ in matched(await found(engine, "bond banks"))} == {Match.STEM}


@pytest.mark.parametrize(("text", "key"), [("obrien", "apart"), ("xray", "apart"), ("xray obrien", "apart")])
async def test_what_is_written_together_is_found_apart(engine: SearchEngine, text: str, key: str) -> None:
    assert keys(await found(engine, text)) == [key]


@pytest.mark.parametrize("text", ["light house", "keeper light house", "light house keeper"])
async def test_what_is_written_apart_is_found_together(engine: SearchEngine, text: str) -> None:
    result = await found(engine, text)
    assert keys(result) == ["joined"]
    assert not understood(result).left_out


async def test_a_correction_leaves_out_what_makes_it_find_nothing(engine: SearchEngine) -> None:
    result = await found(engine, "Gold  resevres government")
    assert understood(result).left_out == ("government",)
    assert understood(result).did_you_mean == "Gold reserves"
    assert keys(await found(engine, "Gold reserves")) == keys(result)


async def test_only_the_first_of_many_unknown_words_are_corrected(engine: SearchEngine) -> None:
    """To correct a text in another language takes long, and finds nothing."""
    unknown = [f"qqqqwwww{letter * 3}" for letter in "abcdefgh"]
    assert keys(await found(engine, " ".join((*unknown[:7], "silverr")))) == ["silver"]
    assert keys(await found(engine, " ".join((*unknown, "silverr")))) == []


OFFERED = [
    *(article(f"door{number}", f"Door number {number}") for number in range(120)),
    article("moor", "Moor walk"),
    article("two", "A lucky number, an odd number"),
    article("harbour", "The old harbour of Bergen", "ferry leaves at night"),
    article("very", "Very green leaves", "it is for us"),
    article("mail", "E mail and us", "the fox and the owl"),
    article("wifi", "Wi-Fi at sea"),
    article("model", "GPT-4 was new in 2024"),
]


async def offered(tmp_path: Path, text: str, synonyms: Synonyms = NO_SYNONYMS) -> SearchResult:
    with open_writer(str(tmp_path)) as writer:
        writer.add(OFFERED)
        writer.commit(b"")
    engine = await open_engine(str(tmp_path), synonyms=synonyms)
    result = await found(engine, text)
    await engine.close()
    return result


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("Wi-Fi lanterns", ("lanterns",)),
        ("lanterns, Wi-Fi!", ("lanterns",)),
        ('"Night Owls" harbour', ('"Night Owls"',)),
        ("\u201cNight Owls\u201d harbour", ("\u201cNight Owls\u201d",)),
        ("harbour Sun-Dials", ("Sun-Dials",)),
        ("harbour Lantern* title:Moor", ("Lantern*", "Moor")),
        ("harbour Ducks OR Geese", ("Ducks OR Geese",)),
        ("harbour  O\u2019Neill.", ("O\u2019Neill",)),
        ("harbour (C++)", ("C++",)),
        ("harbour Artificial Intelligence", ("Artificial Intelligence",)),
        ("harbour Lan\u00adtern", ("Lan\u00adtern",)),
    ],
)
async def test_what_was_given_up_is_told_as_it_was_typed(tmp_path: Path, text: str, left_out: tuple[str, ...]) -> None:
    synonyms = Synonyms.of([["AI", "artificial intelligence"]])
    assert understood(await offered(tmp_path, text, synonyms)).left_out == left_out


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("Door, harbor", "harbour"),
        ('"door" harbor', "harbour"),
        ("(door) harbor!", "harbour"),
        ("door & harbor", "harbour"),
        ('harbor "door number"', "harbour"),
        ("door OR number harbor", "harbour"),
        ("Harbor, Bergen!", "Harbour, Bergen!"),
        ("fery leavs", "ferry leaves"),
        ("wery leavs", "very leaves"),
    ],
)
async def test_a_correction_has_no_punctuation_of_what_it_leaves_out(tmp_path: Path, text: str, better: str) -> None:
    assert understood(await offered(tmp_path, text)).did_you_mean == better


@pytest.mark.parametrize(
    "text",
    ["q", "qe", "鈴", "鈴鈴", "ящ", "фокс", "usa", "email", "fo", "2025", "gpt-5", "gpt5"],
)
async def test_nothing_is_offered_for(tmp_path: Path, text: str) -> None:
    synonyms = Synonyms.of([["usa", "united states"]])
    result = await offered(tmp_path, text, synonyms)
    assert result.understanding is not None
    assert result.understanding.did_you_mean is None


async def test_a_word_that_synonyms_know_is_not_corrected(tmp_path: Path) -> None:
    synonyms = Synonyms.of([["harbor", "haven"], ["fery", "boats"]])
    for text in ("harbor", "fery"):
        result = await offered(tmp_path, text, synonyms)
        assert keys(result) == []
        assert understood(result).did_you_mean is None


@pytest.mark.parametrize(
    ("text", "found_keys"),
    [
        ("moor number", {"moor"}),
        ("number moor", {"moor"}),
        ("moor harbor lantern", {"moor"}),
        ("harbor moor", {"moor"}),
    ],
)
async def test_a_rare_word_as_typed_is_never_given_up_for_a_guess(
    tmp_path: Path, text: str, found_keys: set[str]
) -> None:
    result = await offered(tmp_path, text)
    assert {*keys(result)} >= found_keys
    assert "moor" not in understood(result).left_out


@pytest.mark.parametrize("text", ["2042", "2025", "20244", "gpt-5", "gpt5", "gpt-40", "204"])
async def test_numbers_are_never_taken_for_others(tmp_path: Path, text: str) -> None:
    assert "model" not in keys(await offered(tmp_path, text))
