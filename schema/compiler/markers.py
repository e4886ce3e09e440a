"""Fields that are resolved in two steps, the first of which depends on the arguments alone."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

_KEY = "prepared"


class Step(Protocol):
    """The second step of a field, from the parent's value and the request's context."""

    def __call__(self, parent: Any, context: Any) -> object:  # noqa: ANN401 - as the schema's types are
        """The field's value. Raises as the resolver does."""


Prepare = Callable[..., Step]
"""Takes the arguments of a resolver by their names. Its answer serves all calls with the same arguments."""


def prepared_by(prepare: Prepare) -> Mapping[str, Prepare]:
    """The metadata of a field whose resolver does nothing but `prepare(**arguments)(parent, info.context)`."""
    return {_KEY: prepare}


def preparation(metadata: Mapping[Any, Any]) -> Prepare | None:
    """The first step of a field with this metadata, if it has one."""
    prepare: Prepare | None = metadata.get(_KEY)
    return prepare


FIXED: Mapping[str, bool] = {"fixed": True}
"""The metadata of a field whose answer depends on its parent alone."""
