"""Tables of terms, against the plainest way to count and place words."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.query.tree import WITH_BODY, TextField
from indexer.text.analysis import terms
from indexer.whoosh_engine.segment.term_table import TableBuilder, TermTable
from tests.indexer.whoosh_engine.gathered import assert_equal_arrays
from tests.strategies import sentences

Texts = Mapping[TextField, Sequence[str]]

texts = (st.just("") | sentences).map(terms)
documents = st.lists(st.fixed_dictionaries(dict.fromkeys(WITH_BODY, texts)), max_size=6)


def table_of(*articles: Texts) -> TermTable:
    builder = TableBuilder(WITH_BODY)
    for article in articles:
        builder.add(article)
    return builder.table()


def texts_of(title: str, excerpt: str = "") -> Texts:
    return {TextField.TITLE: title.split(), TextField.EXCERPT: excerpt.split(), TextField.BODY: []}


def occurrences(table: TermTable) -> set[tuple[str, int, TextField, int]]:
    """Every word with its document, field and position, as the table has them."""
    found = []
    for number, term in enumerate(table.terms):
        first, last = table.offsets[number], table.offsets[number + 1]
        assert first < last
        assert sorted(set(table.documents[first:last].tolist())) == table.documents[first:last].tolist()
        for field, part in table.fields.items():
            positions = part.positions[part.starts[number] : part.starts[number + 1]].tolist()
            having = np.repeat(table.documents[first:last], part.frequencies[first:last])
            found += [(term, document, field, place) for document, place in zip(having, positions, strict=True)]
    assert len(set(found)) == len(found)
    return set(found)


@given(documents)
def test_a_table_has_every_word_where_it_stands(articles: list[Texts]) -> None:
    expected = {
        (term, number, field, position)
        for number, article in enumerate(articles)
        for field in WITH_BODY
        for position, term in enumerate(article[field])
    }
    table = table_of(*articles)
    assert occurrences(table) == expected
    assert table.terms == sorted({term for term, *_ in expected})


@given(documents)
def test_a_table_comes_back_from_its_arrays(articles: list[Texts]) -> None:
    table = table_of(*articles)
    arrays = dict(table.arrays("text"))
    again = TermTable.of_arrays("text", arrays)
    assert_equal_arrays(dict(again.arrays("text")), arrays)
    assert (again.terms, again.fields.keys()) == (table.terms, table.fields.keys())
    assert occurrences(again) == occurrences(table)


@pytest.mark.parametrize("articles", [(), (texts_of(""), texts_of(""))])
def test_a_table_without_words_is_empty(articles: tuple[Texts, ...]) -> None:
    table = table_of(*articles)
    assert (table.terms, table.offsets.tolist(), table.documents.tolist()) == ([], [0], [])
    assert table.number("owl") is None
    assert not table.beginning_with("")


def test_positions_of_a_word_are_in_order_document_by_document() -> None:
    table = table_of(texts_of("owl mill owl", "owl"), texts_of("mill", "the owl owl"))
    assert table.terms == ["mill", "owl", "the"]
    owl = table.number("owl")
    assert owl == 1
    assert table.offsets.tolist() == [0, 2, 4, 5]
    assert table.documents.tolist() == [0, 1, 0, 1, 1]
    title, excerpt = table.fields[TextField.TITLE], table.fields[TextField.EXCERPT]
    assert title.frequencies.tolist() == [1, 1, 2, 0, 0]
    assert title.positions.tolist() == [1, 0, 0, 2]
    assert excerpt.frequencies.tolist() == [0, 0, 1, 2, 1]
    assert excerpt.positions[excerpt.starts[owl] : excerpt.starts[owl + 1]].tolist() == [0, 1, 2]


def test_terms_of_all_scripts_are_found_and_sorted_as_their_bytes_are() -> None:
    # Whoosh sorts bytes.
    table = table_of(texts_of("c++ zebra москва 東 京 ラ 🗞 émile muller \U00020000 \uffdc .net 5g"))
    assert [term.encode() for term in table.terms] == sorted(term.encode() for term in table.terms)
    assert all(table.terms[table.number(term) or 0] == term for term in table.terms)
    again = TermTable.of_arrays("text", dict(table.arrays("text")))
    assert again.terms == table.terms


@given(documents, texts)
def test_beginning_with_a_prefix_are_those_that_do(articles: list[Texts], typed: list[str]) -> None:
    table = table_of(*articles)
    for prefix in {"", "c", "ru", "東", "\u043c", *typed}:
        found = [table.terms[number] for number in table.beginning_with(prefix)]
        assert found == [term for term in table.terms if term.startswith(prefix)]


def test_numbers_take_no_more_bytes_than_they_need() -> None:
    table = table_of(texts_of("owl", " ".join(f"w{number}" for number in range(300)) + " owl" * 300))
    assert table.fields[TextField.TITLE].positions.dtype == np.uint8
    assert table.fields[TextField.EXCERPT].positions.dtype == np.uint16
    assert table.fields[TextField.EXCERPT].frequencies.dtype == np.uint16
    assert occurrences(table) >= {("owl", 0, TextField.EXCERPT, 599), ("w256", 0, TextField.EXCERPT, 256)}


@given(documents, st.integers(1, 9))
def test_parts_are_tables_that_have_all_together(articles: list[Texts], most: int) -> None:
    table = table_of(*articles)
    parts = [*table.parts(most)]
    assert [term for part in parts for term in part.terms] == table.terms
    assert [one for part in parts for one in sorted(occurrences(part))] == sorted(occurrences(table))
    for part in parts:
        assert part.offsets[0] == 0
        assert len(part.documents) <= most or len(part.terms) == 1
    for part, after in pairwise(parts):  # with the next term, there would have been too many
        assert len(part.documents) + after.offsets[1] > most
