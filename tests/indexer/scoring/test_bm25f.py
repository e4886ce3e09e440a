"""The formula, and the statistics that it takes."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.errors import RequestError
from indexer.query.tree import WITH_BODY, TextField
from indexer.scoring.bm25f import FIELD_WEIGHTS, SATURATION, Statistics, length_norms, saturated
from indexer.varints import packed


def test_one_word_twice_is_less_than_two_words() -> None:
    once, twice = saturated(np.array([1.0, 2.0], dtype=np.float32))
    assert once < twice < 2 * once
    assert once == pytest.approx(1 / (1 + SATURATION))
    assert saturated(np.array([1e9], dtype=np.float32))[0] == pytest.approx(1.0)


def test_without_a_mean_length_no_length_is_held_against_anyone() -> None:
    lengths = np.array([1, 100])
    assert length_norms(TextField.TITLE, lengths, 0.0).tolist() == [3.0, 3.0]
    assert length_norms(TextField.TOPIC, lengths, 7.0).tolist() == [1.0, 1.0]


def test_a_longer_field_counts_less_and_one_of_mean_length_as_it_is() -> None:
    norms = length_norms(TextField.EXCERPT, np.array([10, 20, 40]), 20.0)
    assert norms.tolist() == pytest.approx([1 / 0.625, 1.0, 1 / 1.75])


words = st.text(max_size=5)
totals = st.fixed_dictionaries({}, optional={str(field): st.integers(1, 10**12) for field in WITH_BODY})


@st.composite
def statistics(draw: st.DrawFn) -> Statistics:
    documents = draw(st.integers(100, 10**6))
    means = {field: total / documents for field, total in draw(totals).items()}
    return Statistics(documents, means, draw(st.dictionaries(words, st.integers(0, 100))))


@given(statistics())
def test_statistics_come_back_to_the_last_bit_for_the_same_words(original: Statistics) -> None:
    names = original.document_frequencies.keys()
    assert Statistics.decoded(original.encoded(), names) == original
    assert Statistics.decoded(original.encoded(), [*names, "another"]) is None


def test_statistics_hold_no_word_and_few_bytes() -> None:
    found = Statistics(92_845, {"title": 812_345 / 92_845, "excerpt": 2_345_678 / 92_845}, {"a": 1200, "b": 17})
    assert len(found.encoded()) == 3 + 3 + 4 + 1 + 2 + 2 + 1
    assert Statistics.decoded(found.encoded(), ["b", "a"]) is None


@given(st.binary() | st.lists(st.integers(0, 2**64 - 1)).map(packed), st.lists(words, unique=True))
@example(packed([0, 1, 1, 1, 0]), [])
@example(packed([1, 1]), [])
@example(b"\x80", [])
def test_statistics_of_any_origin_are_refused_or_harmless(data: bytes, names: list[str]) -> None:
    try:
        made_up = Statistics.decoded(data, names)
    except RequestError:
        return
    if made_up:
        assert all(math.isfinite(length) and length >= 0 for length in made_up.mean_lengths.values())
        assert all(made_up.rarity(word) > 0 for word in (*names, "unknown"))


def test_a_rare_word_weighs_more() -> None:
    known: dict[str, Any] = {"rare": 1, "common": 90, "everywhere": 100}
    rarities = [Statistics(100, {}, known).rarity(word) for word in ("unknown", *known)]
    assert rarities == sorted(rarities, reverse=True)
    assert rarities[-1] > 0


def test_every_field_has_a_weight() -> None:
    assert FIELD_WEIGHTS.keys() == {*TextField}
