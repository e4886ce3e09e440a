"""Engine contract: what is offered while a person types."""

from datetime import datetime

import pytest

from indexer.article import Provider
from indexer.errors import RequestError
from indexer.search.engine import SearchEngine
from indexer.search.filters import EVERYTHING, AllOf, Among, Filter, TermField
from indexer.search.suggestions import Suggestion, SuggestionKind, SuggestRequest
from tests.engine_place import OpenWith, Place, write
from tests.replacing import replace
from tests.samples import DAY, MOMENT, NOW, plain
from tests.titled import titled


async def suggested(engine: SearchEngine, prefix: str, *, size: int = 8, now: datetime = NOW) -> list[Suggestion]:
    return list(await engine.suggest(SuggestRequest(now=now, prefix=prefix, size=size)))


async def texts(engine: SearchEngine, prefix: str, *, size: int = 8, now: datetime = NOW) -> list[str]:
    return [suggestion.text for suggestion in await suggested(engine, prefix, size=size, now=now)]


async def test_a_title_is_completed_with_its_article_count_and_ranges(open_with: OpenWith) -> None:
    article = titled("a", "Robots learn to cook")
    engine = await open_with(article)
    assert await suggested(engine, "robots le") == [
        Suggestion(kind=SuggestionKind.TITLE, text=article.title, ranges=((0, 6), (7, 9)), count=1, article=article)
    ]


async def test_earlier_words_are_whole_and_the_last_one_is_a_beginning(open_with: OpenWith) -> None:
    engine = await open_with(titled("a", "Robots learn to cook"))
    assert await texts(engine, "rob le") == []
    assert await texts(engine, "cook ro") == ["Robots learn to cook"]
    assert await texts(engine, "cook ") == ["Robots learn to cook"]
    assert await texts(engine, "coo ") == []


@pytest.mark.parametrize(
    ("prefix", "marked"),
    [
        ("1,2", "1,2"),
        ("1,25", "1,25"),
        ("1,25,", "1,25"),
        ("1'2", "1,2"),
        ("1,", "1"),
        ("1,250", "1,250"),
        ("12", "1,2"),
    ],
)
async def test_a_number_is_completed_with_its_thousands_apart(open_with: OpenWith, prefix: str, marked: str) -> None:
    engine = await open_with(titled("a", "1,250 owls"), titled("b", "13 owls"))
    [suggestion] = [each for each in await suggested(engine, prefix) if each.text == "1,250 owls"]
    assert [suggestion.text[start:end] for start, end in suggestion.ranges] == [marked]


async def test_numbers_that_are_apart_are_still_completed(open_with: OpenWith) -> None:
    engine = await open_with(titled("a", "1,250 owls"), titled("b", "Part 1,23 of 4"), titled("c", "2 in 1"))
    assert await texts(engine, "1,2") == ["1,250 owls", "2 in 1", "Part 1,23 of 4"]
    assert await texts(engine, "1,2", size=1) == ["1,250 owls"]
    assert await texts(engine, "1,2 ") == ["2 in 1"]


async def test_case_and_accents_do_not_count(open_with: OpenWith) -> None:
    engine = await open_with(titled("a", "Élan im Café"))
    for prefix in ("elan", "ÉLAN IM CAF", "cafe", "E\u0301LA"):
        assert await texts(engine, prefix) == ["Élan im Café"]


async def test_what_begins_with_the_text_goes_before_what_has_it_elsewhere(open_with: OpenWith) -> None:
    engine = await open_with(titled("a", "Old robots", days=1), titled("b", "Robots of old", days=300))
    assert await texts(engine, "rob", size=2) == ["Robots of old", "Old robots"]


async def test_popular_and_recent_titles_come_first(open_with: OpenWith) -> None:
    many = [titled(f"many/{number}", "Robots everywhere", days=100) for number in range(20)]
    engine = await open_with(
        *many, titled("old", "Robots of yesterday", days=99), titled("new", "Robots of today", days=1)
    )
    assert (await texts(engine, "robots", size=3))[:3] == [
        "Robots everywhere",
        "Robots of today",
        "Robots of yesterday",
    ]


@pytest.mark.parametrize(("age", "first"), [(15, "Robots twice"), (62, "Robots once")])
async def test_twice_as_many_articles_weigh_as_much_as_a_month(open_with: OpenWith, age: int, first: str) -> None:
    twice = [titled(key, "Robots twice", days=1 + age) for key in "ab"]
    engine = await open_with(*twice, titled("c", "Robots once", days=1))
    assert (await texts(engine, "robots ", size=2))[0] == first


async def test_titles_with_the_same_words_are_one_with_the_newest_article(open_with: OpenWith) -> None:
    same = [
        titled("a", "Hello, world", days=3),
        titled("b", "HELLO WORLD!", days=2),
        titled("c", "Hello world", days=4),
    ]
    engine = await open_with(*same)
    [suggestion] = await suggested(engine, "hello w")
    assert (suggestion.text, suggestion.count, suggestion.article) == ("HELLO WORLD!", 3, same[1])


