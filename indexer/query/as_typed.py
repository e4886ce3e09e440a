"""A query written as a person would type it into the search box."""

from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, Without, Word, without_spellings


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
            text = f"{'-'.join(terms)}*"
        case Phrase(terms, fields):
            text = f'"{" ".join(terms)}"'
        case Without(excluded):
            return f"-{as_typed(excluded, with_fields=with_fields)}"
        case Every(queries):
            return " ".join(as_typed(part, with_fields=with_fields) for part in queries)
        case Some(queries):
            return " OR ".join(as_typed(part, with_fields=with_fields) for part in without_spellings(queries))
    return f"{fields[0]}:{text}" if with_fields and fields != SEARCHED else text
