"""Engine contract: the values of a field among the articles found."""

from datetime import datetime

import pytest

from indexer.article import Article
from indexer.search.engine import SearchEngine
from indexer.search.facets import Calendar, Facet, FacetOrder, FacetRequest, Spread, SpreadRequest
from indexer.search.filters import EVERYTHING, Among, NumberField, TermField
from indexer.search.ranking import Window
from indexer.search.requests import SearchRequest
from tests.asking import ask
from tests.engine_place import OpenWith, Place, write
from tests.replacing import replace
from tests.samples import NOW, full, plain

TOPIC = FacetRequest(field=TermField.TOPIC)


def about(key: str, *topics: str) -> Article:
    return replace(plain(key), topics=topics)


async def counted(engine: SearchEngine, facet: FacetRequest = TOPIC, *, text: str = "") -> Facet:
    [answer] = (await ask(engine, SearchRequest(now=NOW, text=text, facets=(facet,)))).facets
    assert answer.field is facet.field
    return answer


def values(facet: Facet) -> list[tuple[str, int]]:
    return [(value.value, value.count) for value in facet.values]


async def test_the_value_of_most_articles_comes_first_and_ties_go_by_value(open_with: OpenWith) -> None:
    engine = await open_with(about("a", "Zebra", "AI", "é"), about("b", "Zebra", "C++"), about("c", "Bees"))
    assert values(await counted(engine)) == [("zebra", 2), ("ai", 1), ("bees", 1), ("c++", 1), ("é", 1)]


async def test_spellings_of_one_value_are_counted_together(open_with: OpenWith) -> None:
    engine = await open_with(about("a", "Machine Learning"), about("b", "machine  LEARNING"))
    assert values(await counted(engine)) == [("machine learning", 2)]


async def test_an_article_that_quotes_one_url_twice_counts_once(open_with: OpenWith) -> None:
    quoted = full("a").related[0]
    engine = await open_with(replace(full("a"), related=(quoted, replace(quoted, web_url=f"{quoted.web_url}/#top"))))
    facet = await counted(engine, FacetRequest(field=TermField.RELATED_URL))
    assert values(facet) == [("https://daily.example/quoted", 1)]


async def test_every_field_has_its_values(open_with: OpenWith) -> None:
    engine = await open_with(full("a"), plain("b"))
    expected = {
        TermField.TOPIC: [("ai", 1), ("machine learning", 1), ("東京", 1)],
        TermField.PROVIDER: [("daily.example", 1), ("naïve.example", 1)],
        TermField.CATEGORY: [("news", 1)],
        TermField.TYPE: [("article", 1)],
        TermField.AUTHOR: [("ann lee", 1), ("bo ødegård", 1)],
        TermField.RELATED_URL: [("https://daily.example/bare", 1), ("https://daily.example/quoted", 1)],
        TermField.EXTRA: [
            *(('part={"by":null,"done":true,"of":3.5}', 1), ('series="Owls"', 1), ("series=2", 1)),
            ('series=["Owls",2]', 1),
        ],
    }
    request = SearchRequest(now=NOW, facets=tuple(FacetRequest(field=field) for field in expected))
    facets = (await ask(engine, request)).facets
    assert {facet.field: values(facet) for facet in facets} == expected
    assert [facet.field for facet in facets] == list(expected)


async def test_only_what_is_found_is_counted_whatever_the_window(open_with: OpenWith) -> None:
    engine = await open_with(about("a", "AI"), about("b", "AI", "C++"), replace(about("c", "AI"), title="Other"))
    assert values(await counted(engine, text="harvest")) == [("ai", 2), ("c++", 1)]
    only = Among(TermField.TOPIC, frozenset({"C++"}))
    result = await ask(engine, SearchRequest(now=NOW, filter=only, window=Window(size=0), facets=(TOPIC,)))
    assert values(result.facets[0]) == [("ai", 1), ("c++", 1)]


async def test_values_are_paged_by_their_positions(open_with: OpenWith) -> None:
    engine = await open_with(about("a", "Zebra", "AI"), about("b", "Zebra", "Bees"))
    first = await counted(engine, replace(TOPIC, size=2))
    assert (values(first), first.has_next, first.total) == ([("zebra", 2), ("ai", 1)], True, 3)
    second = await counted(engine, replace(TOPIC, size=2, after=first.values[-1].position))
    assert (values(second), second.has_next, second.total) == ([("bees", 1)], False, 3)
    third = await counted(engine, replace(TOPIC, size=2, after=second.values[-1].position))
    assert (values(third), third.has_next, third.total) == ([], False, 3)


async def test_a_position_outlives_its_value(open_with: OpenWith, place: Place) -> None:
    engine = await open_with(about("a", "AI"), about("b", "Bees"), about("c", "Cars"))
    first = await counted(engine, replace(TOPIC, size=2))
    write(place, without=["b"])
    await engine.refresh()
    rest = await counted(engine, replace(TOPIC, after=first.values[-1].position))
    assert values(rest) == [("cars", 1)]


async def test_a_facet_of_no_values_still_counts_them(open_with: OpenWith) -> None:
    engine = await open_with(about("a", "AI", "Bees"))
    facet = await counted(engine, replace(TOPIC, size=0))
    assert (facet.values, facet.has_next, facet.total) == ((), True, 2)


async def test_nothing_found_has_no_values(open_with: OpenWith) -> None:
    engine = await open_with(about("a", "AI"))
    facet = await counted(engine, text="nothing")
    assert (facet.values, facet.has_next, facet.total) == ((), False, 0)


