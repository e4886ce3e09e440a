"""The real sample article, as a reader of the API finds it."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.end_to_end.conftest import Ask

KEY = "news/2020/02/06/2020-02-06-clearview-ai-reportedly-looking-to-expand-globally"
TITLE = "Clearview AI reportedly looking to expand globally"

IMAGES = "images { url width height title }"
QUOTED = f"""title excerpt publishedDateTime webUrl ampWebUrl cdnAmpWebUrl type quality
    provider: credit {{ name domain {IMAGES} }} {IMAGES}"""


@pytest.fixture
def written(content: Path) -> dict[str, Any]:
    """The front matter of the sample, as PyYAML alone reads it."""
    text = (content / f"{KEY}.md").read_text(encoding="utf-8")
    mapping: dict[str, Any] = yaml.safe_load(text.split("---\n")[1])
    return mapping


async def titles(ask: Ask, arguments: str) -> list[str]:
    answer = await ask(f"{{ articles({arguments}) {{ nodes {{ title }} }} }}")
    return [node["title"] for node in answer["data"]["articles"]["nodes"]]


async def test_every_field_is_served_with_its_value(ask: Ask, written: dict[str, Any]) -> None:
    answer = await ask(
        f"""{{ article(key: "{KEY}") {{ key category heat topics {QUOTED} related {{ {QUOTED} }} body }} }}"""
    )
    served = answer["data"]["article"]
    assert served.pop("key") == KEY
    assert served.pop("body") is None
    written["provider"]["images"][0]["url"] = "https://static.example/assets/images/organizations/cnet.com-50x50.jpg"
    for name in ("secured", "published"):
        del written[name]
    assert _without_gaps(served) == _as_answered(written)


def _as_answered(value: Any) -> Any:
    """The content of YAML, as JSON says it."""
    return json.loads(json.dumps(value, default=lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ")))


def _without_gaps(value: Any) -> Any:
    """The answer without what is null or empty, which the file leaves out."""
    if isinstance(value, dict):
        return {name: _without_gaps(part) for name, part in value.items() if part not in (None, [])}
    return [_without_gaps(part) for part in value] if isinstance(value, list) else value


async def test_it_is_found_by_words_and_by_topic_and_ranked_as_a_reader_expects(ask: Ask) -> None:
    by_words = await titles(ask, 'search: "facial recognition"')
    assert TITLE in by_words
    assert by_words.index(TITLE) > 0  # others have the words in their titles
    assert (await titles(ask, 'topic: "ai", ranking: QUALITY'))[0] == TITLE
    assert (await titles(ask, 'search: "facial recognition", topic: "ai"'))[0] == TITLE
    assert (await titles(ask, 'search: "facial recognition", topic: "AI", ranking: QUALITY'))[0] == TITLE
    assert TITLE in await titles(ask, "ranking: QUALITY, first: 30")


async def test_its_addresses_lead_to_it_in_any_spelling(ask: Ask, written: dict[str, Any]) -> None:
    other_spelling = written["webUrl"].rstrip("/").replace("https://www.cnet.com/", "HTTP://WWW.CNET.com:80/")
    for url in (written["webUrl"], written["ampWebUrl"], written["cdnAmpWebUrl"], other_spelling):
        answer = await ask(f'{{ article(webUrl: "{url}") {{ title }} }}')
        assert answer["data"]["article"] == {"title": TITLE}


async def test_articles_that_quote_it_are_related_to_it(ask: Ask) -> None:
    answer = await ask(f'{{ article(key: "{KEY}") {{ relatedBy {{ related {{ webUrl article {{ title }} }} }} }} }}')
    quoting = answer["data"]["article"]["relatedBy"]
    assert len(quoting) == 2
    for article in quoting:
        assert TITLE in [related["article"]["title"] for related in article["related"] if related["article"]]


def test_nothing_of_what_is_secured_is_in_any_file_of_the_index(index: Path, content: Path) -> None:
    secrets = [
        yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1]).get("secured")
        for path in content.rglob("*.md")
    ]
    fragments = [secret[start : start + 12].encode() for secret in filter(None, secrets) for start in (0, 40, 100)]
    assert len(fragments) > 10
    files = [path.read_bytes() for path in index.iterdir()]
    assert not [fragment for fragment in fragments for data in files if fragment and fragment in data]
