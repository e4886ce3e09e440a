"""Engine contract: which articles a typed text finds. The language itself is tested where it is parsed."""

import re

import pytest

from indexer.article import Provider
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest
from tests.asking import ask, found
from tests.engine_place import OpenWith
from tests.replacing import replace
from tests.samples import NOW, plain

RUNNER = replace(
    plain("runner"), title="Runners ran a café in 東京都", excerpt="It was a long, long run through the U.S."
)
CODER = replace(
    plain("coder"),
    title="GPT-4 writes C++",
    excerpt="The wi-fi of .NET: 5G email",
    body="bodyword",
    category="categoryword",
    topics=("Self Driving", "Cars"),
    provider=Provider(domain="weekly.example", name="Café Society"),
)


async def test_a_lead_stands_in_for_an_excerpt_that_is_missing(open_with: OpenWith):
    leading = replace(plain("leading"), lead="Owls hoot at night.", body="Owls hoot at night.\n\nThey nest.")
    both = replace(plain("both"), excerpt="Mice squeak.", lead="Owls hoot.")
    engine = await open_with(leading, both)
    for text in ("owl", "excerpt:hoots", '"hoot at night"', "ni*"):
        assert await found(engine, text) == ["leading"]
    assert await found(engine, "nests") == []
    assert await found(engine, "title:owls") == []
    assert await found(engine, "excerpt:mice") == ["both"]
    [article] = await engine.fetch(["leading"], now=NOW)
    assert article is not None
    assert (article.excerpt, article.summary) == (None, "Owls hoot at night.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run", ["runner"]),
        ("RUNNING", ["runner"]),
        ("cafe", ["runner"]),
        ("CAFÉ", ["runner"]),
        ("run nobody", []),
        ("ran long", ["runner"]),
        ("run OR writes", ["coder", "runner"]),
        ("-run", ["coder"]),
        ("a -writes", ["runner"]),
        ("the", ["coder", "runner"]),
        ("it", ["runner"]),
        ("us", ["runner"]),
        ("U.S.", ["runner"]),
        ("c++", ["coder"]),
        ("C", []),
        ("net", []),
        (".net", ["coder"]),
        ("gpt4", ["coder"]),
        ("gpt 4", ["coder"]),
        ("gpt-5", []),
        ("wi-fi", ["coder"]),
        ("e-mail", ["coder"]),
        ("5g", ["coder"]),
        ("東京", ["runner"]),
        ("京東", []),
        ('"long run"', ["runner"]),
        ('"run long"', []),
        ('"long long running"', ["runner"]),
        ('-"long run"', ["coder"]),
        ("writ*", ["coder"]),
        ("rite*", []),
        ("title:writes", ["coder"]),
        ("excerpt:writes", []),
        ("excerpt:net", []),
        ("topic:car", ["coder"]),
        ('topic:"self driving"', ["coder"]),
        ('topic:"driving cars"', []),
        ("cars", []),
        ("provider:society", ["coder"]),
        ("provider:weekly", ["coder"]),
        ("provider:nobody", []),
        ("bodyword OR categoryword", []),
        ("nobody OR -writes", ["runner"]),
        ("?!", []),
        ("", ["coder", "runner"]),
        ("\u200b", ["coder", "runner"]),
    ],
)
async def test_a_text_finds_what_a_person_expects(open_with: OpenWith, text: str, expected: list[str]) -> None:
    engine = await open_with(RUNNER, CODER)
    assert await found(engine, text) == expected


