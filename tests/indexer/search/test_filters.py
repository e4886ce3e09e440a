"""Conditions by their length."""

from datetime import UTC, datetime

import pytest

from indexer.search.filters import (
    EVERYTHING,
    AllOf,
    Among,
    AnyOf,
    AtLeast,
    Filter,
    HasImage,
    Not,
    NumberField,
    PublishedFrom,
    TermField,
    is_long,
)

MANY = Among(TermField.TOPIC, frozenset(f"topic {number}" for number in range(300)))


@pytest.mark.parametrize(
    "condition",
    [MANY, Among(TermField.TOPIC, frozenset(["x" * 2_001])), Not(MANY), AnyOf((HasImage(), AllOf((MANY,))))],
    ids=["many values", "a long value", "excluded", "within others"],
)
def test_conditions_of_many_or_long_values_are_long(condition: Filter) -> None:
    assert is_long(condition)


def test_very_many_short_conditions_are_long() -> None:
    conditions = tuple(AtLeast(NumberField.QUALITY, number) for number in range(60))
    assert is_long(AllOf(conditions))
    assert not is_long(AllOf(conditions[:5]))


@pytest.mark.parametrize(
    "condition",
    [
        EVERYTHING,
        HasImage(),
        AtLeast(NumberField.HEAT, 3),
        PublishedFrom(datetime(2024, 1, 1, tzinfo=UTC)),
        Among(TermField.TOPIC, frozenset(["ai", "climate", "energy"])),
    ],
    ids=lambda condition: type(condition).__name__,
)
def test_conditions_that_people_choose_are_short(condition: Filter) -> None:
    assert not is_long(condition)
    assert not is_long(Not(condition))