async def test_of_articles_of_the_same_time_the_first_by_key_lends_its_title(open_with: OpenWith, place: Place) -> None:
    engine = await open_with(titled("b", "Hello world"))
    write(place, [titled("a", "Hello, World")])
    await engine.refresh()
    assert await texts(engine, "hello w") == ["Hello, World"]


async def test_a_topic_is_spelled_as_its_newest_article_has_it(open_with: OpenWith) -> None:
    engine = await open_with(
        titled("a", "One", days=3, topics=["machine  learning"]),
        titled("b", "Two", days=2, topics=["Machine Learning"]),
    )
    assert await suggested(engine, "mach") == [
        Suggestion(kind=SuggestionKind.TOPIC, text="Machine Learning", ranges=((0, 4),), count=2)
    ]
    assert await texts(engine, "learn") == ["Machine Learning"]


async def test_a_provider_is_found_by_name_and_by_domain(open_with: OpenWith) -> None:
    provider = Provider(domain="cnet.com", name="The Café")
    engine = await open_with(replace(plain("a"), provider=provider), replace(plain("b"), provider=provider))
    for prefix, text, ranges in (("cafe", "The Café", ((4, 8),)), ("cnet.c", "cnet.com", ((0, 4), (5, 6)))):
        expected = Suggestion(kind=SuggestionKind.PROVIDER, text=text, ranges=ranges, count=2)
        assert await suggested(engine, prefix) == [expected]


async def test_a_provider_has_the_name_of_its_newest_article(open_with: OpenWith) -> None:
    old, new = Provider(domain="d.example", name="Before"), Provider(domain="d.example", name="After")
    engine = await open_with(
        replace(titled("a", "One", days=2), provider=old), replace(titled("b", "Two"), provider=new)
    )
    assert await texts(engine, "bef") == []
    [suggestion] = await suggested(engine, "aft")
    assert (suggestion.text, suggestion.count) == ("After", 2)


async def test_frequent_words_are_completed_once_for_all_their_forms(open_with: OpenWith) -> None:
    articles = [
        replace(titled(key, f"Title {key}"), excerpt=f"the {word}")
        for key, word in zip("abcd", ("harvest", "harvest", "harvests", "harvests"), strict=True)
    ]
    engine = await open_with(*articles, replace(titled("e", "E"), excerpt="hardly"))
    assert await suggested(engine, "har") == [
        Suggestion(kind=SuggestionKind.WORD, text="harvest", ranges=((0, 3),), count=4)
    ]
    assert await texts(engine, "h") == []  # too short for words
    assert await texts(engine, "the har") == []


async def test_names_come_first_then_titles_then_words(open_with: OpenWith) -> None:
    robots = [titled(f"{number}", f"Robots {number}", topics=["Robotics", "Old robots"]) for number in range(9)]
    engine = await open_with(*robots)
    kinds = [(suggestion.kind, suggestion.text) for suggestion in await suggested(engine, "robo")]
    assert kinds[0] == (SuggestionKind.TOPIC, "Robotics")
    assert [kind for kind, _ in kinds[1:]] == [SuggestionKind.TITLE] * 6 + [SuggestionKind.WORD]
    assert (SuggestionKind.TOPIC, "Old robots") in [
        (suggestion.kind, suggestion.text) for suggestion in await suggested(engine, "robo", size=20)
    ]


async def test_nothing_typed_suggests_nothing(open_with: OpenWith) -> None:
    engine = await open_with(plain("a"))
    for prefix in ("", "  ", "?", "\ud800", "\x00"):
        assert await texts(engine, prefix) == []


async def test_an_empty_index_suggests_nothing(open_with: OpenWith) -> None:
    engine = await open_with()
    assert await texts(engine, "a") == []
    assert await texts(engine, "harvets be") == []


async def test_no_more_is_suggested_than_was_asked_for(open_with: OpenWith) -> None:
    engine = await open_with(*(titled(f"{number}", f"Robots {number}") for number in range(30)))
    assert [len(await texts(engine, "rob", size=size)) for size in (0, 1, 8, 20)] == [0, 1, 8, 20]
    with pytest.raises(RequestError):
        await suggested(engine, "rob", size=-1)


@pytest.mark.parametrize("prefix", ["geheim", "secre", "Lor", "hid"])
async def test_what_is_hidden_is_not_suggested_before_its_time(open_with: OpenWith, prefix: str) -> None:
    hidden = replace(
        titled("hidden", "Geheim secret", topics=["Lore"]),
        provider=Provider(domain="hidden.example"),
        excerpt="secretly",
        published_date_time=NOW + DAY,
    )
    engine = await open_with(
        plain("a"),
        hidden,
        replace(hidden, key="draft", published=False),
        replace(hidden, key="draft2", published=False),
    )
    assert await texts(engine, prefix) == []
    assert await texts(engine, prefix, now=NOW + DAY - MOMENT) == []
    assert [one.count for one in await suggested(engine, prefix, now=NOW + DAY)] == [1]


