"""Engine contract: whatever is typed, every engine suggests as the slow and plain one does."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.search.engine import SearchEngine
from indexer.search.filters import EVERYTHING as EVERY_ARTICLE
from indexer.search.filters import Among, Filter, TermField
from indexer.search.suggestions import Suggestion, SuggestRequest, are_too_few
from indexer.text.typed_prefix import read_typed
from tests import strategies
from tests.engine_place import Place, write
from tests.library import LIBRARY
from tests.plain_filter import is_visible, matches
from tests.plain_suggest import exact_suggestions
from tests.replacing import replace
from tests.samples import NOW

EVERYTHING = 1000
NARROWING = (
    Among(TermField.TOPIC, frozenset({"ai"})),
    Among(TermField.PROVIDER, frozenset({"daily.example", "weekly.example"})),
    Among(TermField.PROVIDER, frozenset()),
)

# The engines are only read from, so that examples may share them.
READ_ONLY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])

_typed = st.one_of(
    st.sampled_from([article.title for article in LIBRARY]),
    st.sampled_from([*strategies.TOPICS, "daily.example", "The Daily", "Café Weekly", "xn--mller", "1,250"]),
    st.lists(st.sampled_from(strategies.WORDS), min_size=1, max_size=2).map(" ".join),
)
prefixes = st.tuples(_typed, st.integers(1, 20), st.sampled_from(("", " "))).map(lambda one: one[0][: one[1]] + one[2])


@pytest.fixture(scope="module")
def library(new_place: Callable[[], Place]) -> Place:
    """An index that came about in several builds."""
    place = new_place()
    write(place, [replace(article, title="replaced", topics=("AI",)) for article in LIBRARY[::2]])
    write(place, LIBRARY[: len(LIBRARY) // 2])
    write(place, LIBRARY[len(LIBRARY) // 2 :])
    return place


@pytest.fixture
async def engine(library: Place) -> AsyncIterator[SearchEngine]:
    opened = await library.open_engine()
    yield opened
    await opened.close()


async def suggested(
    engine: SearchEngine, prefix: str, *, size: int = 8, now: datetime = NOW, condition: Filter = EVERY_ARTICLE
) -> list[Suggestion]:
    return list(await engine.suggest(SuggestRequest(now=now, prefix=prefix, size=size, filter=condition)))


@READ_ONLY
@given(
    prefix=prefixes,
    size=st.sampled_from((1, 2, 3, 8, 20)),
    now=st.sampled_from(strategies.CLOCKS),
    condition=st.sampled_from((EVERY_ARTICLE, *NARROWING)),
)
async def test_suggestions_are_those_of_the_plain_engine(
    engine: SearchEngine, prefix: str, size: int, now: datetime, condition: Filter
) -> None:
    visible = [article for article in LIBRARY if is_visible(article, now) and matches(article, condition)]
    typed = read_typed(prefix)
    expected = exact_suggestions(prefix, visible, size)
    found = await suggested(engine, prefix, size=size, now=now, condition=condition)
    assert found[: len(expected)] == expected
    if typed is None or not are_too_few(len(expected), typed.words, size=size):
        assert found == expected


@READ_ONLY
@given(prefix=prefixes | st.text(), now=st.sampled_from(strategies.CLOCKS))
async def test_every_suggestion_leads_somewhere_and_none_comes_twice(
    engine: SearchEngine, prefix: str, now: datetime
) -> None:
    found = await suggested(engine, prefix, size=EVERYTHING, now=now)
    assert len({(one.kind, one.text) for one in found}) == len(found)
    for suggestion in found:
        assert suggestion.text
        assert 1 <= suggestion.count <= len([article for article in LIBRARY if is_visible(article, now)])
        assert suggestion.article is None or is_visible(suggestion.article, now)
        assert all(suggestion.text[start:end] for start, end in suggestion.ranges)


@READ_ONLY
@given(prefix=st.text(st.characters(), max_size=30) | st.sampled_from(("x" * 10_000, "a " * 5_000, '"((-', "\udfff a")))
async def test_no_text_whatsoever_is_an_error(engine: SearchEngine, prefix: str) -> None:
    assert isinstance(await suggested(engine, prefix), list)
