"""Garbage that only the collector finds."""


class Circle:
    """An object that keeps itself alive."""

    def __init__(self) -> None:
        self.itself = self
