"""Engine contract: the values of a field among the articles found."""

from dataclasses import replace

from indexer.article import Article
from indexer.filters import Among, TermField
from indexer.search import Facet, FacetRequest, SearchEngine, SearchRequest, Window
from tests.asking import ask
from tests.engine_place import OpenWith, Place, write
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
        TermField.RELATED_URL: [("https://daily.example/bare", 1), ("https://daily.example/quoted", 1)],
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
