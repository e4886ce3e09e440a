"""The error for arguments that make no sense."""

from indexer.errors import RequestError
from schema.limits.limits import MAX_TEXT, Limits

_LONGEST_QUOTATION = 40


class BadUserInput(RequestError):
    """An argument that makes no sense. The message begins with the argument's name."""

    def __init__(self, argument: str, problem: str) -> None:
        super().__init__(f"{argument}: {problem}")


def quoted(text: str) -> str:
    """The text as an error quotes it: in quotation marks, and its first 40 characters where it is longer."""
    return repr(text if len(text) <= _LONGEST_QUOTATION else f"{text[:_LONGEST_QUOTATION]}…")


def short(text: str, argument: str) -> str:
    """The text. Raises `BadUserInput` where it is longer than any value, before anything reads it."""
    if len(text) > MAX_TEXT:
        raise BadUserInput(argument, f"{len(text)} characters, and at most {MAX_TEXT} are allowed")
    return text


def check_length(
    text: str, limits: Limits, *, argument: str = "search", remedy: str = "search for fewer words"
) -> None:
    """Raise `BadUserInput` where a text to look for is too long."""
    most = limits.max_search_length
    if len(text) > most:
        raise BadUserInput(argument, f"{len(text)} characters, and at most {most} are allowed; {remedy}")
