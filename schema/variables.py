"""How much is sent as variables."""

from collections.abc import Collection, Mapping

from graphql import GraphQLError


def too_many(variables: Mapping[str, object], *, most: int) -> GraphQLError | None:
    """What is wrong with variables that hold more than `most` values, those within lists and objects included."""
    counted = 0
    waiting: list[object] = [variables]
    while waiting:
        values = _within(waiting.pop())
        counted += len(values)
        if counted > most:
            message = f"The variables hold more than {most} values, and no more are allowed. Send them in portions."
            return GraphQLError(message)
        waiting += values
    return None


def _within(value: object) -> Collection[object]:
    match value:
        case list():
            return value
        case dict():
            return value.values()
        case _:
            return ()
