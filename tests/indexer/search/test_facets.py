"""Conditions without their requirements of one field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.search.facets import Calendar, FacetField, without
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
    PublishedBefore,
    PublishedFrom,
    Required,
    TermField,
)
from tests.plain_filter import matches
from tests.samples import NOW
from tests.strategies import articles, filters

TOPIC = Among(TermField.TOPIC, frozenset({"AI"}))
PROVIDER = Among(TermField.PROVIDER, frozenset({"daily.example"}))
REQUIRED = Required(TermField.TOPIC, frozenset({"AI"}))
HOT = AtLeast(NumberField.HEAT, 5)
fields = st.sampled_from((*TermField, *NumberField, *Calendar))


@pytest.mark.parametrize(
    ("condition", "field", "expected"),
    [
        (TOPIC, TermField.TOPIC, EVERYTHING),
        (TOPIC, TermField.PROVIDER, TOPIC),
        (AllOf((TOPIC, PROVIDER)), TermField.TOPIC, AllOf((PROVIDER,))),
        (AllOf((PROVIDER, AllOf((TOPIC, HOT, TOPIC)))), TermField.TOPIC, AllOf((PROVIDER, AllOf((HOT,))))),
        (AllOf((TOPIC, AllOf((HOT,)))), NumberField.HEAT, AllOf((TOPIC,))),
        (HOT, NumberField.QUALITY, HOT),
        (AllOf((PublishedFrom(NOW), HOT, PublishedBefore(NOW))), Calendar.MONTH, AllOf((HOT,))),
        (PublishedFrom(NOW), TermField.TOPIC, PublishedFrom(NOW)),
        (Not(TOPIC), TermField.TOPIC, Not(TOPIC)),
        (REQUIRED, TermField.TOPIC, REQUIRED),
        (AllOf((TOPIC, REQUIRED)), TermField.TOPIC, AllOf((REQUIRED,))),
        (AnyOf((TOPIC, HasImage())), TermField.TOPIC, AnyOf((TOPIC, HasImage()))),
    ],
)
def test_requirements_that_hold_by_themselves_are_left_out(
    condition: Filter, field: FacetField | NumberField, expected: Filter
) -> None:
    assert without(condition, field) == expected


@given(articles, filters, fields)
def test_what_matches_a_condition_matches_it_without_a_part(
    article: Article, condition: Filter, field: FacetField | NumberField
) -> None:
    assert matches(article, without(condition, field)) or not matches(article, condition)


@given(articles, filters, filters, st.frozensets(st.sampled_from(("AI", "C++")), max_size=2), fields)
def test_other_parts_keep_their_meaning(
    article: Article, one: Filter, other: Filter, topics: frozenset[str], field: FacetField | NumberField
) -> None:
    separate = [matches(article, without(part, field)) for part in (one, other, Among(TermField.TOPIC, topics))]
    together = without(AllOf((one, AllOf((other, Among(TermField.TOPIC, topics))))), field)
    assert matches(article, together) == all(separate)
