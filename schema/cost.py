"""What an operation costs, known before it is executed."""

import math
from collections.abc import Mapping

from graphql import DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode

from schema.compiler.selection import fragments_of
from schema.measures import Amount, uses
from schema.reckoning import Reckoning

_REMEMBERED = 64
"""Costs of one operation; one for each way in which the variables that matter have been given."""


class Cost:
    """The cost of one operation of a valid document; see `schema/prices.py`."""

    def __init__(
        self, schema: GraphQLSchema, operation: OperationDefinitionNode, document: DocumentNode, *, longest_text: int
    ) -> None:
        """Take an operation; texts that are longer than the longest are refused when they are looked at."""
        self._schema = schema
        self._operation = operation
        self._document = document
        self._longest_text = longest_text
        self._uses = tuple(uses(document))
        self._known: dict[tuple[Amount, ...], int] = {}

    def of(self, variables: Mapping[str, object]) -> int:
        """What it costs with these values, which have been coerced."""
        amounts = tuple([measure(variables.get(name)) for name, measure in self._uses])
        cost = self._known.get(amounts)
        return self._reckoned(amounts) if cost is None else cost

    def _reckoned(self, amounts: tuple[Amount, ...]) -> int:
        given = dict(zip(self._uses, amounts, strict=True))
        fragments = fragments_of(self._document)
        reckoning = Reckoning(self._schema, fragments, given, longest_text=self._longest_text)
        cost = math.ceil(reckoning.operation(self._operation))
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[amounts] = cost
        return cost


def too_dear(cost: int, *, most: int) -> GraphQLError | None:
    """What is wrong with an operation that costs more than `most`."""
    if cost <= most:
        return None
    message = (
        f"The query costs {cost}, and at most {most} is allowed. "
        "Ask for smaller pages, for fewer lists within lists, or for less in each entry."
    )
    return GraphQLError(message, extensions={"cost": cost, "maxCost": most})
