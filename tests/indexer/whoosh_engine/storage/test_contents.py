"""Tables of whole values, against a dictionary of lists."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.whoosh_engine.segment.value_table import ValueTable
from tests.indexer.whoosh_engine.gathered import contents_of
from tests.samples import full, plain

values = st.lists(st.lists(st.sampled_from(("", "a", "b", "ab", "é", "東京", "a\0b", "ÿ")), unique=True), max_size=8)


@given(values)
def test_each_value_has_its_documents(documents: list[list[str]]) -> None:
    expected: defaultdict[str, list[int]] = defaultdict(list)
    for number, some in enumerate(documents):
        for value in some:
            expected[value].append(number)
    table = ValueTable.of_documents(documents)
    assert [(value, documents.tolist()) for value, documents in table.items()] == sorted(expected.items())
    again = ValueTable.of_arrays("topic", dict(table.arrays("topic")))
    assert [(value, documents.tolist()) for value, documents in again.items()] == sorted(expected.items())


@pytest.mark.parametrize("documents", [[], [[], []]])
def test_a_table_without_values_is_empty(documents: list[list[str]]) -> None:
    table = ValueTable.of_documents(documents)
    assert list(table.items()) == []
    assert (table.offsets.tolist(), table.documents.tolist()) == ([0], [])


def test_contents_are_as_long_as_they_have_documents() -> None:
    assert [len(contents_of(articles)) for articles in ([], [plain("a")], [plain("a"), full("b")])] == [0, 1, 2]
