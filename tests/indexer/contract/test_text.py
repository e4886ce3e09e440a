"""Engine contract: which articles a typed text finds. The language itself is tested where it is parsed."""

from dataclasses import replace

import pytest

from indexer.article import Provider
from tests.asking import found
from tests.engine_place import OpenWith
from tests.samples import plain

RUNNER = replace(
    plain("runner"), title="Runners ran a café in 東京都", excerpt="It was a long, long run through the U.S."
)
CODER = replace(
    plain("coder"),
    title="GPT-4 writes C++",
    excerpt="The wi-fi of .NET: 5G email",
    body="bodyword",
    category="categoryword",
    topics=("Self Driving", "Cars"),
    provider=Provider(domain="weekly.example", name="Café Society"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run", ["runner"]),
        ("RUNNING", ["runner"]),
        ("cafe", ["runner"]),
        ("CAFÉ", ["runner"]),
        ("run nobody", []),
        ("ran long", ["runner"]),
        ("run OR writes", ["coder", "runner"]),
        ("-run", ["coder"]),
        ("a -writes", ["runner"]),
        ("the", ["coder", "runner"]),
        ("it", ["runner"]),
        ("us", ["runner"]),
        ("U.S.", ["runner"]),
        ("c++", ["coder"]),
        ("C", []),
        ("net", []),
        (".net", ["coder"]),
        ("gpt4", ["coder"]),
        ("gpt 4", ["coder"]),
        ("gpt-5", []),
        ("wi-fi", ["coder"]),
        ("e-mail", ["coder"]),
        ("5g", ["coder"]),
        ("東京", ["runner"]),
        ("京東", []),
        ('"long run"', ["runner"]),
        ('"run long"', []),
        ('"long long running"', ["runner"]),
        ('-"long run"', ["coder"]),
        ("writ*", ["coder"]),
        ("rite*", []),
        ("title:writes", ["coder"]),
        ("excerpt:writes", []),
        ("excerpt:net", []),
        ("topic:car", ["coder"]),
        ('topic:"self driving"', ["coder"]),
        ('topic:"driving cars"', []),
        ("cars", []),
        ("provider:society", ["coder"]),
        ("provider:weekly", ["coder"]),
        ("provider:nobody", []),
        ("bodyword OR categoryword", []),
        ("nobody OR -writes", ["runner"]),
        ("?!", ["coder", "runner"]),
    ],
)
async def test_a_text_finds_what_a_person_expects(open_with: OpenWith, text: str, expected: list[str]) -> None:
    engine = await open_with(RUNNER, CODER)
    assert await found(engine, text) == expected
