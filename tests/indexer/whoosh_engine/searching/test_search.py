"""Findings about a text hold for whoever searches for the same, whenever and under whatever conditions."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.memory import Memory
from indexer.query.tree import Every, Word
from indexer.query.understanding import Understanding
from indexer.search.filters import EVERYTHING, AllOf, Among, AnyOf, Filter, HasImage, Not, TermField
from indexer.search.ranking import Ranking, Tuning, Window
from indexer.search.requests import SearchRequest
from indexer.whoosh_engine import engine
from indexer.whoosh_engine.generation import Generation
from indexer.whoosh_engine.matching.searcher import Searcher
from indexer.whoosh_engine.searching.search import ParsedText, Understood
from tests.indexer.whoosh_engine.segments import write_segments
from tests.replacing import replace
from tests.samples import DAY, NOW, plain

TEXTS = ("owl barn", "owl mill", "owll barn", "owl barn xyzzy", "mill", "lighthouse", "-owl", "owlbarn", "")
TOPICS: tuple[Filter, ...] = (EVERYTHING, *(Among(TermField.TOPIC, frozenset({name})) for name in ("a", "b", "none")))
CLOCKS = (NOW - 2 * DAY, NOW, NOW + 2 * DAY)


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generation]:
    """Under each topic and at each time, other words are there together."""
    titles = {"1": ("Owl and barn", "a"), "2": ("Owl", "b"), "3": ("Mill", "b"), "4": ("Barn", "b")}
    articles = [replace(plain(key), title=title, topics=(topic,)) for key, (title, topic) in titles.items()]
    later = replace(plain("5"), title="Owl and mill", topics=("b",), published_date_time=NOW + DAY)
    folder = write_segments(tmp_path_factory.mktemp("index"), [articles, [later]])
    generation = engine.newest(folder)
    yield generation
    generation.close()


def parsed(generation: Generation, text: str, *, is_forgiving: bool = True) -> ParsedText:
    return generation.index.parsed(text, is_forgiving=is_forgiving)


def understood(generation: Generation, request: SearchRequest) -> Understanding | None:
    return generation.search(request, generation.moment(request.now)).understanding


@given(
    st.lists(
        st.builds(
            SearchRequest,
            now=st.sampled_from(CLOCKS),
            text=st.sampled_from(TEXTS),
            filter=st.sampled_from(TOPICS),
            forgiving=st.booleans(),
            understanding=st.just(value=True),
        ),
        min_size=2,
        max_size=12,
    )
)
def test_each_search_is_understood_as_if_it_were_the_only_one(
    generation: Generation, requests: list[SearchRequest]
) -> None:
    for request in requests:
        fresh = Generation(generation.segments, number=1, built=generation.built, memory=Memory())
        assert understood(generation, request) == understood(fresh, request)


@pytest.mark.parametrize(
    ("condition", "now", "left_out"),
    [
        (EVERYTHING, NOW, ("mill",)),
        (TOPICS[2], NOW, ("mill",)),
        (TOPICS[2], NOW + 2 * DAY, ()),
        (TOPICS[1], NOW + 2 * DAY, ("mill",)),
        (EVERYTHING, NOW + 2 * DAY, ()),
        (EVERYTHING, NOW - 2 * DAY, ()),
    ],
)
def test_what_is_given_up_depends_on_what_there_is(
    generation: Generation, condition: Filter, now: datetime, left_out: tuple[str, ...]
) -> None:
    request = SearchRequest(now=now, text="owl mill", filter=condition, forgiving=True, understanding=True)
    found = understood(generation, request)
    assert found is not None
    assert found.left_out in (left_out, ("owl",) if left_out else ())


def concluded(generation: Generation, request: SearchRequest) -> Understood:
    searcher = Searcher(generation.index.collection(generation.moment(request.now).appeared))
    text = parsed(generation, request.text, is_forgiving=request.forgiving)
    return generation.index.understood(text, request, searcher)


def test_a_text_is_understood_once_under_each_condition_and_at_each_moment(generation: Generation) -> None:
    index = Generation(generation.segments, number=1, built=generation.built, memory=Memory())
    request = SearchRequest(now=NOW, text="owl", forgiving=True)
    first = concluded(index, request)
    assert concluded(index, replace(request, now=NOW + 0.5 * DAY, window=Window(size=1), total=True)) is first
    others = (
        {"text": "owls"},
        {"filter": TOPICS[1]},
        {"now": NOW + 2 * DAY},
        {"forgiving": False},
        {"understanding": True},
    )
    for changed in others:
        assert concluded(index, replace(request, **changed)) is not first
    assert concluded(index, request) is first


def test_texts_that_were_understood_are_kept_in_bounded_memory(generation: Generation) -> None:
    memory = Memory(100_000)
    index = Generation(generation.segments, number=1, built=generation.built, memory=memory)
    request = SearchRequest(now=NOW, text="owl", forgiving=True)
    first = concluded(index, request)
    for number in range(200):
        concluded(index, replace(request, text=f"owl barn{number}"))
        assert memory.bytes <= 100_000
    assert concluded(index, request) is not first


def test_a_text_is_corrected_only_where_the_search_forgives(generation: Generation) -> None:
    forgiving, strict = (parsed(generation, "lighthuse barnn", is_forgiving=each) for each in (True, False))
    assert strict == forgiving
    assert strict.read.widened == strict.read.typed
    request = SearchRequest(now=NOW, text="barnn", understanding=True)
    assert concluded(generation, request).query == Word("barnn")
    assert concluded(generation, replace(request, forgiving=True)).query == Word("barn")
    suggestions = [understood(generation, replace(request, forgiving=each)) for each in (False, True)]
    assert [one and one.did_you_mean for one in suggestions] == ["barn", "barn"]


@pytest.mark.parametrize(("now", "documents", "frequencies"), [(NOW, 4, [1, 2]), (NOW + DAY, 5, [2, 3])])
def test_statistics_count_what_is_visible(
    generation: Generation, now: datetime, documents: int, frequencies: list[int]
) -> None:
    collection = generation.index.collection(generation.moment(now).appeared)
    statistics = collection.statistics(Every((Word("owl"), Word("mill"))))
    assert statistics.documents == documents
    assert sorted(statistics.document_frequencies.values()) == frequencies
    assert parsed(generation, "owl mill").postings == 5


def test_a_text_without_words_is_not_scored(generation: Generation) -> None:
    assert [parsed(generation, text).read.has_words for text in ("", "-owl", "owl", '"owl barn"', "o*")] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_conditions_that_a_client_makes_long_lead_to_the_same_but_are_not_remembered(generation: Generation) -> None:
    long = Among(TermField.TOPIC, frozenset({"b", "x" * 5_000}))
    request = SearchRequest(now=NOW, text="owl mill", filter=long, forgiving=True, understanding=True)
    short = replace(request, filter=Among(TermField.TOPIC, frozenset({"b", "x"})))
    assert understood(generation, request) == understood(generation, short)
    assert concluded(generation, request) is not concluded(generation, request)
    assert concluded(generation, short) is concluded(generation, short)


def test_a_list_is_ranked_once_for_all_articles_that_are_asked_about(generation: Generation) -> None:
    """An operation may ask `whyNot` of a whole page."""
    request = SearchRequest(now=NOW, ranking=Ranking.RELEVANCE, tuning=Tuning(max_per_provider=1))
    moment = generation.moment(NOW)
    ranked = generation.index.evaluation(request, moment).ranked
    answers = [generation.why_not(key, request, moment) for key in "1234"]
    assert sorted(answer.rank or 0 for answer in answers if answer) == [1, 2, 3, 4]
    assert generation.index.evaluation(replace(request), generation.moment(NOW)).ranked is ranked


def test_turns_are_numbers_that_are_made_once(generation: Generation) -> None:
    """To sort keys as text takes five times as long."""
    order = generation.index.turn_order
    segments = [segment.segment for segment in generation.index.segments]
    matches = [(each, np.arange(each.size, dtype=np.int32), np.zeros(each.size)) for each in segments]
    assert [turns.tolist() for turns in order.turns(matches, 1)] == [[0, 1, 2, 3], [4]]
    assert [turns.tolist() for turns in order.turns(matches, 2)] == [[0, 0, 1, 1], [2]]


def cost(generation: Generation, request: SearchRequest) -> int:
    return generation.index.cost(request, generation.moment(NOW))


def test_words_that_are_looked_for_among_all_terms_cost_as_much_as_postings(generation: Generation) -> None:
    """Costly searches leave the event loop."""
    request = SearchRequest(now=NOW, text="owl " + " ".join(f"unknown{letter}" for letter in "abcdefgh"))
    assert cost(generation, request) < 500_000
    assert cost(generation, replace(request, forgiving=True)) > 1_000_000


def test_every_word_costs_something_however_rare_it_is(generation: Generation) -> None:
    request = SearchRequest(now=NOW, text=" OR ".join(["owl", "mill", "barn"] * 10))
    assert cost(generation, request) > 1_000_000


def test_a_long_text_leaves_the_event_loop_unread(generation: Generation) -> None:
    request = SearchRequest(now=NOW, text=" ".join(["owl"] * 75))
    assert cost(generation, request) > 1_000_000
    assert cost(generation, replace(request, text="-" * 299)) == cost(generation, request)


def test_each_condition_costs_a_look_at_every_article(generation: Generation) -> None:
    has_image = HasImage()
    condition = AllOf((has_image, Not(AnyOf((has_image, AllOf((has_image,)))))))
    assert cost(generation, SearchRequest(now=NOW)) == 0
    request = SearchRequest(now=NOW, filter=condition)
    assert cost(generation, request) == 3 * 5
    generation.search(request, generation.moment(NOW))
    assert cost(generation, request) == 0  # what was evaluated before is kept
