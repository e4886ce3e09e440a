"""Engine contract: the filter algebra."""

import pytest

from indexer.article import Image, Provider, Related
from indexer.search.filters import (
    EVERYTHING,
    AllOf,
    Among,
    AnyOf,
    AtLeast,
    Filter,
    HasImage,
    Not,
    NumberField,
    PublishedBefore,
    PublishedFrom,
    TermField,
)
from tests.asking import found
from tests.engine_place import OpenWith
from tests.replacing import replace
from tests.samples import DAY, MOMENT, NOW, full, plain

A = replace(
    plain("a"),
    topics=("AI", "Machine Learning"),
    provider=Provider(domain="daily.example"),
    category="News",
    type="article",
    quality=10,
    heat=0,
    related=(Related(title="x", web_url="https://weekly.example/1"), Related(title="y", web_url="http://b.example/é/")),
)
B = replace(
    plain("b"),
    topics=("C++", "ai"),
    provider=Provider(domain="weekly.example"),
    category="opinion",
    quality=0,
    heat=-7,
    images=(Image(url="/a.png"),),
)
C = plain("c")
TOPIC, PROVIDER, URL = TermField.TOPIC, TermField.PROVIDER, TermField.RELATED_URL


def among(field: TermField, *values: str) -> Filter:
    return Among(field, frozenset(values))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (among(TOPIC, "ai"), "ab"),
        (among(TOPIC, "  MACHINE\tlearning"), "a"),
        (among(TOPIC, "machine"), ""),
        (among(TOPIC, "C"), ""),
        (among(TOPIC, "c++", "machine learning", "nothing"), "ab"),
        (among(TOPIC), ""),
        (among(PROVIDER, "DAILY.example."), "ac"),
        (among(PROVIDER, "example"), ""),
        (among(TermField.CATEGORY, "news"), "a"),
        (among(TermField.TYPE, "Article"), "a"),
        (among(URL, "http://Weekly.example:80/1#top"), "a"),
        (among(URL, "https://b.example/%C3%A9"), "a"),
        (among(URL, "https://weekly.example/"), ""),
        (among(URL, "no URL"), ""),
        (AtLeast(NumberField.QUALITY, 1), "a"),
        (AtLeast(NumberField.QUALITY, 0), "ab"),
        (AtLeast(NumberField.QUALITY, -(2**31)), "ab"),
        (AtLeast(NumberField.HEAT, -7), "ab"),
        (AtLeast(NumberField.HEAT, -6), "a"),
        (AtLeast(NumberField.HEAT, 2**40), ""),
        (HasImage(), "b"),
        (EVERYTHING, "abc"),
        (AnyOf(), ""),
        (AllOf((among(TOPIC, "ai"), HasImage())), "b"),
        (AnyOf((among(TOPIC, "machine learning"), HasImage())), "ab"),
        (Not(among(TOPIC, "ai")), "c"),
        (Not(AnyOf((HasImage(), Not(AtLeast(NumberField.HEAT, 0))))), "a"),
        (AllOf((Not(among(PROVIDER, "weekly.example")), Not(AllOf((HasImage(), EVERYTHING))))), "ac"),
    ],
)
async def test_a_filter_finds_what_it_says(open_with: OpenWith, condition: Filter, expected: str) -> None:
    engine = await open_with(A, B, C)
    assert "".join(await found(engine, condition=condition)) == expected


async def test_a_provider_who_has_images_is_no_image_of_the_article(open_with: OpenWith) -> None:
    engine = await open_with(replace(full("a"), images=()), full("b"))
    assert await found(engine, condition=HasImage()) == ["b"]


async def test_instants_bound_from_inclusive_to_exclusive_to_the_microsecond(open_with: OpenWith) -> None:
    early, late = replace(C, published_date_time=NOW - DAY - MOMENT), replace(plain("d"), published_date_time=NOW)
    engine = await open_with(early, plain("a"), late)
    assert await found(engine, condition=PublishedFrom(NOW - DAY)) == ["d", "a"]
    assert await found(engine, condition=PublishedBefore(NOW - DAY)) == ["c"]
    assert await found(engine, condition=AllOf((PublishedFrom(NOW - DAY), PublishedBefore(NOW)))) == ["a"]


async def test_instants_beyond_every_article_are_fine(open_with: OpenWith) -> None:
    engine = await open_with(C)
    assert await found(engine, condition=PublishedFrom(NOW.replace(year=1))) == ["c"]
    assert await found(engine, condition=PublishedBefore(NOW.replace(year=9999))) == ["c"]


async def test_a_filter_and_a_text_must_both_match(open_with: OpenWith) -> None:
    engine = await open_with(A, B, replace(C, title="AI"))
    assert await found(engine, "harvest", condition=Not(HasImage())) == ["a"]


async def test_the_largest_numbers_can_be_asked_for_and_larger_ones_find_nothing(open_with: OpenWith) -> None:
    most = 2**31 - 1
    engine = await open_with(replace(plain("big"), heat=most), replace(plain("small"), heat=-most), plain("none"))
    assert await found(engine, condition=AtLeast(NumberField.HEAT, most)) == ["big"]
    for value, expected in ((2**31, []), (2**70, []), (-(2**31), ["big", "small"]), (-(2**70), ["big", "small"])):
        assert await found(engine, condition=AtLeast(NumberField.HEAT, value)) == expected