async def test_the_same_field_can_be_asked_for_twice(open_with: OpenWith) -> None:
    engine = await open_with(about("a", "AI", "Bees"))
    twice = (replace(TOPIC, size=1), TOPIC)
    result = await ask(engine, SearchRequest(now=NOW, facets=twice))
    assert [values(facet) for facet in result.facets] == [[("ai", 1)], [("ai", 1), ("bees", 1)]]


async def test_values_can_be_in_the_order_of_their_names(open_with: OpenWith) -> None:
    engine = await open_with(about("a", "Zebra", "AI"), about("b", "Zebra", "Bees"))
    by_name = replace(TOPIC, order=FacetOrder.NAME, size=2)
    first = await counted(engine, by_name)
    assert (values(first), first.has_next, first.total) == ([("ai", 1), ("bees", 1)], True, 3)
    rest = await counted(engine, replace(by_name, after=first.values[-1].position))
    assert (values(rest), rest.has_next, rest.total) == ([("zebra", 2)], False, 3)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("LEA", ["machine learning"]),
        ("machine le", ["machine learning"]),
        ("élec", ["electric élan", "élection"]),
        ("ELEC", ["electric élan", "élection"]),
        ("electric ela", ["electric élan"]),
        ("e", ["electric élan", "élection"]),
        ("earning", []),
        ("machine learning x", []),
        ("learning machine", []),
        ("c+", ["c++"]),
        ("京", ["東京"]),
        ("  ", ["c++", "electric élan", "machine learning", "élection", "東京"]),
        ("-", []),
    ],
)
async def test_values_are_found_by_how_a_word_of_them_begins(
    open_with: OpenWith, prefix: str, expected: list[str]
) -> None:
    engine = await open_with(about("a", "Machine Learning", "Élection"), about("b", "electric élan", "C++", "東京"))
    facet = await counted(engine, replace(TOPIC, prefix=prefix, order=FacetOrder.NAME))
    assert ([value.value for value in facet.values], facet.total) == (expected, len(expected))


async def test_months_are_those_of_utc_and_empty_ones_are_left_out(open_with: OpenWith) -> None:
    instants = [
        "2020-02-29T23:59:59.999999+00:00",
        "2020-02-29T23:30:00-01:00",
        "2020-03-01T00:30:00+01:00",
        "1969-12-31T23:59:59+00:00",
        "0987-06-05T00:00:00+00:00",
    ]
    engine = await open_with(
        *(replace(plain(f"{n}"), published_date_time=datetime.fromisoformat(at)) for n, at in enumerate(instants))
    )
    months = FacetRequest(field=Calendar.MONTH, order=FacetOrder.NAME)
    assert values(await counted(engine, months)) == [("2020-03", 1), ("2020-02", 2), ("1969-12", 1), ("0987-06", 1)]
    assert values(await counted(engine, replace(months, order=FacetOrder.COUNT, size=2))) == [
        ("2020-02", 2),
        ("0987-06", 1),
    ]


async def test_a_facet_can_look_beyond_the_filter_and_not_beyond_the_text(open_with: OpenWith) -> None:
    engine = await open_with(about("a", "AI"), about("b", "Bees"), replace(about("c", "Cars"), title="Other"))
    only = Among(TermField.TOPIC, frozenset({"AI"}))
    request = SearchRequest(now=NOW, text="harvest", filter=only, total=True)
    result = await ask(engine, replace(request, facets=(TOPIC, replace(TOPIC, filter=EVERYTHING))))
    assert result.total == 1
    assert [values(facet) for facet in result.facets] == [[("ai", 1)], [("ai", 1), ("bees", 1)]]


async def test_numbers_lie_between_the_smallest_and_the_largest(open_with: OpenWith) -> None:
    largest = 2**31 - 1
    engine = await open_with(
        *(replace(plain(f"{heat}"), heat=heat, quality=50 if heat == 3 else None) for heat in (largest, 3, -4)),
        replace(plain("also"), heat=largest),
        plain("none"),
    )
    spreads = tuple(SpreadRequest(field=field) for field in (NumberField.HEAT, NumberField.QUALITY))
    result = await ask(engine, SearchRequest(now=NOW, spreads=spreads))
    assert result.spreads == (
        Spread(minimum=-4, maximum=largest, mean=(2 * largest - 1) / 4, count=4),
        Spread(minimum=50, maximum=50, mean=50.0, count=1),
    )


async def test_numbers_that_no_article_has_have_no_spread(open_with: OpenWith) -> None:
    engine = await open_with(plain("a"), replace(plain("b"), title="Other", heat=1))
    request = SearchRequest(now=NOW, text="harvest", spreads=(SpreadRequest(field=NumberField.HEAT),))
    assert (await ask(engine, request)).spreads == (None,)


async def test_what_nobody_sees_makes_no_other_value(open_with: OpenWith) -> None:
    spellings = ("Bundes\u00adrat", "bundesrat", "Bundesrat\u200d")
    articles = [replace(plain(f"a{number}"), topics=(topic,)) for number, topic in enumerate(spellings)]
    engine = await open_with(*articles)
    request = SearchRequest(
        now=NOW,
        filter=Among(TermField.TOPIC, frozenset({"Bun\u2060desrat"})),
        facets=(FacetRequest(field=TermField.TOPIC),),
    )
    [result] = await engine.search([request])
    assert [(value.value, value.count) for value in result.facets[0].values] == [("bundesrat", 3)]
