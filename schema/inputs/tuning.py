"""From the argument `tuning` to the weights of RELEVANCE."""

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


def tuning_of(argument: RankingTuning | None) -> Tuning:
    """The weights in the argument. Raises `BadUserInput` for a weight or number without sense."""
    if argument is None:
        return WORDS_ALONE
    most = argument.max_per_provider
    if most is not None and most < 1:
        raise BadUserInput("tuning.maxPerProvider", f"{most} is too small; ask for 1 or more, or leave it out")
    half_life = argument.half_life_hours
    return Tuning(
        text=_within("text", argument.text, WORDS_ALONE.text),
        recency=_within("recency", argument.recency, WORDS_ALONE.recency),
        quality=_within("quality", argument.quality, WORDS_ALONE.quality),
        heat=_within("heat", argument.heat, WORDS_ALONE.heat),
        half_life_hours=_within(
            "halfLifeHours", half_life, WORDS_ALONE.half_life_hours, low=0.01, high=_LONGEST_HALF_LIFE
        ),
        max_per_provider=most,
    )


def _within(name: str, value: float | None, default: float, *, low: float = 0.0, high: float = _HEAVIEST) -> float:
    if value is None:
        return default
    if not isfinite(value) or not low <= value <= high:
        raise BadUserInput(f"tuning.{name}", f"{value} is not a number from {low:g} to {high:g}")
    return value
