"""From the `filter` argument to a condition on articles."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import orjson
import strawberry
from strawberry.scalars import JSON

from indexer.article import Extra, extra_term
from indexer.search import filters as conditions
from indexer.search.filters import AllOf, Among, AnyOf, AtLeast, HasImage, Not, NumberField, Required, TermField
from schema.inputs.bad_input import BadUserInput, short
from schema.limits.limits import MAX_CONDITIONS, MAX_VALUES


@strawberry.input(description="Conditions on a value that an article has once. All that are given must hold.")
class ValueFilter:
    """Conditions on a provider's domain, a category or a type."""

    any: list[str] | None = strawberry.field(
        description="The value is one of these, case ignored. An empty list matches nothing."
    )
    none: list[str] | None = strawberry.field(
        description="The value is none of these, case ignored. Articles without a value match."
    )


@strawberry.input(
    description="Conditions on the topics or the authors of an article. All that are given must hold: "
    '`{any: ["AI", "5G"], none: ["sport"]}`.'
)
class TopicFilter:
    """Conditions on a list of names."""

    any: list[str] | None = strawberry.field(
        description="The article has at least one of these, case ignored. An empty list matches nothing."
    )
    all: list[str] | None = strawberry.field(
        description="The article has every one of these, case ignored. An empty list matches everything."
    )
    none: list[str] | None = strawberry.field(description="The article has none of these, case ignored.")


@strawberry.input(description='A condition on one of the `extras`: `{name: "series", equals: "Owls"}`.')
class ExtraFilter:
    """A condition on a field of the content's own."""

    name: str = strawberry.field(description="The name that it has in `extras`.")
    equals: JSON = strawberry.field(
        description="Its value, or one of the items where that is a list. A number equals numbers, and a text texts."
    )


@strawberry.input(
    description="Which articles to list. All conditions that are given must hold; null is no condition. "
    'Example: `{topics: {any: ["AI"]}, qualityAtLeast: 50, not: {provider: {any: ["daily.example"]}}}`.'
)
class ArticleFilter:
    """Each field that is given is one condition."""

    and_: list["ArticleFilter"] | None = strawberry.field(
        name="and", description="Every one of these filters matches. An empty list matches everything."
    )
    or_: list["ArticleFilter"] | None = strawberry.field(
        name="or", description="At least one of these filters matches. An empty list matches nothing."
    )
    not_: "ArticleFilter | None" = strawberry.field(name="not", description="This filter does not match.")
    topics: TopicFilter | None = strawberry.field(description="Conditions on the topics.")
    provider: ValueFilter | None = strawberry.field(
        description='Conditions on the provider\'s domain: `{any: ["cnet.com"]}`.'
    )
    category: ValueFilter | None = strawberry.field(description='Conditions on the category: `{any: ["news"]}`.')
    type: ValueFilter | None = strawberry.field(description='Conditions on the type: `{none: ["video"]}`.')
    authors: TopicFilter | None = strawberry.field(description='Conditions on the authors: `{any: ["Ann Lee"]}`.')
    extra: list[ExtraFilter] | None = strawberry.field(
        description='Values that the article has in its `extras`: `[{name: "series", equals: "Owls"}]`. An empty list '
        "matches everything."
    )
    published_after: datetime | None = strawberry.field(description="Published at this instant or later.")
    published_before: datetime | None = strawberry.field(description="Published earlier than this instant.")
    quality_at_least: int | None = strawberry.field(
        description="The quality is this or more. Articles without a quality do not match."
    )
    heat_at_least: int | None = strawberry.field(
        description="The heat is this or more. Articles without a heat do not match."
    )
    has_image: bool | None = strawberry.field(
        description="True: the article has at least one image of its own. False: it has none."
    )


def condition_of(argument: ArticleFilter) -> conditions.Filter:
    """The condition that the argument means. Raises `BadUserInput` where it combines too many filters."""
    return _Reader().read(argument)


