import pytest

from indexer.search.ranking import WORDS_ALONE, Tuning
from schema.inputs.bad_input import BadUserInput
from schema.inputs.tuning import RankingTuning, tuning_of


def test_without_the_argument_the_words_count_alone() -> None:
    assert tuning_of(None) == WORDS_ALONE
    assert tuning_of(RankingTuning()) == WORDS_ALONE


def test_what_is_given_is_taken() -> None:
    given = RankingTuning(text=0.0, recency=0.5, quality=2.0, heat=1000.0, half_life_hours=6.0, max_per_provider=2)
    expected = Tuning(text=0.0, recency=0.5, quality=2.0, heat=1000.0, half_life_hours=6.0, max_per_provider=2)
    assert tuning_of(given) == expected


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (RankingTuning(text=-0.1), "text"),
        (RankingTuning(recency=1001.0), "recency"),
        (RankingTuning(quality=float("nan")), "quality"),
        (RankingTuning(heat=float("inf")), "heat"),
        (RankingTuning(half_life_hours=0.0), "halfLifeHours"),
        (RankingTuning(max_per_provider=0), "maxPerProvider"),
    ],
)
def test_a_number_without_sense_is_refused_by_name(given: RankingTuning, name: str) -> None:
    with pytest.raises(BadUserInput, match=rf"tuning\.{name}: "):
        tuning_of(given)
