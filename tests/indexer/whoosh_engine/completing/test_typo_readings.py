"""Readings of a mistyped word."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from indexer.memory import Memory
from indexer.text.typed_prefix import TypedPrefix
from indexer.understanding.typo_readings import typo_readings
from indexer.whoosh_engine.completing.typed_words import SegmentWords
from indexer.whoosh_engine.matching.vocabulary import Vocabulary
from tests.indexer.whoosh_engine.segments import open_segment
from tests.titled import titled

TITLES = ("Climate talks", "Climate summit", "Climbers rest", "Summer talks", "Parliament votes", "GPT4 talks")


@pytest.fixture
def known(tmp_path: Path) -> Iterator[SegmentWords]:
    with open_segment(tmp_path / "index", [titled(str(place), title) for place, title in enumerate(TITLES)]) as stored:
        memory = Memory()
        yield SegmentWords([(Vocabulary(stored.segment, memory), stored.segment.live)], memory)


def read(known: SegmentWords, *words: str, prefix: str = "") -> Sequence[list[tuple[str, ...]]]:
    return [[(*one.words, one.prefix) for one in some] for some in typo_readings(TypedPrefix(words, prefix), known)]


def test_a_wrong_word_is_corrected_in_full_and_a_wrong_beginning_as_a_beginning(known: SegmentWords):
    assert read(known, "climtae", prefix="t") == [[("climate", "t")], []]
    assert read(known, prefix="clmia") == [[("clima",)]]


def test_the_fewest_errors_come_first_and_then_what_is_frequent(known: SegmentWords):
    [found] = read(known, prefix="parlaiment")
    assert found[0] == ("parliament",)
    [found] = read(known, prefix="clims")
    assert found[:2] == [("clim",), ("clima",)]


def test_words_that_are_known_may_be_wrong_too_but_no_more_than_two(known: SegmentWords):
    one, two = read(known, "talks", prefix="climate")
    assert all(reading[0] == "talks" or reading[1] == "climate" for reading in one)
    assert all(reading[0] != "talks" and reading[1] != "climate" for reading in two)
    assert read(known, "tolks", "climote", "sumit") == []
    assert [len(some) for some in read(known, "tolks", prefix="climote")] == [1]


@pytest.mark.parametrize("word", ["cli", "gpt5", "xlimate", "x" * 41])
def test_what_may_not_be_wrong_has_no_readings(known: SegmentWords, word: str):
    assert read(known, word) == [[]]


def test_a_long_text_is_taken_as_it_is(known: SegmentWords):
    assert read(known, *["climtae"] * 9) == []
