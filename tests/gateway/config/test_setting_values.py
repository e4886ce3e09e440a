from collections.abc import Callable

import pytest

from gateway.config.errors import SettingError
from gateway.config.setting_values import SettingValues, variable
from gateway.config.settings import LogFormat


def given(**options: str) -> SettingValues:
    return SettingValues({}, options)


def test_each_setting_has_a_variable():
    assert variable("max_body_bytes") == "NEWSSTAND_MAX_BODY_BYTES"


def test_the_command_line_goes_before_the_environment():
    both = SettingValues({"NEWSSTAND_HOST": "from.example"}, {"host": "line.example"})
    assert both.text("host", "default.example") == "line.example"


def test_a_blank_variable_counts_as_not_set():
    """Compose files set variables that have no value to the empty text."""
    assert SettingValues({"NEWSSTAND_PORT": " "}, {}).integer("port", 8000, low=0) == 8000


@pytest.mark.parametrize("blank", ["", " "])
def test_no_origins_are_given_by_a_blank_value(blank: str):
    """Nobody should be let in by a variable that was emptied."""
    assert SettingValues({"NEWSSTAND_CORS": blank}, {}).origins("cors", ("*",)) == ()
    assert given(cors=blank).origins("cors", ("*",)) == ()
    assert given().origins("cors", ("*",)) == ("*",)


def test_values_are_read_in_their_kind():
    assert given(port="80").integer("port", 8000, low=0) == 80
    assert given(pause="0.5").seconds("pause", 1.0, low=0.1, high=9.0) == 0.5
    assert given(log_format="JSON").choice("log_format", LogFormat.AUTO) is LogFormat.JSON
    assert given(site="https://www.example.com/a").url("site", None) == "https://www.example.com/a"
    assert given(cors="https://a.example, http://b.example:81").origins("cors", ()) == (
        "https://a.example",
        "http://b.example:81",
    )


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        (lambda: given(port="99999").integer("port", 1, low=0, high=65535), "whole number from 0 to 65535"),
        (lambda: given(port="1.5").integer("port", 1, low=0, high=65535), "whole number"),
        (lambda: given(port="--5").integer("port", 1, low=-9), "whole number"),
        (lambda: given(port="²").integer("port", 1, low=0), "whole number"),
        (lambda: given(port="9" * 5000).integer("port", 1, low=0), "whole number"),
        (lambda: given(pause="soon").seconds("pause", 1, low=0.1, high=9), "number of seconds from 0.1 to 9"),
        (lambda: given(pause="nan").seconds("pause", 1, low=0.1, high=9), "number of seconds"),
        (lambda: given(log_format="xml").choice("log_format", LogFormat.AUTO), "one of auto, json, console"),
        (lambda: given(site="www.example.com").url("site", None), "absolute http or https URL"),
        (lambda: given(site="https://[::1").url("site", None), "absolute http or https URL"),
        (lambda: given(site="https://a.example:port").url("site", None), "absolute http or https URL"),
        (lambda: given(cors="https://a.example/path").origins("cors", ()), "origins like"),
        (lambda: given(cors="a.example,*").origins("cors", ()), "origins like"),
    ],
)
def test_a_value_that_cannot_be_used_is_an_error_that_says_what_can(read: Callable[[], object], wanted: str):
    with pytest.raises(SettingError, match=wanted):
        read()


def test_an_error_names_the_place_of_the_value():
    with pytest.raises(SettingError, match=r"^--max-depth is 'deep', but"):
        given(max_depth="deep").integer("max_depth", 1, low=0)
    with pytest.raises(SettingError, match=r"^NEWSSTAND_MAX_DEPTH is 'deep', but"):
        SettingValues({"NEWSSTAND_MAX_DEPTH": "deep"}, {}).integer("max_depth", 1, low=0)


def test_a_value_is_not_quoted_at_length():
    with pytest.raises(SettingError) as error:
        given(port="9" * 5000).integer("port", 1, low=0)
    assert len(str(error.value)) < 300
