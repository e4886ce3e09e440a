"""A build's progress, told to nobody."""

from indexer.errors import ContentProblem


class Silence:
    """Says nothing."""

    def start(self, files: int) -> None: ...

    def advance(self, files: int) -> None: ...

    def problem(self, problem: ContentProblem) -> None: ...

    def finish(self) -> None: ...
