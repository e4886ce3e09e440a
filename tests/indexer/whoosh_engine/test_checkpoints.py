"""Every long call looks at its work between segments and steps, and does nothing more once that is over."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer import work
from indexer.errors import ClientGone
from indexer.query.tree import Query
from indexer.search.facets import FacetRequest, SpreadRequest
from indexer.search.filters import NumberField, TermField
from indexer.search.ranking import Ranking, Tuning
from indexer.search.requests import SearchRequest
from indexer.search.suggestions import SuggestRequest
from indexer.whoosh_engine import engine
from indexer.whoosh_engine.generation import Generation
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.segment.arrays import Documents
from indexer.work import Work
from tests.indexer.whoosh_engine.segments import write_segments
from tests.replacing import replace
from tests.samples import NOW, plain

SEGMENTS = 4
SEARCH = SearchRequest(now=NOW, text="harvest begins", ranking=Ranking.RELEVANCE, forgiving=True, understanding=True)
COUNTING = replace(
    SEARCH,
    text="",
    facets=(FacetRequest(field=TermField.TOPIC, size=3),),
    spreads=(SpreadRequest(field=NumberField.QUALITY),),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several segments with nearly the same articles."""
    batches = [
        [replace(plain(f"{number}/{each}"), title=f"Harvest begins in place {each}", topics=("a",)) for each in "abc"]
        for number in range(SEGMENTS)
    ]
    return write_segments(tmp_path_factory.mktemp("index"), batches)


class Checks:
    """Counts the looks at the work, and says after some of them that the client has gone."""

    def __init__(self, last: float = float("inf")) -> None:
        self.count = 0
        self._last = last

    def __call__(self) -> bool:
        self.count += 1
        return self.count > self._last


CALLS: dict[str, Callable[[Generation], object]] = {
    "search": lambda one: one.search(SEARCH, one.moment(NOW)),
    "misspelt search": lambda one: one.search(replace(SEARCH, text="harvset beginz xyzzy"), one.moment(NOW)),
    "tuned search": lambda one: one.search(
        replace(SEARCH, tuning=Tuning(recency=0.5, max_per_provider=1)), one.moment(NOW)
    ),
    "facets": lambda one: one.search(COUNTING, one.moment(NOW)),
    "similar": lambda one: one.similar(["0/a"], one.moment(NOW), 10),
    "whyNot": lambda one: one.why_not("0/a", SEARCH, one.moment(NOW)),
    "suggest": lambda one: one.suggest(SuggestRequest(now=NOW, prefix="harvset beg")).forgiving(),
}
LEAST = {"facets": 2}
"""Looks that a call takes at the least, one for each segment but where all are counted together."""


@pytest.fixture(autouse=True)
def _back_to_none() -> Iterator[None]:
    yield
    work.begin(Work())


def checks(folder: Path, call: Callable[[Generation], object], last: float = float("inf")) -> Checks:
    """The looks that a call takes at its work in a generation that is newly opened."""
    generation = engine.newest(folder)
    counted = Checks(last)
    work.begin(Work(is_gone=counted))
    try:
        if last == float("inf"):
            call(generation)
        else:
            with pytest.raises(ClientGone):
                call(generation)
    finally:
        work.begin(Work())
        generation.close()
    return counted


@pytest.mark.parametrize("name", CALLS)
def test_a_call_stops_at_whichever_look_its_client_has_gone(folder: Path, name: str):
    total = checks(folder, CALLS[name]).count
    assert total >= LEAST.get(name, SEGMENTS)
    for last in range(total):
        assert checks(folder, CALLS[name], last).count == last + 1


class CountingMatcher(Matcher):
    """A matcher that counts the trees that it was asked to match."""

    asked = 0

    def __init__(self, matcher: Matcher) -> None:
        vars(self).update(vars(matcher))

    def documents(self, query: Query) -> Documents:
        self.asked += 1
        return super().documents(query)


def test_no_segment_is_looked_at_after_the_client_has_gone(folder: Path):
    generation = engine.newest(folder)
    matchers = [CountingMatcher(segment.matcher) for segment in generation.index.segments]
    for segment, matcher in zip(generation.index.segments, matchers, strict=True):
        segment.matcher = matcher
    request = SearchRequest(now=NOW, text="harvest", ranking=Ranking.RELEVANCE)
    work.begin(Work(is_gone=Checks(2)))
    with pytest.raises(ClientGone):
        generation.search(request, generation.moment(NOW))
    assert [matcher.asked for matcher in matchers] == [1, 1, 1, *[0] * (SEGMENTS - 3)]
    generation.close()
