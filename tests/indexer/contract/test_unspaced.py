"""Engine contract: words of scripts without spaces, whose characters stand side by side."""

import pytest

from indexer.search.requests import SearchRequest
from indexer.search.suggestions import SuggestRequest
from tests.asking import ALL, ask
from tests.engine_place import OpenWith
from tests.samples import NOW
from tests.titled import titled


@pytest.mark.parametrize(
    ("title", "text", "is_found"),
    [
        ("関東、京都", "東京", False),
        ("関東。京都", "東京", False),
        ("関東「京都」", "東京", False),
        ("関東/京都", "東京", False),
        ("関東 of 京都", "東京", False),
        ("関東、京都", "関東", True),
        ("関東、京都", "京都", True),
        ("関東、京都", "関東、京都", True),
        ("関東、京都", '"関東、京都"', True),
        ("関東、京都", "関東京都", False),
        ("関東、京都", "東京*", False),
        ("関東、京都", "-東京", True),
        ("関東京都", "関東、京都", True),
        ("東\u00ad京\ufe00", "東京", True),
        ("東\u200d京", "東京", True),
        ("東 京", "東京", True),
        ("東\n京", "東京", True),
        ("ジョン・スミス", "ジョンスミス", True),
        ("ジョン・スミス", "ジョン・スミス", True),
        ("กรุง, เทพ", "กรุงเทพ", False),
        ("กรุงเทพ", "กรุงเทพ", True),
        ("ແຂວງ! ລາວ", "ງລາ", False),
        ("ភាសា។ខ្មែរ", "សាខ្មែ", False),
        ("AI技術", "AI技術", True),
        ("facial, recognition", '"facial recognition"', True),
        ("Facial (recognition)", '"facial recognition"', True),
    ],
)
async def test_characters_of_one_word_match_where_nothing_parts_them(
    open_with: OpenWith, title: str, text: str, *, is_found: bool
) -> None:
    engine = await open_with(titled("a", title))
    result = await ask(engine, SearchRequest(now=NOW, text=text, window=ALL))
    assert bool(result.hits) is is_found


@pytest.mark.parametrize(
    ("title", "prefix", "marked"),
    [
        ("京東の夏", "東京", None),
        ("関東、京都", "東京", None),
        ("京都と東京の夏", "東京", ["東京"]),
        ("夏の東京タワー", "東京タ", ["東京タ"]),
        ("京都の夏、東京の冬", "東京 京都", ["京都", "東京"]),
        ("東京大阪", "大阪 東京 ", ["東京大阪"]),
        ("関東、京都", "関東、京", ["関東", "京"]),
        ("กำแพงเมือง", "กำแพ", ["กำแพ"]),
    ],
)
async def test_a_suggestion_has_the_characters_of_a_word_side_by_side(
    open_with: OpenWith, title: str, prefix: str, marked: list[str] | None
) -> None:
    engine = await open_with(titled("a", title))
    found = await engine.suggest(SuggestRequest(now=NOW, prefix=prefix))
    parts = [[one.text[start:end] for start, end in one.ranges] for one in found]
    assert parts == ([] if marked is None else [marked])
