"""From the text of a request to a valid document, remembered."""

from functools import lru_cache

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate
from graphql.validation.validate import ValidationAbortedError

from schema.limits.limits import Limits, Switch
from schema.limits.request_size import long_numbers, too_big, too_long
from schema.limits.rules import rules

_REMEMBERED_LENGTH = 20_000
"""Longer texts are read anew each time, so that the memory stays small: no client writes such queries by hand."""
_MORE_ERRORS = "The query has more errors than these. Mend them first."
_TOO_INTRICATE = "The query has too many fragments within fragments to be checked. Use fewer."


class Documents:
    """Reads documents for one schema under one set of limits.

    How big a document is, is found out fast, and validation takes longer the bigger it is: so this is asked first.
    """

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._rules = rules(limits)
        self._remembered = lru_cache(limits.document_cache)(self._checked)

    def read(self, text: str) -> DocumentNode | tuple[GraphQLError, ...]:
        """The document, or what is wrong with it."""
        return self._remembered(text) if len(text) <= _REMEMBERED_LENGTH else self._checked(text)

    def _checked(self, text: str) -> DocumentNode | tuple[GraphQLError, ...]:
        return tuple(too_long(text, self._limits)) or self._parsed(text)

    def _parsed(self, text: str) -> DocumentNode | tuple[GraphQLError, ...]:
        most = self._limits.max_tokens
        try:
            document = parse(text, max_lexical_tokens=most, max_comments=most)
        except GraphQLError as error:
            return (error.with_traceback(None),)
        excess = (*too_big(document, self._limits), *long_numbers(document, text)[: self._limits.max_errors])
        return excess or self._valid(document)

    def _valid(self, document: DocumentNode) -> DocumentNode | tuple[GraphQLError, ...]:
        most = self._limits.max_errors
        is_silent = self._limits.schema_hints is Switch.OFF
        errors = validate(self._schema, document, self._rules, max_errors=most, hide_suggestions=is_silent)
        if errors and type(errors[-1]) is ValidationAbortedError:
            errors[-1] = GraphQLError(_MORE_ERRORS if len(errors) > most else _TOO_INTRICATE)
        return tuple(errors) or document
