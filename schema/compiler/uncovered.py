"""What is left to the stock executor from the start."""


class Uncovered(Exception):
    """The compiler does not know this part of GraphQL, which the message names."""
