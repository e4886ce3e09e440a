"""Posting lists that are encoded in parts, against those that are encoded at once."""

from collections.abc import Iterable

import pytest

from indexer.query.tree import TextField
from indexer.search.filters import TermField
from indexer.whoosh_engine.storage.whoosh_fields import FIELDS, value_field
from indexer.whoosh_engine.writing.posting_lists import PostingLists, lengths_in, rounded
from tests.indexer.whoosh_engine.segments import taken
from tests.library import LIBRARY

CONTENTS = taken(LIBRARY).contents()


def encoded(parts: Iterable[PostingLists]) -> list[tuple[str, bytes, bytes]]:
    """Each term, its postings, and its entry in the table of terms."""
    written, offset = [], 100
    for postings in parts:
        lists = [*postings.encoded()]
        written += zip(postings.terms, lists, postings.infos(offset, [*map(len, lists)]), strict=True)
        offset += sum(map(len, lists))
    return written


@pytest.mark.parametrize("most", [1, 7, 100, 1_000])
@pytest.mark.parametrize("field", [TextField.TITLE, TextField.EXCERPT])
def test_words_are_encoded_alike_in_parts(field: TextField, most: int) -> None:
    table = CONTENTS.tables["text"]
    lengths = rounded(lengths_in(table, field, len(CONTENTS)))
    whole = encoded([PostingLists.of_text(table, field, lengths)])
    assert encoded(PostingLists.of_text(part, field, lengths) for part in table.parts(most)) == whole


@pytest.mark.parametrize("most", [1, 7, 1_000])
def test_values_are_encoded_alike_in_parts(most: int) -> None:
    table, form = CONTENTS.values[TermField.TOPIC], FIELDS[value_field(TermField.TOPIC)].format
    whole = encoded([PostingLists.of_values(table, form)])
    parts = [*table.parts(most)]
    assert encoded(PostingLists.of_values(part, form) for part in parts) == whole
    assert len(parts) > (most < len(table.documents))
