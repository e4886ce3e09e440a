"""From the text of a request to a valid document, kept in memory."""

from dataclasses import dataclass
from sys import getsizeof

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    Lexer,
    OperationType,
    Source,
    Token,
    get_operation_ast,
    validate,
)
from graphql.language.parser import Parser, nested_too_deeply_error
from graphql.validation.validate import ValidationAbortedError

from indexer.memory import OVERHEAD, Memory
from schema.limits.error_codes import Code, coded
from schema.limits.limits import Limits, Switch
from schema.limits.request_size import long_numbers, too_big, too_long
from schema.limits.rules import joined, rules

_MOST_TOKENS = 2000
_MORE_ERRORS = "The query has more errors than these. Mend them first."
_TOO_INTRICATE = "The query has too many fragments within fragments to be checked. Use fewer."

_TOKEN_BYTES = 500
"""Bytes of a token with its share of the syntax tree, about."""


@dataclass(frozen=True, slots=True)
class Document:
    """The document of a text, or the errors of one that is not valid, and about the bytes that they take."""

    node: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()
    nbytes: int = 2 * OVERHEAD


class Documents:
    """Reads documents for one schema under one set of limits.

    The size is checked first: that is fast, and validation takes longer the bigger a document is.
    """

    def __init__(self, schema: GraphQLSchema, limits: Limits, memory: Memory) -> None:
        self._schema = schema
        self._limits = limits
        self._rules = (joined(rules(limits)),)
        self._documents = memory.kept("documents", _size, self._read)

    def read(self, text: str) -> Document:
        """The document of a text."""
        return self._documents(text)

    def _read(self, text: str) -> Document:
        limits = self._limits
        errors = tuple(too_long(text, limits))
        if errors:
            return Document(None, errors)
        try:
            node, tokens = _parsed(text, most_tokens=limits.max_tokens, most_comments=limits.max_tokens)
        except GraphQLError as error:
            return Document(None, (coded(error.with_traceback(None), _code(error)),))
        nbytes = OVERHEAD + _TOKEN_BYTES * tokens
        excess = (*too_big(node, limits), *long_numbers(node, text)[: limits.max_errors])
        errors = excess or self._errors(node)
        return Document(None, errors, nbytes) if errors else Document(node, (), nbytes)

    def _errors(self, node: DocumentNode) -> tuple[GraphQLError, ...]:
        limits = self._limits
        is_silent = limits.schema_hints is Switch.OFF
        errors = validate(self._schema, node, self._rules, max_errors=limits.max_errors, hide_suggestions=is_silent)
        if errors and type(errors[-1]) is ValidationAbortedError:
            errors[-1] = GraphQLError(_MORE_ERRORS if len(errors) > limits.max_errors else _TOO_INTRICATE)
        return tuple([coded(error, Code.GRAPHQL_VALIDATION_FAILED) for error in errors])


def _code(error: GraphQLError) -> Code:
    """The code of an error of graphql-core's parser, whose own limits have none."""
    if error.message.endswith("nested too deeply. Parsing aborted."):
        return Code.QUERY_TOO_DEEP
    return Code.QUERY_TOO_LONG if error.message.endswith("Parsing aborted.") else Code.GRAPHQL_PARSE_FAILED


def _parsed(text: str, *, most_tokens: int, most_comments: int | None = None) -> tuple[DocumentNode, int]:
    """The syntax tree of a text, and the number of its tokens. Raises GraphQLError as `graphql.parse` does.

    Tokens are linked both ways, and would keep each other alive: they are parted, also those of a text that is refused,
    of which `graphql.parse` gives none away.
    """
    lexer = Lexer(Source(text))
    first, node = lexer.token, None
    parser = Parser(lexer.source, lexer=lexer, max_lexical_tokens=most_tokens, max_comments=most_comments)
    try:
        node = parser.parse_document()
    except RecursionError:
        pass
    finally:
        tokens = _parted(first)
    if node is None:  # not within the `except`: that would keep the frames of the recursion
        raise nested_too_deeply_error(parser)
    return node, tokens


def _parted(first: Token) -> int:
    """The number of tokens in a row, whose links are cut."""
    count = 0
    token: Token | None = first
    while token is not None:
        following, token.prev, token.next = token.next, None, None
        token, count = following, count + 1
    return count


def _size(text: str, document: Document) -> int:
    return getsizeof(text) + document.nbytes


def is_query(text: str, operation_name: str | None) -> bool:
    """False where the text asks for a mutation or a subscription; True also where it cannot be parsed."""
    if "mutation" not in text and "subscription" not in text:
        return True
    try:
        node, _ = _parsed(text, most_tokens=_MOST_TOKENS)
    except GraphQLError:
        return True
    operation = get_operation_ast(node, operation_name)
    return operation is None or operation.operation is OperationType.QUERY
