"""Filters as clauses. That they match the same articles is proven in a cluster, by the contract of engines."""

import orjson
import pytest
from hypothesis import given

from indexer.opensearch_engine.matching.filter_clauses import filter_clause
from indexer.opensearch_engine.matching.view import EVERYTHING, NOTHING, View
from indexer.search.filters import AllOf, Among, AnyOf, AtLeast, Filter, NumberField, Required, TermField
from tests import strategies


def test_values_are_asked_for_in_canonical_form() -> None:
    topics = Among(TermField.TOPIC, frozenset({"Machine  LEARNING", "ai"}))
    assert filter_clause(topics) == {"terms": {"topic_value": ["ai", "machine learning"]}}
    assert filter_clause(Required(topics.field, topics.values)) == filter_clause(topics)
    assert filter_clause(Among(TermField.TOPIC, frozenset())) == NOTHING


def test_more_values_than_a_clause_takes_are_several() -> None:
    clause = filter_clause(Among(TermField.EXTRA, frozenset(map(str, range(70_000)))))
    assert [len(some["terms"]["extra_value"]) for some in clause["bool"]["should"]] == [65_536, 4_464]


@pytest.mark.parametrize(("least", "clause"), [(2**31, NOTHING), (-(2**31), {"exists": {"field": "heat"}})])
def test_numbers_beyond_those_of_articles_are_not_sent(least: int, clause: object) -> None:
    assert filter_clause(AtLeast(NumberField.HEAT, least)) == clause


def test_all_of_nothing_is_everything_and_any_of_nothing_is_nothing() -> None:
    assert filter_clause(AllOf()) == EVERYTHING
    assert filter_clause(AnyOf()) == NOTHING


@given(strategies.filters)
def test_every_filter_can_be_sent(condition: Filter) -> None:
    clause = filter_clause(condition)
    assert orjson.loads(orjson.dumps(clause)) == clause


def test_a_view_shows_what_its_generation_has_and_no_later_article() -> None:
    view = View(index="some", generation=3, until=70, now=99)
    assert view.clauses() == [
        {"range": {"added": {"lte": 3}}},
        {"range": {"removed": {"gt": 3}}},
        {"range": {"published_at": {"lte": 70}}},
    ]
    assert view.moment == View(index="some", generation=3, until=70, now=71).moment
