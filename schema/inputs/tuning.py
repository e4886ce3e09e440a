"""From the `tuning` argument to what RELEVANCE weighs."""

from math import isfinite
from typing import Annotated

import strawberry

from indexer.search.ranking import WORDS_ALONE, Tuning
from schema.inputs.bad_input import BadUserInput

_HEAVIEST = 1000.0
_LONGEST_HALF_LIFE = 24.0 * 365 * 100


@strawberry.input(
    description="What the ranking RELEVANCE weighs. Without it, the words of `search` alone. With it, an article's "
    "score is the sum of four parts: a weight, 0 unless given (1 for `text`), times a number from 0 to about 1. "
    "`{text: 1, recency: 0.5, halfLifeHours: 48}` lets news of the last days rise."
)
class RankingTuning:
    """Weights are relative to each other; only their proportions matter to the order."""

    text: float | None = strawberry.field(
        default=None, description="How much the words count: 1 is all that they could score. 1 where it is not given."
    )
    recency: float | None = strawberry.field(
        default=None, description="How much it counts how new an article is: 1 for now, halved every `halfLifeHours`."
    )
    quality: float | None = strawberry.field(
        default=None, description="How much the quality counts: 1 for a quality of 100, 0 where there is none."
    )
    heat: float | None = strawberry.field(
        default=None, description="How much the heat counts: half for a heat of 100, 0 where there is none."
    )
    half_life_hours: float | None = strawberry.field(
        default=None, description="After how many hours an article is half as new; 72 where it is not given."
    )
    max_per_provider: int | None = strawberry.field(
        default=None,
        description="So many articles of each provider come before any further ones of the same: 2 keeps one provider "
        "from filling the first page.",
    )


Tuned = Annotated[
    RankingTuning | None,
    strawberry.argument(name="tuning", description="What RELEVANCE weighs; without a `ranking` it implies RELEVANCE."),
]


def tuning_of(given: RankingTuning | None) -> Tuning:
    """What the argument means. Raises `BadUserInput` for a weight or number without sense."""
    if given is None:
        return WORDS_ALONE
    return Tuning(
        text=_within("text", given.text, WORDS_ALONE.text, high=_HEAVIEST),
        recency=_within("recency", given.recency, WORDS_ALONE.recency, high=_HEAVIEST),
        quality=_within("quality", given.quality, WORDS_ALONE.quality, high=_HEAVIEST),
        heat=_within("heat", given.heat, WORDS_ALONE.heat, high=_HEAVIEST),
        half_life_hours=_within(
            "halfLifeHours", given.half_life_hours, WORDS_ALONE.half_life_hours, low=0.01, high=_LONGEST_HALF_LIFE
        ),
        max_per_provider=_positive("maxPerProvider", given.max_per_provider),
    )


def _within(name: str, given: float | None, default: float, *, low: float = 0.0, high: float) -> float:
    if given is None:
        return default
    if not isfinite(given) or not low <= given <= high:
        raise BadUserInput(f"tuning.{name}", f"{given} is not a number from {low:g} to {high:g}")
    return given


def _positive(name: str, given: int | None) -> int | None:
    if given is not None and given < 1:
        raise BadUserInput(f"tuning.{name}", f"{given} is too small; ask for 1 or more, or leave it out")
    return given
