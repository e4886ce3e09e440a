"""Limits on one request."""

from dataclasses import dataclass
from enum import StrEnum


class Switch(StrEnum):
    """A feature that is there, or is not."""

    ON = "on"
    OFF = "off"


DEFAULT_PAGE = 20
DEFAULT_VALUES = 10
"""Values of a facet that are listed where no number is given, and months."""
DEFAULT_MONTHS = 12

MAX_PAGE = 100
"""Entries that one page of a list holds at most."""
MAX_OFFSET = 10_000
"""Entries that a page of a list passes over at most; beyond them clients go on from cursor to cursor."""
MAX_IDS = 100
"""Ids that one `nodes` field looks up at most."""
MAX_SUGGESTIONS = 20
"""Suggestions that one `suggest` field holds at most."""
MAX_CONDITIONS = 50
"""Filters that one `filter` argument combines at most, itself included."""
MAX_VALUES = 100
"""Values that one list within a filter holds at most."""

MAX_TEXT = 500
"""Characters of a name, domain, topic, key or other value that an argument gives."""
MAX_URL = 2048
"""Characters of a URL that an argument gives."""
MAX_OPERATION_NAME = 200
"""Characters of an operation's name."""
MAX_RESPONSE_NAME = 100
"""Characters of an alias. The answer repeats it for every entry of a list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits that an operator may set.

    Of a document, `max_query_length` counts the characters, and `max_tokens` the words and signs and, apart from them,
    the comments and the lines. Of an operation, `max_depth` counts nested fields, `max_fields` all fields,
    `max_aliases` renamed ones, and `max_directives` directives; what is in a fragment counts as often as it is spread.
    `max_comparisons` is how much work may be made of fields with the same name in the answer, which must agree.
    Of a document or its variables, `max_errors` are listed. `max_variables` counts the values that are sent
    as variables, with all those in lists and objects.

    `max_search_length` is in code points. `max_cost` is what an operation may cost by the prices of
    `schema/cost/prices.py`, in units of about 25 microseconds, and `max_answer_bytes` the size of its answer.

    Without `introspection` nobody can ask for the schema, and without `schema_hints` no error says which of its names
    was probably meant. Only in `development` are the problems of content files told.
    """

    max_query_length: int = 50_000
    max_tokens: int = 2000
    max_depth: int = 12
    max_fields: int = 500
    max_aliases: int = 30
    max_directives: int = 50
    max_comparisons: int = 20_000
    max_errors: int = 10
    max_variables: int = 1000
    max_search_length: int = 500
    max_cost: int = 10_000
    max_answer_bytes: int = 16 * 1024 * 1024
    introspection: Switch = Switch.ON
    schema_hints: Switch = Switch.ON
    development: Switch = Switch.OFF
