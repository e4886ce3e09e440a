"""Whoosh's fields are those of the seam."""

from indexer.query.tree import TextField
from indexer.search.filters import NumberField, TermField
from indexer.whoosh_engine.storage.whoosh_fields import FIELDS, NUMBERS, value_field


def test_every_field_of_the_seam_has_a_field_in_whoosh() -> None:
    assert {*TextField} | set(map(value_field, TermField)) <= set(FIELDS.names())
    assert {*NumberField} <= NUMBERS.keys()
