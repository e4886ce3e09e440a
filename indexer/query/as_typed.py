"""A query written as a person would type it into the search box."""

from collections.abc import Sequence
from itertools import pairwise

from indexer.query.tree import Every, Phrase, Prefix, Query, Some, Without, Word, without_spellings
from indexer.text.analysis import BOUNDARY, is_one_word


def as_typed(query: Query, *, with_fields: bool = True) -> str:
    """The text for a query: `-title:word`. Without fields, `-word`.

    >>> as_typed(Every((Word("owl"), Without(Phrase(("night", "bird"), (TextField.TITLE,))))))
    'owl -title:"night bird"'
    """
    match query:
        case Word(term, fields):
            text = term
        case Prefix(prefix, fields):
            text = f"{prefix}*"
        case Phrase(terms, fields, is_open=True):
            text = f"{_together(terms, '-')}*"
        case Phrase(terms, fields):
            text = f'"{_together(terms, " ")}"'
        case Without(excluded):
            return f"-{as_typed(excluded, with_fields=with_fields)}"
        case Every(queries):
            return " ".join(as_typed(part, with_fields=with_fields) for part in queries)
        case Some(queries):
            return " OR ".join(as_typed(part, with_fields=with_fields) for part in without_spellings(queries))
    return f"{fields[0]}:{text}" if with_fields and len(fields) == 1 else text


def _together(terms: Sequence[str], separator: str) -> str:
    """Terms that stand together, with separators where they would be one word without."""
    text = terms[0]
    for before, term in pairwise(terms):
        if term == BOUNDARY:
            text += ","
        elif before == BOUNDARY or is_one_word(before, term):
            text += term
        else:
            text += f"{separator}{term}"
    return text
