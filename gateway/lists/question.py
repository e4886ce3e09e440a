"""The question in the address of `/search.json` and the feeds: the articles, their order and number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from urllib.parse import parse_qsl, urlencode

from indexer.search.filters import EVERYTHING, Among, Filter, PublishedBefore, PublishedFrom, TermField
from indexer.search.ranking import Ranking
from schema.cost.plain_lists import check_cost, cost_of_list
from schema.inputs.bad_input import BadUserInput, check_length, quoted, short
from schema.inputs.paging import Paging
from schema.inputs.scalars import read_instant
from schema.limits.limits import DEFAULT_PAGE, MAX_PAGE, Switch
from schema.loading.context import RequestContext
from schema.results.article_list import article_list
from schema.results.article_page import ArticlePage

PARAMETERS = ("q", "topic", "provider", "from", "to", "ranking", "first", "after")
_REPEATABLE = ("topic", "provider")
_MOST = 100
_LONGEST_NAME = 40
_WHOLE_NUMBER = re.compile("-?[0-9]{1,9}")
_INSTANT = timedelta(microseconds=1)  # the resolution of timestamps


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuestion:
    """A question. `parameters` are those of the address, in the order of `PARAMETERS`, without blank ones."""

    parameters: tuple[tuple[str, str], ...]
    text: str
    conditions: tuple[Filter, ...]
    ranking: Ranking | None
    first: int | None
    after: str | None

    def page(self, context: RequestContext, *, ranking: Ranking | None = None) -> ArticlePage:
        """The articles, in the order of the question or else by `ranking`.

        Raises `BadUserInput` for a value that is too long or too large, and for a cursor of another list, and
        `RequestError` where the list costs more than an operation may.
        """
        text = self.text.strip()
        check_length(text, context.limits, argument="q")
        size = DEFAULT_PAGE if self.first is None else self.first
        check_cost(cost_of_list(text=text, conditions=self._values(), size=size), context.limits)
        listed = article_list(
            text=text,
            conditions=self.conditions,
            ranking=self.ranking or ranking,
            paging=Paging(first=self.first, after=self.after),
            seal=context.seal,
        )
        return listed.opened(context)

    def _values(self) -> int:
        return sum(name in ("topic", "provider", "from", "to") for name, _ in self.parameters)

    def values(self, name: str) -> list[str]:
        """All values of a parameter."""
        return [value for key, value in self.parameters if key == name]

    def query_string(self, *, after: str | None) -> str:
        """The same question, for the page after the cursor `after`, or the first; as `?...`, or empty."""
        pairs = [pair for pair in self.parameters if pair[0] != "after"]
        if after is not None:
            pairs.append(("after", after))
        return f"?{urlencode(pairs)}" if pairs else ""


def read_question(query_string: bytes, *, hints: Switch = Switch.ON) -> ListQuestion:
    """The question in an address. Raises `BadUserInput` with the parameter's name and a remedy.

    A blank value is none, since forms send fields that nobody filled in. With `hints`, the remedy for a misspelt name
    is the name that was probably meant.
    """
    parameters = _parameters(query_string, hints)
    values: dict[str, str] = dict(parameters)
    return ListQuestion(
        parameters=parameters,
        text=values.get("q", ""),
        conditions=(
            _among(TermField.TOPIC, [short(value, name) for name, value in parameters if name == "topic"]),
            _among(TermField.PROVIDER, [short(value, name) for name, value in parameters if name == "provider"]),
            PublishedFrom(_instant("from", values["from"])) if "from" in values else EVERYTHING,
            _to(values.get("to")),
        ),
        ranking=_ranking(values.get("ranking"), hints),
        first=_first(values.get("first")),
        after=values.get("after"),
    )


def _parameters(query_string: bytes, hints: Switch) -> tuple[tuple[str, str], ...]:
    try:
        text = query_string.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except ValueError as error:  # not percent-encoded UTF-8, or a flood of fields
        problem = f"it must be percent-encoded UTF-8, with at most {_MOST} parameters"
        raise BadUserInput("address", problem) from error
    _check_names([name for name, _ in pairs], hints)
    filled = [(name, value.strip()) for name, value in pairs if value.strip()]
    return tuple(sorted(filled, key=lambda pair: PARAMETERS.index(pair[0])))


def _check_names(names: Sequence[str], hints: Switch) -> None:
    for number, name in enumerate(names):
        if name not in PARAMETERS:
            remedy = _remedy(name, PARAMETERS, "there are", hints)
            raise BadUserInput(quoted(name), f"there is no such parameter; {remedy}")
        if name in names[:number] and name not in _REPEATABLE:
            raise BadUserInput(name, f"it is given more than once; only {_listed(_REPEATABLE)} may be")


def _remedy(text: str, names: Sequence[str], introduction: str, hints: Switch) -> str:
    """The name that is probably meant, or all names."""
    close = get_close_matches(text[:_LONGEST_NAME].lower(), names, n=1) if hints is Switch.ON else []
    return f"did you mean {close[0]}?" if close else f"{introduction} {_listed(names)}"


def _among(field: TermField, values: Sequence[str]) -> Filter:
    return Among(field, frozenset(values)) if values else EVERYTHING


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
        remedy = _remedy(text, [ranking.name.lower() for ranking in Ranking], "choose one of", hints)
        raise BadUserInput("ranking", f"{quoted(text)} is no ranking; {remedy}") from error


def _first(text: str | None) -> int | None:
    if text is None:
        return None
    if not _WHOLE_NUMBER.fullmatch(text):
        raise BadUserInput("first", f"{quoted(text)} is no whole number; ask for 0 to {MAX_PAGE} entries")
    return int(text)


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
