"""Errors in arguments name the argument and a remedy."""

import pytest

from schema.inputs.bad_input import BadUserInput, check_length
from schema.limits.limits import Limits


def test_a_text_may_be_as_long_as_the_limit() -> None:
    check_length("x" * 6, Limits(max_search_length=6))
    with pytest.raises(BadUserInput, match="prefix: 7 characters, and at most 6 are allowed"):
        check_length("x" * 7, Limits(max_search_length=6), argument="prefix")
