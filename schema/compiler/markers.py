"""Fields that are resolved in two steps, the first of which depends on the arguments alone."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple, Protocol

_KEY = "prepared"
_FIXED = "fixed"
_KEPT = "kept"


class Step(Protocol):
    """The second step of a field, from the parent's value and the request's context."""

    def __call__(self, parent: Any, context: Any) -> object:  # noqa: ANN401 - as the schema's types are
        """The field's value. Raises as the resolver does."""


Prepare = Callable[..., Step]
"""Takes the arguments of a resolver by their names. Its answer serves all calls with the same arguments."""


class Preparation(NamedTuple):
    """The first step of a field. With a `part`, it takes that of the parent before the arguments.

    With `selected` as the name of a parameter, it also takes the names of all fields that are selected below.
    """

    prepare: Prepare
    part: Callable[[Any], Hashable] | None = None
    selected: str | None = None


def prepared_by(
    prepare: Prepare, part: Callable[[Any], Hashable] | None = None, *, selected: str | None = None
) -> Mapping[str, Preparation]:
    """The metadata of a field whose resolver does nothing but `prepare(**arguments)(parent, info.context)`.

    With a `part`, it does nothing but `prepare(part(parent), **arguments)(parent, info.context)`. The names of
    selected fields, which `prepare` may take as `selected`, must not make a difference to any of their values.
    """
    return {_KEY: Preparation(prepare, part, selected)}


def preparation(metadata: Mapping[Any, Any]) -> Preparation | None:
    """The first step of a field with this metadata, if it has one."""
    first: Preparation | None = metadata.get(_KEY)
    return first


def fixed_by(*attributes: str) -> Mapping[str, frozenset[str]]:
    """The metadata of a field whose answer depends on its parent and on these attributes of the context alone."""
    return {_FIXED: frozenset(attributes)}


FIXED = fixed_by()
"""The metadata of a field whose answer depends on its parent alone."""


def fixing(metadata: Mapping[Any, Any]) -> frozenset[str] | None:
    """The attributes of the context that a field with this metadata depends on; None where it may depend on more."""
    attributes: frozenset[str] | None = metadata.get(_FIXED)
    return attributes


class Identity(NamedTuple):
    """The attributes of a parent that a field depends on beside the context."""

    value: str
    """An immutable value: where it is the same object, so is the answer. None or empty where nothing can be kept."""
    around: tuple[str, ...] = ()
    """Values that must be equal, too."""


def kept_by(value: str, *around: str) -> Mapping[str, Identity]:
    """The metadata of a field whose objects depend on these attributes of its parent, and not on its path.

    It reads an attribute, which is not awaited where there is a value.
    """
    return {_KEPT: Identity(value, around)}


def identity_of(metadata: Mapping[Any, Any]) -> Identity | None:
    """The identity of a field with this metadata; None where it is not known."""
    identity: Identity | None = metadata.get(_KEPT)
    return identity
