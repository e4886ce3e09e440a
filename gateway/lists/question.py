"""The question in the address of `/search.json` and the feeds: the articles, their order and number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from gateway.lists.facets import VALUES, read_facets
from gateway.lists.parameters import among, read_parameters, remedy_for, switched, whole_number
from indexer.search.filters import (
    EVERYTHING,
    AtLeast,
    Filter,
    HasImage,
    Not,
    NumberField,
    PublishedBefore,
    PublishedFrom,
    TermField,
)
from indexer.search.ranking import Ranking
from indexer.text.typed_prefix import searched_text
from schema.cost.plain_lists import check_cost, cost_of_list
from schema.inputs.bad_input import BadUserInput, check_length, quoted
from schema.inputs.paging import Paging
from schema.inputs.scalars import read_instant
from schema.limits.limits import DEFAULT_PAGE, MAX_OFFSET, MAX_PAGE, Switch
from schema.loading.context import RequestContext
from schema.results.article_list import article_list
from schema.results.article_page import ArticlePage

_REPEATED = {
    "topic": TermField.TOPIC,
    "provider": TermField.PROVIDER,
    "category": TermField.CATEGORY,
    "type": TermField.TYPE,
}
_CONDITIONS = (*_REPEATED, "hasImage", "qualityAtLeast", "from", "to")
PARAMETERS = ("q", *_CONDITIONS, "ranking", "first", "after")
"""The parameters of every list."""
SEARCH_PARAMETERS = (*PARAMETERS, "offset", "typing", "facets")
"""Those of `/search.json`: a person sees pages by number, the list while typing, and what it could be narrowed by."""
_INSTANT = timedelta(microseconds=1)  # the resolution of timestamps


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuestion:
    """A question. `parameters` are those of the address, in the order of `PARAMETERS`, without blank ones."""

    parameters: tuple[tuple[str, str], ...]
    text: str
    is_typing: bool
    conditions: tuple[Filter, ...]
    ranking: Ranking | None
    first: int | None
    after: str | None
    offset: int | None
    facets: tuple[str, ...]

    def page(self, context: RequestContext, *, ranking: Ranking | None = None, is_scored: bool = False) -> ArticlePage:
        """The articles, in the order of the question or else by `ranking`; in any order with their scores, if wanted.

        Raises `BadUserInput` for a value that is too long or too large, and for a cursor of another list, and
        `RequestError` where the list costs more than an operation may.
        """
        check_length(self.text, context.limits, argument="q")
        size = DEFAULT_PAGE if self.first is None else self.first
        cost = cost_of_list(
            text=self.text,
            conditions=sum(name in _CONDITIONS for name, _ in self.parameters),
            size=size,
            offset=self.offset or 0,
            values=sum(VALUES[name].size for name in self.facets if name in VALUES),
            facets=len(self.facets),
        )
        check_cost(cost, context.limits)
        listed = article_list(
            text=self.text,
            typing=self.is_typing,
            conditions=self.conditions,
            ranking=self.ranking or ranking,
            paging=Paging(first=self.first, after=self.after, offset=self.offset),
            seal=context.seal,
            is_scored=is_scored,
        )
        return listed.opened(context)

    def values(self, name: str) -> list[str]:
        """All values of a parameter."""
        return [value for key, value in self.parameters if key == name]

    def query_string(self, *, after: str | None) -> str:
        """The same question, for the page after the cursor `after`, or the first; as `?...`, or empty."""
        pairs = [pair for pair in self.parameters if pair[0] != "after"]
        if after is not None:
            pairs.append(("after", after))
        return f"?{urlencode(pairs)}" if pairs else ""


def read_question(query_string: bytes, *, names: Sequence[str] = PARAMETERS, hints: Switch = Switch.ON) -> ListQuestion:
    """The question in an address with these parameters. Raises as `read_parameters` does."""
    written = read_parameters(query_string, names, hints=hints)
    is_typing = switched("typing", dict(written).get("typing"))
    parameters = tuple(
        (name, searched_text(value, typing=is_typing) if name == "q" else value.strip()) for name, value in written
    )
    values: dict[str, str] = dict(parameters)
    return ListQuestion(
        parameters=parameters,
        text=values.get("q", ""),
        is_typing=is_typing,
        conditions=(
            *(among(field, parameters, name) for name, field in _REPEATED.items()),
            _has_image(values.get("hasImage")),
            _quality(values.get("qualityAtLeast")),
            PublishedFrom(_instant("from", values["from"])) if "from" in values else EVERYTHING,
            _to(values.get("to")),
        ),
        ranking=_ranking(values.get("ranking"), hints),
        first=whole_number("first", values.get("first"), f"0 to {MAX_PAGE} entries"),
        after=values.get("after"),
        offset=whole_number("offset", values.get("offset"), f"0 to {MAX_OFFSET} entries"),
        facets=read_facets(values.get("facets", ""), hints),
    )


def _has_image(text: str | None) -> Filter:
    if text is None:
        return EVERYTHING
    return HasImage() if switched("hasImage", text) else Not(HasImage())


def _quality(text: str | None) -> Filter:
    quality = whole_number("qualityAtLeast", text, "a quality like 50")
    return EVERYTHING if quality is None else AtLeast(NumberField.QUALITY, quality)


def _to(text: str | None) -> Filter:
    """Up to that instant, or to the end of that day, both included."""
    if text is None:
        return EVERYTHING
    instant = _instant("to", text)
    try:
        return PublishedBefore(instant + (timedelta(days=1) if _is_date(text) else _INSTANT))
    except OverflowError:  # nothing is later than the last day there is
        return EVERYTHING


def _instant(name: str, text: str) -> datetime:
    if "T" in text:
        text = text.replace(" ", "+")  # decoding makes spaces of plus signs: 10:00:00+01:00
    try:
        return read_instant(text)
    except ValueError as error:
        raise BadUserInput(name, f"{quoted(text)} is {error}") from error


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _ranking(text: str | None, hints: Switch) -> Ranking | None:
    if text is None:
        return None
    try:
        return Ranking[text.upper()]
    except KeyError as error:
        remedy = remedy_for(text, [ranking.name.lower() for ranking in Ranking], "choose one of", hints)
        raise BadUserInput("ranking", f"{quoted(text)} is no ranking; {remedy}") from error
