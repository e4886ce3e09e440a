"""The codes by which programs know an error."""

from enum import StrEnum

from graphql import GraphQLError


class Code(StrEnum):
    """The value of `extensions.code` in an error: the client or, for `INTERNAL`, the server has to change."""

    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    """The query is no GraphQL."""
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    """The query does not fit the schema."""
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    """The query has no operation, none of this name, or several and no name was sent."""
    STREAM_REQUIRED = "STREAM_REQUIRED"
    """The operation is a subscription, and was sent where only one answer can be."""
    CHANGES_MISSED = "CHANGES_MISSED"
    """Changes of a saved search cannot be told one by one; the list has to be asked for anew."""
    BAD_USER_INPUT = "BAD_USER_INPUT"
    """A value of an argument or variable cannot be taken."""
    QUERY_TOO_LONG = "QUERY_TOO_LONG"
    """The query has too many characters, lines, comments or tokens."""
    QUERY_TOO_DEEP = "QUERY_TOO_DEEP"
    """The query nests too many fields."""
    TOO_MANY_FIELDS = "TOO_MANY_FIELDS"
    TOO_MANY_ALIASES = "TOO_MANY_ALIASES"
    TOO_MANY_DIRECTIVES = "TOO_MANY_DIRECTIVES"
    TOO_MANY_COMPARISONS = "TOO_MANY_COMPARISONS"
    """Too many fields have the same name in the answer."""
    TOO_MANY_VARIABLES = "TOO_MANY_VARIABLES"
    """The variables hold too many values."""
    NAME_TOO_LONG = "NAME_TOO_LONG"
    """The name of an operation, or an alias."""
    NUMBER_TOO_LONG = "NUMBER_TOO_LONG"
    """A number in the query has too many digits."""
    INTROSPECTION_DISABLED = "INTROSPECTION_DISABLED"
    """The server answers no questions about its schema."""
    DEVELOPMENT_ONLY = "DEVELOPMENT_ONLY"
    """Only a server in development mode answers this."""
    OPERATION_TOO_COSTLY = "OPERATION_TOO_COSTLY"
    """The operation costs more than is allowed."""
    ANSWER_TOO_LARGE = "ANSWER_TOO_LARGE"
    """The answer would have more bytes than are sent."""
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    """The request took too long, and was given up. It may succeed later, or if it asks for less."""
    OVERLOADED = "OVERLOADED"
    """There is more to do than the server can do soon. The request may succeed later as it is."""
    INDEX_UNAVAILABLE = "INDEX_UNAVAILABLE"
    """The server cannot read its index. The request may succeed later as it is."""
    INDEX_UNREACHABLE = "INDEX_UNREACHABLE"
    """No node of the cluster that has the index answers. The request may succeed soon as it is."""
    INTERNAL = "INTERNAL"
    """The server failed; its log has the reason, under the id in the error."""


def coded(error: GraphQLError, code: Code) -> GraphQLError:
    """The same error, with this code where it has none."""
    error.extensions = {"code": code, **(error.extensions or {})}
    return error
