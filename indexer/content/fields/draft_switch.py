"""The switch that keeps an article hidden: `published: false`, or `draft: true`, which says the same.

A safety switch that is misspelt must not publish. A name that is nearly the switch is an error, so the article stays as
it was, and a new one is not shown.
"""

import re
from collections.abc import Sequence
from enum import Enum, auto

from rapidfuzz.distance import OSA

from indexer.content.fields.dates import is_date
from indexer.content.fields.field_reader import FieldReader
from indexer.content.fields.field_values import UnfitValue, boolean
from indexer.content.fields.rules import SWITCHES
from indexer.content.fields.short_forms import is_blank, text_of
from indexer.content.markup.nodes import Node

_SHOWING = frozenset({"published", "publish", "publishing", "public", "listed", "live", "visible", "active", "enabled"})
"""Names of fields that are false for drafts, without `is`, hyphens and the like."""
_HIDING = frozenset(
    {
        *("draft", "drafted", "unpublished", "unpublish", "notpublished", "private", "unlisted"),
        *("embargo", "embargoed", "hidden", "hide", "disabled"),
    }
)
"""Names of fields that are true for drafts."""
_NOTHING_ELSE = ("publish", "draft", "embargo", "private", "unlisted")
"""Parts of names that only a switch has, so that each value but a truth is an error."""
_STATUS = frozenset({"status", "state", "visibility"})
_HIDING_STATES = frozenset({"draft", "private", "pending", "unpublished", "trash", "hidden", "unlisted"})
_SHOWING_STATES = frozenset({"published", "publish", "public"})
_SHORT_TRUTHS = {"1": True, "0": False, "y": True, "n": False, "t": True, "f": False}


class Verdict(Enum):
    """The word of a switch: the article is shown or hidden, or the value does not tell."""

    SHOWN = auto()
    HIDDEN = auto()
    UNCLEAR = auto()


def is_draft(fields: FieldReader, names: frozenset[str], switches: Sequence[str]) -> bool:
    """Tell whether the article is hidden; `names` are those of all fields, `switches` of the fields that tell it.

    A switch that contradicts another, and a name that is nearly a switch, are reported as errors.
    """
    for name in fields.unknown(names):
        node = fields.node(name)
        said = verdict(name, node)
        is_shown = said is Verdict.SHOWN and not any(part in _word(name) for part in ("publish", "draft"))
        if _word(name) in SWITCHES or is_nearly_a_switch(name, node, switches) or not (said is None or is_shown):
            remedy = "write `published: false` to hide the article, or `published: true`"
            fields.refuse(name, "is nearly the switch that hides an article", remedy)
    published, draft = fields.value("published", boolean), fields.value("draft", boolean)
    if published is not None and published is draft:
        fields.refuse("draft", "contradicts `published`", "keep one of the two")
    return draft is True or published is False


def hiding_value(name: str) -> bool | None:
    """The value with which a field of this name hides an article; None for names of no switch."""
    word = _word(name).removeprefix("is")
    return True if word in _HIDING else False if word in _SHOWING else None


def verdict(name: str, node: Node, hides_by: bool | None = None) -> Verdict | None:  # noqa: FBT001 - a value of the field
    """The verdict of a field; None where it is no switch or has no value. A mapping may tell the value that hides."""
    truth, text = hiding_value(name) if hides_by is None else hides_by, text_of(node).lower()
    is_status = _word(name) in _STATUS
    if is_blank(node) or (truth is False and is_date(text)):  # `published: 2020-01-01`
        return None
    if text in _HIDING_STATES and (is_status or hides_by is False):
        return Verdict.HIDDEN
    if text in _SHOWING_STATES and hides_by is False:
        return Verdict.SHOWN
    if truth is None:
        return None
    value = _truth(text)
    if value is None:
        is_certain = hides_by is not None or any(part in _word(name) for part in _NOTHING_ELSE)
        return Verdict.UNCLEAR if is_certain else None
    return Verdict.HIDDEN if value is truth else Verdict.SHOWN


def is_nearly_a_switch(name: str, node: Node, switches: Sequence[str]) -> bool:
    """Tell whether a name differs from a switch by a typing error or two, and has a value as a switch has."""
    if _truth(text_of(node).lower()) is None:
        return False
    return any(OSA.distance(_word(name), switch) <= min(2, (len(switch) - 1) // 2) for switch in map(_word, switches))


def _word(name: str) -> str:
    return re.sub("[-_ .?]", "", name).lower()


def _truth(text: str) -> bool | None:
    try:
        return _SHORT_TRUTHS[text] if text in _SHORT_TRUTHS else boolean(text)
    except UnfitValue:
        return None
