"""A generation answers the same whether or not it was asked before, and goes when another takes its place."""

from pathlib import Path
from weakref import ref

import pytest

from indexer.search.facets import Calendar, FacetRequest
from indexer.search.filters import AtLeast, NumberField, TermField
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest
from indexer.search.suggestions import SuggestRequest
from indexer.whoosh_engine import engine
from indexer.whoosh_engine.generation import Generation
from tests.indexer.whoosh_engine.segments import write_segments
from tests.library import LIBRARY
from tests.replacing import replace
from tests.samples import DAY, NOW, plain

EVERYTHING_ASKED = SearchRequest(
    now=NOW,
    text="runing cafe xyzzy",
    filter=AtLeast(NumberField.HEAT, 0),
    ranking=Ranking.RELEVANCE,
    total=True,
    facets=(FacetRequest(field=TermField.TOPIC), FacetRequest(field=Calendar.MONTH)),
    forgiving=True,
    understanding=True,
    explanations=True,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_segments(tmp_path / "index", [LIBRARY[:20], LIBRARY[20:]])


def used(generation: Generation) -> None:
    """Ask for all that it keeps something of."""
    moment = generation.moment(NOW)
    for text in ("running", "runing cafe xyzzy", "ru*", '"running the"'):
        request = replace(EVERYTHING_ASKED, text=text)
        generation.search(request, moment)
    generation.suggest(SuggestRequest(now=NOW, prefix="runing ca")).forgiving()
    generation.similar([article.key for article in LIBRARY], moment, 3)
    generation.why_not(LIBRARY[0].key, EVERYTHING_ASKED, moment)
    generation.status(moment)


@pytest.mark.usefixtures("no_collector")
def test_a_generation_that_was_replaced_goes_without_the_garbage_collector(folder: Path) -> None:
    generation = engine.newest(folder)
    used(generation)
    collection = generation.index.collection(generation.moment(NOW).appeared)
    speller = generation.index.speller(collection)
    parts: list[object] = [generation, generation.suggester, generation.index, collection, speller]
    for segment in generation.segments.values():
        parts += [segment, segment.segment, segment.words, segment.vocabulary, segment.matcher]
    watched = [ref(part) for part in parts]
    generation.close()
    parts.clear()
    del generation, segment, collection, speller
    assert [one() for one in watched] == [None] * len(watched)


@pytest.mark.usefixtures("no_collector")
def test_what_the_next_generation_shares_stays(folder: Path) -> None:
    generation = engine.newest(folder)
    used(generation)
    following = engine.newest(folder, generation)
    gone, kept = ref(generation), [ref(one) for one in generation.segments.values()]
    generation.close()
    del generation
    assert gone() is None
    assert [one() for one in kept] == list(following.segments.values())
    following.close()


def test_what_was_found_is_known_until_another_article_appears(folder: Path, tmp_path: Path) -> None:
    soon = replace(plain("soon"), published_date_time=NOW + DAY)
    generation = engine.newest(write_segments(tmp_path / "other", [[plain("a")], [soon]]))
    request = SearchRequest(now=NOW, total=True)
    moment = generation.moment(NOW)
    assert generation.at_hand(request, moment) is None
    result = generation.search(request, moment)
    assert generation.at_hand(request, moment) is result
    for days, total in ((0.5, 1), (1, None), (-0.5, 1), (-2, None)):
        now = NOW + days * DAY
        known = generation.at_hand(replace(request, now=now), generation.moment(now))
        assert (known and known.total) == total
    generation.close()
    other = engine.newest(folder)
    assert other.at_hand(request, other.moment(NOW)) is None
    other.close()


def test_what_suggestions_are_made_of_is_ready_after_the_first_one(tmp_path: Path) -> None:
    """The first one of a moment counts all titles, for which it leaves the event loop."""
    soon = replace(plain("soon"), published_date_time=NOW + DAY)
    generation = engine.newest(write_segments(tmp_path / "index", [[plain("a")], [soon]]))
    assert not generation.is_ready_to_suggest(NOW)
    generation.suggest(SuggestRequest(now=NOW, prefix="har"))
    assert generation.is_ready_to_suggest(NOW)
    assert not generation.is_ready_to_suggest(NOW + DAY)
    generation.close()
