"""From the text of a request to a valid document, remembered."""

from functools import lru_cache, partial

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationType, get_operation_ast, parse, validate
from graphql.validation import ASTValidationRule
from graphql.validation.validate import ValidationAbortedError

from schema.limits.limits import Limits, Switch
from schema.limits.request_size import long_numbers, too_big, too_long
from schema.limits.rules import rules

LONGEST_REMEMBERED = 20_000
"""Characters. Longer texts are read anew each time, so that the memory stays small."""
_MOST_TOKENS = 2000
_MORE_ERRORS = "The query has more errors than these. Mend them first."
_TOO_INTRICATE = "The query has too many fragments within fragments to be checked. Use fewer."

Document = DocumentNode | tuple[GraphQLError, ...]
"""A valid document, or the errors of a text that is none."""
Rules = tuple[type[ASTValidationRule], ...]


class Documents:
    """Reads documents for one schema under one set of limits.

    The size is checked first: that is fast, and validation takes longer the bigger a document is.
    """

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        self._checked = partial(_checked, schema, limits, rules(limits))
        self._remembered = lru_cache(limits.document_cache)(self._checked)

    def read(self, text: str) -> Document:
        """The document, or its errors."""
        return self._remembered(text) if len(text) <= LONGEST_REMEMBERED else self._checked(text)


def _checked(schema: GraphQLSchema, limits: Limits, rules: Rules, text: str) -> Document:
    errors = tuple(too_long(text, limits))
    if errors:
        return errors
    try:
        document = parse(text, max_lexical_tokens=limits.max_tokens, max_comments=limits.max_tokens)
    except GraphQLError as error:
        return (error.with_traceback(None),)
    excess = (*too_big(document, limits), *long_numbers(document, text)[: limits.max_errors])
    return excess or _errors(schema, limits, rules, document) or document


def _errors(schema: GraphQLSchema, limits: Limits, rules: Rules, document: DocumentNode) -> tuple[GraphQLError, ...]:
    is_silent = limits.schema_hints is Switch.OFF
    errors = validate(schema, document, rules, max_errors=limits.max_errors, hide_suggestions=is_silent)
    if errors and type(errors[-1]) is ValidationAbortedError:
        errors[-1] = GraphQLError(_MORE_ERRORS if len(errors) > limits.max_errors else _TOO_INTRICATE)
    return tuple(errors)


def is_query(text: str, operation_name: str | None) -> bool:
    """False where the text asks for a mutation or a subscription; True also where it cannot be parsed."""
    if "mutation" not in text and "subscription" not in text:
        return True
    try:
        operation = get_operation_ast(parse(text, max_lexical_tokens=_MOST_TOKENS), operation_name)
    except GraphQLError:
        return True
    return operation is None or operation.operation is OperationType.QUERY
