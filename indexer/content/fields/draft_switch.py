"""The switch that keeps an article hidden: `published: false`, or `draft: true`, which says the same.

A safety switch that is misspelt must not publish. A name that is nearly the switch is an error, so the article stays as
it was, and a new one is not shown.
"""

import re
from collections.abc import Mapping

from rapidfuzz.distance import OSA

from indexer.content.fields.field_reader import FieldReader
from indexer.content.fields.field_values import UnfitValue, boolean
from indexer.content.fields.rules import SWITCHES, folded

_PUBLISHED = frozenset({"published", "publish", "ispublished", "public", "listed", "live", "visible"})
_DRAFT = frozenset({"draft", "isdraft", "unpublished", "notpublished", "private", "unlisted", "embargoed"})
HIDING_STATES = frozenset({"draft", "private", "pending", "unpublished", "trash"})
"""Values of `status` with which WordPress and its exports hide a post."""

_ERRORS = 2  # letters that may be wrong in a name that is nearly a switch
_LIKE_SWITCHES = frozenset({"publish", "unpublish", "unpublished", "ispublished", "notpublished", "isdraft"})
_HIDES: Mapping[str, bool] = {
    **dict.fromkeys(("hidden", "hide", "private", "unlisted", "embargoed", "disabled"), True),
    **dict.fromkeys(("visible", "public", "listed", "live", "active", "enabled"), False),
}
"""Other words for a switch, and the value with which they hide an article."""


def is_draft(fields: FieldReader, names: frozenset[str]) -> bool:
    """Tell whether the article is hidden; `names` are those of all fields.

    A switch that contradicts another, and a name that is nearly a switch, are reported as errors.
    """
    for name in fields.unknown(names):
        if _is_nearly_a_switch(re.sub("[-_ .]", "", name).lower(), fields.written(name)):
            remedy = "write `published: false` to hide the article, or `published: true`"
            fields.refuse(name, "is nearly the switch that hides an article", remedy)
    published, draft = fields.value("published", boolean), fields.value("draft", boolean)
    if published is not None and published is draft:
        fields.refuse("draft", "contradicts `published`", "keep one of the two")
    return draft is True or published is False


def _is_nearly_a_switch(name: str, value: str) -> bool:
    if name in SWITCHES:
        return True
    try:
        truth = boolean(value)
    except UnfitValue:
        return False
    near = any(OSA.distance(name, switch) <= _ERRORS for switch in SWITCHES)
    return near or name in _LIKE_SWITCHES or _HIDES.get(name) is truth


def is_switch(name: str, hiders: tuple[str, ...] = ()) -> bool:
    """Tell whether other tools hide posts by a field of this name, or whether `hiders` has it."""
    return folded(name) in _PUBLISHED | _DRAFT or name in hiders


def hiding(name: str, value: str, hiders: tuple[str, ...] = ()) -> bool | None:
    """Tell whether a switch of another tool hides the post by this value; None where it is neither true nor false."""
    try:
        truth = boolean(value)
    except UnfitValue:
        return None
    return truth if folded(name) in _DRAFT or name in hiders else not truth


def is_misspelt_switch(name: str, value: str) -> bool:
    """Tell whether a name differs from a switch by a typing error or two, and has a value as a switch has."""
    try:
        boolean(value)
    except UnfitValue:
        return False
    return any(OSA.distance(folded(name), switch) <= _ERRORS for switch in SWITCHES)
