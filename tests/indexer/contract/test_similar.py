"""Engine contract: articles like others."""

import pytest

from indexer.article import Article
from indexer.errors import RequestError
from tests.engine_place import OpenWith
from tests.replacing import replace
from tests.samples import DAY, NOW, plain


def titled(key: str, title: str, *topics: str, excerpt: str | None = None) -> Article:
    return replace(plain(key), title=title, topics=topics, excerpt=excerpt)


OTHERS = [titled(f"x{number}", f"Nothing {number} of all {number}") for number in range(9)]
SOURCE = titled("source", "Owls nest in the old mill", "Birds", excerpt="A pair returned in spring")


async def similar(open_with: OpenWith, *articles: Article, size: int = 6) -> list[str]:
    engine = await open_with(SOURCE, *OTHERS, *articles)
    [found] = await engine.similar(["source"], size=size, now=NOW)
    return [article.key for article in found]


async def test_what_shares_more_comes_first(open_with: OpenWith) -> None:
    found = await similar(
        open_with,
        titled("a", "Markets rise again"),
        titled("b", "An owl by day"),
        titled("c", "Two owls nest in a mill", "birds"),
        titled("d", "Storks are back from Africa", "BIRDS"),
    )
    assert found[0] == "c"
    assert {*found} == {"b", "c", "d"} or {*found} == {"c", "d"}  # forms of a word count where an engine stems


async def test_articles_that_share_as_much_are_in_the_order_of_keys(open_with: OpenWith) -> None:
    assert await similar(open_with, *(titled(key, f"Owls nest on {key} roofs") for key in ("d", "b", "c"))) == [
        "b",
        "c",
        "d",
    ]


async def test_no_more_come_than_are_wanted(open_with: OpenWith) -> None:
    articles = [titled(key, f"Owls nest on {key} roofs") for key in "abcd"]
    for size in (0, 1, 3):
        assert await similar(open_with, *articles, size=size) == ["a", "b", "c"][:size]


async def test_copies_of_the_story_are_left_out(open_with: OpenWith) -> None:
    found = await similar(
        open_with,
        titled("a", "OWLS nest in the old mill!"),
        titled("b", "Owls nest in an old mill", excerpt="A pair returned in the spring"),
        titled("c", "Owls nest in the barn"),
        titled("d", "Owls: nest in the barn"),
    )
    assert found == ["c"]


async def test_hidden_articles_are_like_nothing_and_nothing_is_like_them(open_with: OpenWith) -> None:
    hidden = (
        replace(titled("draft", "Owls nest in a barn"), published=False),
        replace(titled("later", "Owls nest in a tower"), published_date_time=NOW + DAY),
    )
    engine = await open_with(SOURCE, *hidden)
    assert await engine.similar(["source", "draft", "later", "nowhere"], size=6, now=NOW) == [[], [], [], []]
    [now_seen] = await engine.similar(["later"], size=6, now=NOW + DAY)
    assert [article.key for article in now_seen] == ["source"]


async def test_answers_come_in_the_order_asked(open_with: OpenWith) -> None:
    engine = await open_with(SOURCE, titled("b", "Owls nest in a barn"), titled("c", "Markets rise"))
    found = await engine.similar(["c", "source", "nowhere", "b", "source"], size=2, now=NOW)
    assert [[article.key for article in each] for each in found] == [[], ["b"], [], ["source"], ["b"]]
    assert list(await engine.similar([], size=2, now=NOW)) == []


async def test_a_negative_number_is_refused(open_with: OpenWith) -> None:
    engine = await open_with(SOURCE)
    with pytest.raises(RequestError, match="-1"):
        await engine.similar(["source"], size=-1, now=NOW)