async def test_hidden_articles_lend_neither_counts_nor_spellings(open_with: OpenWith) -> None:
    seen = titled("a", "Robots", topics=["Machine Learning"])
    loud = titled("b", "ROBOTS", topics=["MACHINE LEARNING"], days=-1)
    engine = await open_with(seen, loud, replace(loud, key="c", published=False, published_date_time=NOW))
    found = await suggested(engine, "rob") + await suggested(engine, "mach")
    assert [(one.text, one.count) for one in found] == [("Robots", 1), ("Machine Learning", 1)]


async def test_words_of_hidden_articles_are_neither_right_nor_meant(open_with: OpenWith) -> None:
    hidden = titled("b", "Robtos lexicon", days=-1)
    engine = await open_with(titled("a", "Robots learn"), hidden, replace(hidden, key="c", published=False))
    assert await texts(engine, "robtos le") == ["Robots learn"]
    assert await texts(engine, "lexocon") == []


async def test_suggestions_follow_what_is_indexed(open_with: OpenWith, place: Place) -> None:
    engine = await open_with(titled("a", "Robots"), titled("b", "Rockets"))
    write(place, [titled("c", "Robots"), titled("b", "Roses")], without=["a"])
    await engine.refresh()
    assert sorted(await texts(engine, "ro")) == ["Robots", "Roses"]
    assert [one.count for one in await suggested(engine, "rob")] == [1]


@pytest.mark.parametrize("prefix", ["robtos le", "robots laern", "robots lern", "robots leern", "robtos"])
async def test_typing_errors_are_tolerated(open_with: OpenWith, prefix: str) -> None:
    engine = await open_with(titled("a", "Robots learn to cook"))
    assert "Robots learn to cook" in await texts(engine, prefix)


async def test_what_was_meant_is_marked(open_with: OpenWith) -> None:
    engine = await open_with(titled("a", "Robots learn to cook"))
    [suggestion] = await suggested(engine, "robtos le")
    assert suggestion.ranges == ((0, 6), (7, 9))


@pytest.mark.parametrize("prefix", ["rbo", "tobots", "gtp4", "gpt5", "roboooots"])
async def test_short_words_first_letters_and_numbers_are_taken_as_typed(open_with: OpenWith, prefix: str) -> None:
    engine = await open_with(titled("a", "Robots learn to cook"), titled("b", "GPT4"))
    assert await texts(engine, prefix) == []


async def test_from_eight_letters_on_the_first_may_be_wrong_and_two_errors_are_tolerated(open_with: OpenWith) -> None:
    engine = await open_with(titled("a", "Parliament votes"))
    assert await texts(engine, "barliament") == ["Parliament votes"]
    assert await texts(engine, "parlaimnet") == ["Parliament votes"]


async def test_where_few_fit_exactly_they_come_before_others(open_with: OpenWith) -> None:
    engine = await open_with(titled("a", "Planes land", days=90), titled("b", "Planets"), titled("c", "Pets"))
    assert await texts(engine, "planes") == ["Planes land", "Planets"]
    assert await texts(engine, "planes la") == ["Planes land"]


async def test_where_enough_fit_exactly_no_typing_errors_are_tolerated(open_with: OpenWith) -> None:
    planes = [titled(f"{number}", f"Planes land on runway {number}") for number in range(3)]
    engine = await open_with(*planes, titled("b", "Planets"))
    assert "Planets" not in await texts(engine, "planes")
    assert "Planets" in await texts(engine, "plants")


async def test_only_articles_that_match_a_filter_count(open_with: OpenWith) -> None:
    weekly = replace(titled("c", "Robots vote", days=3), provider=Provider(domain="roboweekly.example"))
    engine = await open_with(
        titled("a", "Robots learn", topics=["Robotics", "AI"]),
        titled("b", "Robots dance", days=2, topics=["Dance"]),
        titled("b2", "Robots dance", days=4, topics=["AI"]),
        weekly,
    )

    async def within(condition: Filter, prefix: str = "rob") -> list[tuple[str, int]]:
        found = await engine.suggest(SuggestRequest(now=NOW, prefix=prefix, filter=condition))
        return [(suggestion.text, suggestion.count) for suggestion in found]

    ai, nobody = Among(TermField.TOPIC, frozenset({"ai"})), Among(TermField.TOPIC, frozenset({"nobody"}))
    by_weekly = Among(TermField.PROVIDER, frozenset({"roboweekly.example"}))
    assert await within(ai) == [("Robotics", 1), ("Robots learn", 1), ("Robots dance", 1), ("robots", 2)]
    assert await within(by_weekly) == [("roboweekly.example", 1), ("Robots vote", 1)]
    assert await within(AllOf((ai, by_weekly))) == []
    assert await within(nobody) == []
    assert {text for text, _ in await within(by_weekly, "robtos vo")} == {"Robots vote"}
    assert ("Robots dance", 2) in await within(EVERYTHING)
