"""What is found out about a text holds for whoever searches for the same, whenever and under whatever conditions."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.synonyms import NO_SYNONYMS
from indexer.query.tree import Every, Word
from indexer.query.understanding import Understanding
from indexer.search.filters import EVERYTHING, Among, Filter, TermField
from indexer.search.requests import SearchRequest
from indexer.whoosh_engine import engine
from indexer.whoosh_engine.generation import Generation
from indexer.whoosh_engine.matching.searchable_segment import collection_of
from indexer.whoosh_engine.understanding.corrections import Speller
from indexer.whoosh_engine.understanding.interpretation import Conclusion, Meaning
from tests.indexer.whoosh_engine.segments import write_segments
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


def meaning(generation: Generation, text: str, *, is_forgiving: bool = True) -> Meaning:
    synonyms = NO_SYNONYMS if is_forgiving else None
    segments = [*generation.segments.values()]
    return Meaning(segments, collection_of(segments), Speller(segments), text, synonyms=synonyms)


def understood(generation: Generation, request: SearchRequest) -> Understanding | None:
    return generation.search(request).result().understanding


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
        fresh = Generation(generation.segments, number=1, built=generation.built)
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


def test_a_conclusion_is_drawn_once_for_each_key_and_the_memory_is_bounded(generation: Generation) -> None:
    about, drawn = meaning(generation, "owl"), list[int]()

    def conclusion(number: int) -> Conclusion:
        def draw() -> Conclusion:
            drawn.append(number)
            return Conclusion(about.typed, ())

        return about.conclusion(number, draw)

    assert conclusion(0) is conclusion(0)
    for number in range(100):
        conclusion(number)
        assert len(about._conclusions) <= 16  # noqa: SLF001 - to look without using
    assert drawn == [*range(100)]
    conclusion(99)
    assert len(drawn) == 100


def test_a_text_is_corrected_only_where_the_search_forgives(generation: Generation) -> None:
    forgiving, strict = (meaning(generation, "lighthuse barnn", is_forgiving=each) for each in (True, False))
    assert strict.corrected == strict.meant == strict.typed
    assert forgiving.typed == strict.typed
    assert forgiving.corrected != forgiving.typed
    assert forgiving.better == strict.better == {"barnn": "barn"}


def test_statistics_count_all_articles_whoever_sees_them(generation: Generation) -> None:
    about = meaning(generation, "owl mill")
    found = about.statistics(Every((Word("owl"), Word("mill"))))
    assert found.documents == 5
    assert sorted(found.document_frequencies.values()) == [2, 3]
    assert about.postings == 5


def test_a_text_without_words_is_not_scored(generation: Generation) -> None:
    assert [meaning(generation, text).is_scored for text in ("", "-owl", "owl", '"owl barn"', "o*")] == [
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
    known = generation._meaning("owl mill", is_forgiving=True)  # noqa: SLF001 - to see what is kept
    assert all(condition != long for condition, _ in known._conclusions)  # noqa: SLF001 - likewise
