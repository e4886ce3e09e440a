"""The error for arguments that make no sense."""

from indexer.errors import RequestError


class BadUserInput(RequestError):
    """An argument that makes no sense. The message begins with the argument's name."""

    def __init__(self, argument: str, problem: str) -> None:
        super().__init__(f"{argument}: {problem}")
