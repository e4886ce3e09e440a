"""The question in the address of `/search.json` and the feeds: which articles, in which order, how many."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from urllib.parse import parse_qsl, urlencode

from indexer.search.filters import EVERYTHING, Among, Filter, PublishedBefore, PublishedFrom, TermField
from indexer.search.ranking import Ranking
from schema.inputs.bad_input import BadUserInput, quoted
from schema.inputs.paging import Paging
from schema.inputs.scalars import read_instant
from schema.limits.limits import MAX_PAGE
from schema.loading.context import RequestContext
from schema.results.article_list import article_list, check_length
from schema.results.article_page import ArticlePage

PARAMETERS = ("q", "topic", "provider", "from", "to", "ranking", "first", "after")
_REPEATABLE = ("topic", "provider")
_MOST = 100
_LONGEST_NAME = 40
_WHOLE_NUMBER = re.compile("-?[0-9]{1,9}")
_INSTANT = timedelta(microseconds=1)  # the finest that timestamps are


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuestion:
    """What an address asks for. `given` are its parameters, in the order of `PARAMETERS`, without blank ones."""

    given: tuple[tuple[str, str], ...]
    text: str
    conditions: tuple[Filter, ...]
    ranking: Ranking | None
    first: int | None
    after: str | None

    def page(self, context: RequestContext, *, ranking: Ranking | None = None) -> ArticlePage:
        """The articles, in the order asked for or else by `ranking`.

        Raises `BadUserInput` where something is too long, too much, or no cursor of this list.
        """
        text = self.text.strip()
        check_length(text, context.limits, argument="q")
        wanted = article_list(
            text=text,
            conditions=self.conditions,
            ranking=self.ranking or ranking,
            paging=Paging(first=self.first, after=self.after),
            seal=context.seal,
        )
        return wanted.opened(context)

    def values(self, name: str) -> list[str]:
        """What was given for a parameter."""
        return [value for key, value in self.given if key == name]

    def query_string(self, *, after: str | None) -> str:
        """The same question, for the page after the cursor `after`, or the first; as `?...`, or empty."""
        pairs = [pair for pair in self.given if pair[0] != "after"]
        if after is not None:
            pairs.append(("after", after))
        return f"?{urlencode(pairs)}" if pairs else ""


def read_question(query_string: bytes) -> ListQuestion:
    """The question in an address. Raises `BadUserInput` that names the parameter and what it should be.

    A blank value is none, since forms send fields that nobody filled in.
    """
    given = _given(query_string)
    values: dict[str, str] = dict(given)
    return ListQuestion(
        given=given,
        text=values.get("q", ""),
        conditions=(
            _among(TermField.TOPIC, [value for name, value in given if name == "topic"]),
            _among(TermField.PROVIDER, [value for name, value in given if name == "provider"]),
            _from(values.get("from")),
            _to(values.get("to")),
        ),
        ranking=_ranking(values.get("ranking")),
        first=_first(values.get("first")),
        after=values.get("after"),
    )


def _given(query_string: bytes) -> tuple[tuple[str, str], ...]:
    try:
        text = query_string.decode("ascii")
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST)
    except ValueError as error:  # not percent-encoded UTF-8, or a flood of fields
        problem = f"it must be percent-encoded UTF-8, with at most {_MOST} parameters"
        raise BadUserInput("address", problem) from error
    _check_names([name for name, _ in pairs])
    filled = ((name, value.strip()) for name, value in pairs)
    return tuple(sorted((pair for pair in filled if pair[1]), key=lambda pair: PARAMETERS.index(pair[0])))


def _check_names(names: Sequence[str]) -> None:
    for place, name in enumerate(names):
        if name not in PARAMETERS:
            raise BadUserInput(quoted(name), f"there is no such parameter; {_remedy(name)}")
        if name in names[:place] and name not in _REPEATABLE:
            raise BadUserInput(name, f"it is given more than once; only {_listed(_REPEATABLE, 'and')} may be")


def _remedy(name: str) -> str:
    close = get_close_matches(name[:_LONGEST_NAME].lower(), PARAMETERS, n=1)
    return f"did you mean {close[0]}?" if close else f"there are {_listed(PARAMETERS, 'and')}"


def _among(field: TermField, values: Iterable[str]) -> Filter:
    wanted = frozenset(values)
    return Among(field, wanted) if wanted else EVERYTHING


def _from(text: str | None) -> Filter:
    return EVERYTHING if text is None else PublishedFrom(_instant("from", text))


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
        text = text.replace(" ", "+")  # what decoding makes of a plus that was not escaped: 10:00:00+01:00
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


def _ranking(text: str | None) -> Ranking | None:
    if text is None:
        return None
    try:
        return Ranking[text.upper()]
    except KeyError as error:
        known = [ranking.name.lower() for ranking in Ranking]
        close = get_close_matches(text[:_LONGEST_NAME].lower(), known, n=1)
        remedy = f"did you mean {close[0]}?" if close else f"choose one of {_listed(known, 'and')}"
        raise BadUserInput("ranking", f"{quoted(text)} is no ranking; {remedy}") from error


def _first(text: str | None) -> int | None:
    if text is None:
        return None
    if not _WHOLE_NUMBER.fullmatch(text):
        raise BadUserInput("first", f"{quoted(text)} is no whole number; ask for 0 to {MAX_PAGE} entries")
    return int(text)


def _listed(names: Sequence[str], word: str) -> str:
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
