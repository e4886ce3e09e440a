"""Fields that are served as they are."""

import orjson
import pytest

from indexer.content.fields.rules import FieldRules
from indexer.content.parse import Parsed, parse_article
from tests.indexer.folder import article_text
from tests.replacing import replace


def parsed(more: str, *names: str) -> Parsed:
    return parse_article("a.md", article_text(more=more).encode(), FieldRules(extra=names, is_lenient=True))


def values(more: str, *names: str) -> dict[str, object]:
    result = parsed(more, *names)
    assert result.article, result.problems
    return {extra.name: orjson.loads(extra.value) for extra in result.article.extras}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("text", "text"),
        ("'2'", "2"),
        ("2", 2),
        ("-2.50", -2.5),
        ("2.0", 2),
        ("1e3", 1000),
        (".5", 0.5),
        ("true", True),
        ("'true'", "true"),
        ("False", False),
        ("no", "no"),
        ("~", None),
        ("", None),
        ("2021-03-04", "2021-03-04"),
        ("007", 7),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        (str(2**63), str(2**63)),
        ("[a, 1, [~, {b: yes}]]", ["a", 1, [None, {"b": "yes"}]]),
        ("{z: 1, a: {secured: s, b: 2}}", {"a": {"b": 2}, "z": 1}),
        ("[{Secured: s, secured-x: 2}]", [{"secured-x": 2}]),
        ("|\n  two\n  lines\n", "two\nlines\n"),
    ],
)
def test_any_value_is_served_as_json(written: str, value: object) -> None:
    assert values(f"x: {written}\n", "x") == {"x": value}


def test_only_fields_that_the_mapping_lists_are_served_in_its_order_and_nothing_secured() -> None:
    more = "b: 1\na: 2\nc: 3\nparams: {series: Owls, secured: s}\nsecured: gAAAAAB\n"
    names = ("b", "params.series", "a", "missing", "secured", "params.secured")
    assert list(values(more, *names).items()) == [("b", 1), ("params.series", "Owls"), ("a", 2)]
    assert parsed(more, *names).ignored == ("c",)


def test_toml_has_its_own_numbers_and_truths() -> None:
    front = 'title = "x"\ndate = 2021-03-04\nprovider = "x.example"\nwebUrl = "https://x.example"\n'
    text = f'+++\n{front}n = 1_000\nt = true\ns = "1"\nd = 2021-03-04\n+++\n'
    article = parse_article("a.md", text.encode(), FieldRules(extra=("n", "t", "s", "d"), is_lenient=True)).article
    assert article
    assert [orjson.loads(extra.value) for extra in article.extras] == [1000, True, "1", "2021-03-04"]


def test_a_value_that_is_too_long_is_told_at_its_place() -> None:
    result = parsed(f"x: {'y' * 20_000}\n", "x")
    [problem] = result.problems
    assert str(problem) == "a.md:6:4: error: x: has 20002 characters as JSON; keep at most 20000"
    assert result.article is None


def test_equal_values_have_equal_terms() -> None:
    [one] = parsed("x: [1, a, {c: 2, b: 1.0}]\n", "x").article.extras  # type: ignore[union-attr]
    assert one.terms == ('x=[1,"a",{"b":1,"c":2}]', "x=1", 'x="a"', 'x={"b":1,"c":2}')
    assert replace(one, value=f'"{"y" * 500}"').terms == ()
