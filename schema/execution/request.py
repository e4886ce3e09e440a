"""A GraphQL request, and the answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from graphql.execution.values import VariableValues

utc_now = partial(datetime.now, UTC)
"""The clock on the wall."""


class Checked(NamedTuple):
    """Variables of a request that an executor has found nothing to refuse in, and the cost of its operation."""

    executor: object
    """Tells executors apart."""
    values: VariableValues
    cost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphQLRequest:
    """A request. `variables` are JSON values. Without `now` it is answered by the clock on the wall.

    `server_url` is the server's address as the client knows it, to which paths are added. What an executor `checked` is
    noted, for when the same object comes again.
    """

    query: str
    variables: Mapping[str, object] | None = None
    operation_name: str | None = None
    now: datetime | None = None
    server_url: str | None = None
    checked: Checked | None = field(default=None, init=False, compare=False, repr=False)

    def note(self, checked: Checked) -> None:
        """Remember what was checked. It depends on nothing but the request and the executor."""
        object.__setattr__(self, "checked", checked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a request.

    `body` is JSON in UTF-8. `executed` is false where the request was refused as a whole, so that the body has no
    `data`. `operation` is the name of the operation that ran. `error_codes` has one code for each error in the body.
    """

    body: bytes
    executed: bool
    operation: str | None
    error_codes: tuple[str, ...]
