"""From the `filter` argument to a condition on articles."""

from collections.abc import Iterable
from datetime import datetime

import strawberry

from indexer.search import filters as conditions
from indexer.search.filters import AllOf, Among, AnyOf, AtLeast, HasImage, Not, NumberField, Required, TermField
from schema.inputs.bad_input import BadUserInput
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
    description="Conditions on the topics of an article. All that are given must hold: "
    '`{any: ["AI", "5G"], none: ["sport"]}`.'
)
class TopicFilter:
    """Conditions on a list of topics."""

    any: list[str] | None = strawberry.field(
        description="The article has at least one of these topics, case ignored. An empty list matches nothing."
    )
    all: list[str] | None = strawberry.field(
        description="The article has every one of these topics, case ignored. An empty list matches everything."
    )
    none: list[str] | None = strawberry.field(description="The article has none of these topics, case ignored.")


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


def condition_of(given: ArticleFilter) -> conditions.Filter:
    """The condition that the argument means. Raises `BadUserInput` where it combines too many."""
    return _Reader().read(given)


class _Reader:
    """Reads one argument, and counts what it combines."""

    def __init__(self) -> None:
        self._filters = 0

    def read(self, given: ArticleFilter) -> conditions.Filter:
        self._filters += 1
        if self._filters > MAX_CONDITIONS:
            raise BadUserInput("filter", f"it combines more than {MAX_CONDITIONS} filters; use lists of values instead")
        found = [*self._combined(given), *_terms(given), *_numbers(given), *_dates(given), *_images(given)]
        return found[0] if len(found) == 1 else AllOf(tuple(found))

    def _combined(self, given: ArticleFilter) -> Iterable[conditions.Filter]:
        if given.and_ is not None:
            yield AllOf(tuple(map(self.read, given.and_)))
        if given.or_ is not None:
            yield AnyOf(tuple(map(self.read, given.or_)))
        if given.not_ is not None:
            yield Not(self.read(given.not_))


def _terms(given: ArticleFilter) -> Iterable[conditions.Filter]:
    if given.topics:
        yield from _among(TermField.TOPIC, "topics", given.topics.any, given.topics.none)
        each = _values("topics", "all", given.topics.all or [])
        yield from (Required(TermField.TOPIC, frozenset({topic})) for topic in sorted(each))
    for field, name, value in (
        (TermField.PROVIDER, "provider", given.provider),
        (TermField.CATEGORY, "category", given.category),
        (TermField.TYPE, "type", given.type),
    ):
        if value:
            yield from _among(field, name, value.any, value.none)


def _among(
    field: TermField, name: str, wanted: list[str] | None, unwanted: list[str] | None
) -> Iterable[conditions.Filter]:
    if wanted is not None:
        yield Among(field, _values(name, "any", wanted))
    if unwanted:
        yield Not(Among(field, _values(name, "none", unwanted)))


def _values(name: str, part: str, values: list[str]) -> frozenset[str]:
    if len(values) > MAX_VALUES:
        raise BadUserInput("filter", f"{name}.{part} holds {len(values)} values, and at most {MAX_VALUES} are allowed")
    return frozenset(values)


def _numbers(given: ArticleFilter) -> Iterable[conditions.Filter]:
    if given.quality_at_least is not None:
        yield AtLeast(NumberField.QUALITY, given.quality_at_least)
    if given.heat_at_least is not None:
        yield AtLeast(NumberField.HEAT, given.heat_at_least)


def _dates(given: ArticleFilter) -> Iterable[conditions.Filter]:
    if given.published_after is not None:
        yield conditions.PublishedFrom(given.published_after)
    if given.published_before is not None:
        yield conditions.PublishedBefore(given.published_before)


def _images(given: ArticleFilter) -> Iterable[conditions.Filter]:
    if given.has_image is not None:
        yield HasImage() if given.has_image else Not(HasImage())
