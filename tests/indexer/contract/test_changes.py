"""Engine contract: the articles that entered, changed in or left a search from one snapshot to another."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import SearchIndexError
from indexer.search.changes import Change, ChangeKind, Snapshot
from indexer.search.engine import SearchEngine
from indexer.search.filters import Among, TermField
from indexer.search.ranking import Window
from indexer.search.requests import SearchRequest
from tests import strategies
from tests.engine_place import OpenWith, Place, PlainPlace, write
from tests.plain_changes import plain_changes
from tests.replacing import replace
from tests.samples import DAY, MOMENT, NOW, plain

EVERYTHING = SearchRequest(now=NOW)
ENTERED, CHANGED, LEFT = ChangeKind


def titled(key: str, title: str) -> Article:
    return replace(plain(key), title=title)


async def changes(
    engine: SearchEngine, since: Snapshot, until: Snapshot, request: SearchRequest = EVERYTHING
) -> list[tuple[ChangeKind, str]]:
    """The changes of a search, each of which has an article unless that left."""
    rows = await engine.changes([request], since=since, until=until)
    assert rows is not None
    assert all((change.article is None) is (change.kind is LEFT) for change in rows[0])
    return [(change.kind, change.key) for change in rows[0]]


async def after(place: Place, engine: SearchEngine, *articles: Article, without: Sequence[str] = ()) -> Snapshot:
    """The snapshot after another build."""
    write(place, articles, without=without)
    await engine.refresh()
    return engine.snapshot(NOW)


async def test_articles_enter_change_and_leave(place: Place, open_with: OpenWith) -> None:
    engine = await open_with(*map(plain, "abc"))
    engine.keep(1)
    since = engine.snapshot(NOW)
    until = await after(place, engine, titled("b", "Another"), plain("d"), without=["c"])
    assert await changes(engine, since, until) == [(CHANGED, "b"), (LEFT, "c"), (ENTERED, "d")]
    assert await changes(engine, until, since) == [(CHANGED, "b"), (ENTERED, "c"), (LEFT, "d")]
    assert await changes(engine, until, until) == []


async def test_a_search_is_entered_and_left_by_edits(place: Place, open_with: OpenWith) -> None:
    engine = await open_with(titled("a", "Pears"), titled("b", "Apples"), titled("c", "Pears and plums"))
    engine.keep(1)
    since = engine.snapshot(NOW)
    until = await after(place, engine, titled("a", "Plums"), titled("b", "Pears"), titled("c", "Pears"), plain("d"))
    pears = replace(EVERYTHING, text="pear")
    assert await changes(engine, since, until, pears) == [(LEFT, "a"), (ENTERED, "b"), (CHANGED, "c")]


async def test_scheduled_articles_enter_when_their_time_comes(place: Place, open_with: OpenWith) -> None:
    later = replace(plain("later"), published_date_time=NOW + DAY)
    engine = await open_with(plain("a"), later)
    since = engine.snapshot(NOW)
    assert await changes(engine, since, replace(since, now=NOW + DAY - MOMENT)) == []
    assert await changes(engine, since, replace(since, now=NOW + DAY)) == [(ENTERED, "later")]
    engine.keep(1)
    until = await after(place, engine, replace(later, published_date_time=NOW))
    assert await changes(engine, since, until) == [(ENTERED, "later")]


async def test_an_article_that_becomes_a_draft_or_is_put_off_leaves(place: Place, open_with: OpenWith) -> None:
    engine = await open_with(*map(plain, "abc"))
    engine.keep(1)
    since = engine.snapshot(NOW)
    draft, later = replace(plain("a"), published=False), replace(plain("b"), published_date_time=NOW + DAY)
    until = await after(place, engine, draft, later)
    assert await changes(engine, since, until) == [(LEFT, "a"), (LEFT, "b")]


async def test_what_is_hidden_comes_changes_and_goes_unseen(place: Place, open_with: OpenWith) -> None:
    later = replace(plain("later"), published_date_time=NOW + DAY)
    engine = await open_with(plain("a"), later, replace(later, key="gone", web_url="https://daily.example/gone"))
    engine.keep(2)
    since = engine.snapshot(NOW)
    draft = replace(plain("draft"), published=False)
    until = await after(place, engine, draft, replace(later, title="Secret"), without=["gone"])
    assert await changes(engine, since, until) == []
    until = await after(place, engine, replace(draft, title="Secret"), replace(later, published=False))
    assert await changes(engine, since, until) == []


async def test_an_article_that_is_written_again_as_it_was_has_not_changed(place: Place, open_with: OpenWith) -> None:
    engine = await open_with(*map(plain, "abc"))
    engine.keep(1)
    since = engine.snapshot(NOW)
    until = await after(place, engine, plain("a"), titled("b", "Another"))
    assert await changes(engine, since, until) == [(CHANGED, "b")]


async def test_a_merge_changes_nothing(place: Place, open_with: OpenWith) -> None:
    engine = await open_with(plain("a"))
    engine.keep(40)
    since = engine.snapshot(NOW)
    for number in range(30):
        until = await after(place, engine, plain(f"{number}"))
    assert {kind for kind, _ in await changes(engine, since, until)} == {ENTERED}
    assert len(await changes(engine, since, until)) == 30


async def test_generations_in_between_do_not_matter(place: Place, open_with: OpenWith) -> None:
    engine = await open_with(*map(plain, "ab"))
    engine.keep(3)
    since = engine.snapshot(NOW)
    await after(place, engine, plain("c"), without=["a", "b"])
    until = await after(place, engine, plain("a"), titled("b", "Another"), without=["c"])
    assert await changes(engine, since, until) == [(CHANGED, "b")]


async def test_a_generation_that_is_not_kept_cannot_be_compared(place: Place, open_with: OpenWith) -> None:
    engine = await open_with(plain("a"))
    since = engine.snapshot(NOW)
    until = await after(place, engine, plain("b"))
    assert await engine.changes([EVERYTHING], since=since, until=until) is None
    assert await changes(engine, until, until) == []
    other_build = replace(until, built_at=until.built_at + timedelta(seconds=1))
    assert await engine.changes([EVERYTHING], since=other_build, until=until) is None
    engine.keep(1)
    last = await after(place, engine, plain("c"))
    assert await changes(engine, until, last) == [(ENTERED, "c")]
    engine.keep(0)
    assert await engine.changes([EVERYTHING], since=until, until=last) is None


async def test_words_are_meant_as_they_are_typed(place: Place, open_with: OpenWith) -> None:
    """A saved search is neither corrected nor relaxed: it would change its meaning with each build."""
    engine = await open_with(titled("a", "Facial recognition"))
    engine.keep(1)
    since = engine.snapshot(NOW)
    until = await after(place, engine, titled("b", "Recognition"), titled("c", "Facial recognition"))
    forgiving = replace(EVERYTHING, forgiving=True)
    assert await changes(engine, since, until, replace(forgiving, text="facial recognition")) == [(ENTERED, "c")]
    assert await changes(engine, since, until, replace(forgiving, text="facial recogniton")) == []
    assert await changes(engine, since, until, replace(forgiving, text="recognition zebra")) == []


async def test_a_closed_engine_compares_nothing(open_with: OpenWith) -> None:
    engine = await open_with(plain("a"))
    snapshot = engine.snapshot(NOW)
    await engine.close()
    with pytest.raises(SearchIndexError):
        engine.snapshot(NOW)
    with pytest.raises(SearchIndexError):
        await engine.changes([EVERYTHING], since=snapshot, until=snapshot)


build = st.tuples(strategies.corpora(max_size=4), st.sets(st.sampled_from(strategies.KEYS), max_size=2))
builds = st.lists(build, min_size=1, max_size=2)
searches = st.lists(strategies.requests, min_size=1, max_size=3)
clocks = st.tuples(st.sampled_from(strategies.CLOCKS), st.sampled_from(strategies.CLOCKS))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=strategies.corpora(), builds=builds, asked=searches, clocks=clocks)
async def test_changes_are_those_between_the_whole_searches(
    new_place: Callable[[], Place],
    first: list[Article],
    builds: list[tuple[list[Article], set[str]]],
    asked: list[SearchRequest],
    clocks: tuple[datetime, datetime],
) -> None:
    place, oracle = new_place(), PlainPlace()
    engines = []
    for each in (place, oracle):
        write(each, first)
        engines.append(await each.open_engine())
    engine, plain_engine = engines
    engine.keep(len(builds))
    since = engine.snapshot(clocks[0])
    wholes = [await whole(plain_engine, asked, clocks[0])]
    for articles, without in builds:
        for each in (place, oracle):
            write(each, articles, without=without)
        for served in engines:
            await served.refresh()
    wholes.append(await whole(plain_engine, asked, clocks[1]))
    expected = [plain_changes(before, afterwards) for before, afterwards in zip(*wholes, strict=True)]
    assert await engine.changes(asked, since=since, until=engine.snapshot(clocks[1])) == expected
    for served in engines:
        await served.close()


async def whole(engine: SearchEngine, asked: Sequence[SearchRequest], now: datetime) -> list[dict[str, Article]]:
    """All that an engine finds for each search, by key."""
    results = await engine.search(
        [replace(request, now=now, window=Window(size=1000), facets=(), spreads=()) for request in asked]
    )
    return [{hit.article.key: hit.article for hit in result.hits} for result in results]


async def test_filters_narrow_what_is_told(place: Place, open_with: OpenWith) -> None:
    engine = await open_with(replace(plain("a"), topics=("AI",)))
    engine.keep(1)
    since = engine.snapshot(NOW)
    until = await after(place, engine, replace(plain("a"), topics=("Sport",)), replace(plain("b"), topics=("ai",)))
    in_topic = replace(EVERYTHING, filter=Among(TermField.TOPIC, frozenset({"AI"})))
    assert await changes(engine, since, until, in_topic) == [(LEFT, "a"), (ENTERED, "b")]
    [found] = await engine.changes([in_topic], since=since, until=until) or [[]]
    assert [change.article for change in found] == [None, replace(plain("b"), topics=("ai",))]
    assert found[0] == Change(kind=LEFT, key="a", article=None)