class _Reader:
    """Reads one argument, and counts the filters in it."""

    def __init__(self) -> None:
        self._filters = 0

    def read(self, argument: ArticleFilter) -> conditions.Filter:
        self._filters += 1
        if self._filters > MAX_CONDITIONS:
            raise BadUserInput("filter", f"it combines more than {MAX_CONDITIONS} filters; use lists of values instead")
        parts = [*self._combined(argument), *_terms(argument), *_bounds(argument)]
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _combined(self, argument: ArticleFilter) -> Iterable[conditions.Filter]:
        if argument.and_ is not None:
            yield AllOf(tuple(map(self.read, argument.and_)))
        if argument.or_ is not None:
            yield AnyOf(tuple(map(self.read, argument.or_)))
        if argument.not_ is not None:
            yield Not(self.read(argument.not_))


def _terms(argument: ArticleFilter) -> Iterable[conditions.Filter]:
    for field, name, names in (
        (TermField.TOPIC, "topics", argument.topics),
        (TermField.AUTHOR, "authors", argument.authors),
    ):
        if names:
            yield from _among(field, name, names.any, names.none)
            each = _values(name, "all", names.all or [])
            yield from (Required(field, frozenset({value})) for value in sorted(each))
    if len(argument.extra or ()) > MAX_VALUES:
        raise BadUserInput(
            "filter", f"extra holds {len(argument.extra or ())} values, and at most {MAX_VALUES} are allowed"
        )
    yield from map(_extra, argument.extra or ())
    for field, name, value in (
        (TermField.PROVIDER, "provider", argument.provider),
        (TermField.CATEGORY, "category", argument.category),
        (TermField.TYPE, "type", argument.type),
    ):
        if value:
            yield from _among(field, name, value.any, value.none)


def _extra(argument: ExtraFilter) -> conditions.Filter:
    try:
        orjson.dumps(argument.equals)  # which first refuses what is nested too deep to be walked
        value = Extra.of(argument.name, argument.equals).value
    except TypeError as error:  # too deep, an integer beyond 64 bits, or half a character
        raise BadUserInput("filter", f"extra.equals cannot be written as JSON: {error}") from error
    return Among(TermField.EXTRA, frozenset({short(extra_term(argument.name, value), "filter: extra")}))


def _among(
    field: TermField, name: str, included: list[str] | None, excluded: list[str] | None
) -> Iterable[conditions.Filter]:
    if included is not None:
        yield Among(field, _values(name, "any", included))
    if excluded:
        yield Not(Among(field, _values(name, "none", excluded)))


def among(field: TermField, argument: str, values: Sequence[str]) -> conditions.Filter:
    """The articles that have one of the values of an argument. Raises `BadUserInput` for too many, or too long ones."""
    return Among(field, _checked(values, argument, "it", name=argument))


def _values(name: str, key: str, values: Sequence[str]) -> frozenset[str]:
    return _checked(values, "filter", f"{name}.{key}", name=f"filter: {name}.{key}")


def _checked(values: Sequence[str], argument: str, holder: str, *, name: str) -> frozenset[str]:
    if len(values) > MAX_VALUES:
        raise BadUserInput(argument, f"{holder} holds {len(values)} values, and at most {MAX_VALUES} are allowed")
    return frozenset(short(value, name) for value in values)


def _bounds(argument: ArticleFilter) -> Iterable[conditions.Filter]:
    if argument.quality_at_least is not None:
        yield AtLeast(NumberField.QUALITY, argument.quality_at_least)
    if argument.heat_at_least is not None:
        yield AtLeast(NumberField.HEAT, argument.heat_at_least)
    if argument.published_after is not None:
        yield conditions.PublishedFrom(argument.published_after)
    if argument.published_before is not None:
        yield conditions.PublishedBefore(argument.published_before)
    if argument.has_image is not None:
        yield HasImage() if argument.has_image else Not(HasImage())