@pytest.mark.parametrize(
    ("title", "finding", "others"),
    [
        ("35 dead", "35", "3.5 3,5 3-5"),
        ("Call 911", "911", "9/11 9.11 9-11"),
        ("21 hurt", "21", "2-1 2:1 1-2"),
        ("It cost $15bn", "15bn $15bn 15-bn", "$1.5bn 1.5bn"),
        ("It cost $1.5bn", "$1.5bn 1.5bn 1.5-bn", "$15bn 5.1bn"),
        ("1230 people", "1230 1,230", "12:30 12.30"),
        ("1,250 people", "1250 1,250 1'250 1\u2019250 1\u00a0250 1\u202f250 125*", "1.250 1 250 125 12,50"),
        ("1\u00a0250 personnes", "1250 1,250", "1 250"),
        ("1250000 people", "1,250,000 1'250'000", "1,250 1250"),
        ("Version 3.500, 2,5 km", '3.500 "3 500" 2,5', "3500 25"),
        ("The 1990's, and GPT-4's rise", "1990s 1990's 1990 GPT-4 GPT4 gpt4's", "199"),
        ("GPT-4o", "gpt4o GPT-4o gpt-4-o GPT4-o gpt-4*", "gpt4 gpt-5o 4"),
        ("Fi beats wi", "wi fi fi-beats*", "wi-fi wi-fi* wifi*"),
        ("Wifi at last", "wi-fi wi-fi* wi-f* WiFi*", "fi wi"),
        ("The wi-fi6 box", "wi-fi* wi-fi-6 wi*", "wi-fi wifi"),
        ("京東", "京東 京東* 京", "東京 東京*"),
        ("Bundes\u00adver\u00adfassung", "Bundesverfassung bundesver* Bundes\u2060verfassung", "Bundes verfassung"),
        ("Bundesverfassung", "Bundes\u00adver\u00adfassung \ufeffbundesverfassung", "fassung"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc",
        ),
        ("new\u200bword", "new word", "newword"),
        ("5\ufe0f\u20e3 things", "5 5\ufe0f\u20e3", "51"),
        ("\u0645\u0640\u0640\u0631\u062d\u0628\u0627", "\u0645\u0631\u062d\u0628\u0627", "\u0645"),
        (
            "\u043f\u02bc\u044f\u0442\u044c",
            "\u043f'\u044f\u0442\u044c \u043f\u2019\u044f\u0442\u044c",
            "\u043f\u044f\u0442\u044c",
        ),
        ("Hawai\u02bbi", "Hawai'i Hawai\u02bci", "Hawa"),
        ("\u0662\u0660\u0662\u0664 and \u0e51\u0e52\u0e53", "2024 123 \u0e51\u0e52*", "202"),
        ("\uff76\uff9e\uff72\uff84\uff9e", "\u30ac\u30a4\u30c9", "\u30ab"),
        (
            "Flags \U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7",
            "\U0001f1eb\U0001f1f7 \U0001f1e9\U0001f1ea",
            "\U0001f1ea\U0001f1eb # && ... ?",
        ),
    ],
)
async def test_numbers_and_unusual_letters_find_the_same_things_and_no_others(
    open_with: OpenWith, title: str, finding: str, others: str
) -> None:
    engine = await open_with(replace(plain("a"), title=title, excerpt="Nothing else."))
    wrong = [text for text in others.split(" ") if await found(engine, text)]
    missed = [text for text in re.split(r' (?=[^"]*(?:"[^"]*"[^"]*)*$)', finding) if not await found(engine, text)]
    assert (wrong, missed) == ([], [])


async def test_an_exclusion_excludes_no_more_than_what_was_typed(open_with: OpenWith) -> None:
    titles = {"a": "Game fi", "b": "Game of wi-fi", "c": "Game wifi", "d": "Game call 911", "e": "Game 9/11"}
    engine = await open_with(*(replace(plain(key), title=title) for key, title in titles.items()))
    assert sorted(await found(engine, "game -wi-fi*")) == ["a", "d", "e"]
    assert sorted(await found(engine, "game -9/11")) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("text", ["2024", "GPT-4", "gpt4", "2-1", "20 24", "covid19"])
async def test_numbers_are_never_taken_for_misspelt(open_with: OpenWith, text: str) -> None:
    titles = ["2042", "20245", "GPT-5", "gpt5", "GPT-45", "2-11", "covid18", "covid-18"]
    engine = await open_with(*(replace(plain(f"a{n}"), title=title) for n, title in enumerate(titles)))
    result = await ask(engine, SearchRequest(now=NOW, text=text, ranking=Ranking.NEWEST, forgiving=True))
    assert not result.hits
