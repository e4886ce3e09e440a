"""The parameters in the address of a plain list: their names are checked, and their values read."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from urllib.parse import parse_qsl

from indexer.search.filters import EVERYTHING, Among, Filter, TermField
from schema.inputs.bad_input import BadUserInput, quoted, short
from schema.limits.limits import Switch

Parameters = Sequence[tuple[str, str]]

_REPEATABLE = ("topic", "provider", "category", "type")
_MOST = 100
_LONGEST_NAME = 40
_WHOLE_NUMBER = re.compile("-?[0-9]{1,9}")


def read_pairs(query_string: bytes) -> list[tuple[str, str]]:
    """All parameters, blank ones too. Raises ValueError for what is no percent-encoded UTF-8, and for more than 100."""
    return parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST)


def read_parameters(query_string: bytes, allowed: Sequence[str], *, hints: Switch) -> Parameters:
    """The parameters, in the order of `allowed`. Raises `BadUserInput` with the parameter's name and a remedy.

    A blank value is none, since forms send fields that nobody filled in. With `hints`, the remedy for a misspelt name
    is the name that was probably meant.
    """
    try:
        pairs = read_pairs(query_string)
    except ValueError as error:  # not percent-encoded UTF-8, or a flood of fields
        problem = f"it must be percent-encoded UTF-8, with at most {_MOST} parameters"
        raise BadUserInput("address", problem) from error
    _check_names([name for name, _ in pairs], allowed, hints)
    return sorted(((name, value) for name, value in pairs if value.strip()), key=lambda pair: allowed.index(pair[0]))


def remedy_for(text: str, names: Sequence[str], introduction: str, hints: Switch) -> str:
    """The name that is probably meant, or all names."""
    close = get_close_matches(text[:_LONGEST_NAME].lower(), names, n=1) if hints is Switch.ON else []
    return f"did you mean {close[0]}?" if close else f"{introduction} {_listed(names)}"


def among(field: TermField, parameters: Parameters, name: str) -> Filter:
    """The articles that have one of the values of a parameter; all articles where it has none."""
    values = frozenset(short(value.strip(), name) for each, value in parameters if each == name)
    return Among(field, values) if values else EVERYTHING


def whole_number(name: str, text: str | None, allowed: str) -> int | None:
    """A number. `allowed` says what to ask for, as in `0 to 100 entries`."""
    if text is None:
        return None
    if not _WHOLE_NUMBER.fullmatch(text.strip()):
        raise BadUserInput(name, f"{quoted(text)} is no whole number; ask for {allowed}")
    return int(text)


def switched(name: str, text: str | None) -> bool:
    """True for 1, and False for 0 and for no value."""
    if text is not None and text.strip() not in ("0", "1"):
        raise BadUserInput(name, f"{quoted(text)} is neither 1 nor 0; write {name}=1, or leave it out")
    return text is not None and text.strip() == "1"


def _check_names(names: Sequence[str], allowed: Sequence[str], hints: Switch) -> None:
    for number, name in enumerate(names):
        if name not in allowed:
            remedy = remedy_for(name, allowed, "there are", hints)
            raise BadUserInput(quoted(name), f"there is no such parameter; {remedy}")
        if name in names[:number] and name not in _REPEATABLE:
            repeatable = [each for each in _REPEATABLE if each in allowed]
            raise BadUserInput(name, f"it is given more than once; only {_listed(repeatable)} may be")


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
