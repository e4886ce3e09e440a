"""Similar articles, against the formula written out for one article after another."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.query.tree import Word
from indexer.whoosh_engine.engine import WhooshEngine
from tests.indexer.whoosh_engine.crowds import crowds
from tests.indexer.whoosh_engine.plain_likeness import PlainLikeness
from tests.indexer.whoosh_engine.segments import split, write_segments
from tests.plain_filter import is_visible
from tests.plain_similar import are_copies
from tests.replacing import replace
from tests.samples import NOW, plain
from tests.strategies import corpora


async def similar(folder: Path, keys: Sequence[str], size: int) -> list[list[str]]:
    engine = await WhooshEngine.open(folder)
    try:
        return [[article.key for article in one] for one in await engine.similar(keys, size=size, now=NOW)]
    finally:
        await engine.close()


def assert_best_first(found: Sequence[str], likeness: PlainLikeness, others: Sequence[Article], size: int) -> None:
    """Each found article is the best of those left; two scores that are almost the same may come in any order."""
    left = {other.key: other for other in others}
    for key in found:
        best = max(likeness.score(other) for other in left.values())
        chosen = left.pop(key)
        assert likeness.score(chosen) >= best * (1 - 1e-5)
        assert likeness.score(chosen) >= likeness.least * (1 - 1e-5)
        left = {other.key: other for other in left.values() if not are_copies(other, chosen)}
    if len(found) < size:
        assert all(likeness.score(other) <= likeness.least * (1 + 1e-5) for other in left.values())


@settings(max_examples=60)
@given(st.data())
async def test_similar_articles_are_those_of_the_formula_in_any_number_of_segments(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    articles = data.draw((corpora() | crowds | crowds).filter(bool))
    gone = {article.key for article in articles if data.draw(st.sampled_from((True, False, False, False)))}
    visible = [article for article in articles if article.key not in gone and is_visible(article, NOW)]
    size = data.draw(st.integers(0, 7))
    folder = write_segments(
        tmp_path_factory.mktemp("index"), split(articles, data.draw(st.integers(1, 3))), without=gone
    )
    asked = data.draw(st.lists(st.sampled_from(articles), min_size=1, max_size=4))
    for source, found in zip(asked, await similar(folder, [one.key for one in asked], size), strict=True):
        assert len(found) == len(set(found)) <= size
        if source not in visible:
            assert found == []
            continue
        likeness = PlainLikeness(visible, source)
        others = [one for one in visible if one.key != source.key and not are_copies(one, source)]
        assert_best_first(found, likeness, others, size)


@settings(max_examples=25)
@given(crowds, st.integers(2, 8))
async def test_similar_articles_are_the_same_however_articles_are_divided(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], parts: int
) -> None:
    keys = [article.key for article in articles]
    one = write_segments(tmp_path_factory.mktemp("one"), split(articles, 1))
    many = write_segments(tmp_path_factory.mktemp("many"), split(articles, parts))
    assert await similar(one, keys, 6) == await similar(many, keys, 6)


async def test_rare_words_make_articles_alike_and_common_ones_do_not(tmp_path: Path) -> None:
    titles = {"a": "the owl in the mill", "b": "an owl on a roof", "c": "the sky in the evening"}
    others = [replace(plain(f"{n}"), title=f"the {n} in the {n + 100}") for n in range(30)]
    articles = [replace(plain(key), title=title) for key, title in titles.items()] + others
    assert await similar(write_segments(tmp_path / "index", split(articles, 2)), ["a"], 6) == [["b"]]


async def test_only_the_most_telling_words_are_looked_for(tmp_path: Path) -> None:
    words = [f"word{number:02}" for number in range(40)]
    source = replace(plain("source"), title="Number", excerpt=" ".join(words))
    rare = replace(plain("rare"), title="Those few have", excerpt=" ".join(words[15:25]))
    frequent = replace(plain("frequent"), title="Those more have", excerpt=" ".join(words[25:]))
    others = [
        replace(plain(f"{word}-{copy}"), title=f"Number {copy}", excerpt=f"{word} and nothing else {copy} {word[4:]}")
        for word in words
        for copy in range(1 + int(word[4:]) // 2)
    ]
    articles = [source, rare, frequent, *others]
    assert PlainLikeness(articles, source).words.keys() == set(map(Word, words[:25]))
    [found] = await similar(write_segments(tmp_path / "index", split(articles, 2)), ["source"], 100)
    assert found[0] == "rare"
    assert "frequent" not in found


async def test_many_copies_do_not_hide_what_is_similar(tmp_path: Path) -> None:
    source = replace(plain("source"), title="Owl seen at the mill")
    copies = [replace(plain(f"copy{number}"), title="Owl seen at the MILL!") for number in range(60)]
    twins = [replace(plain(f"twin{number}"), title="An owl at another mill") for number in range(60)]
    others = [replace(plain(f"z{number}"), title=f"Nothing {number} of it {number}") for number in range(200)]
    folder = write_segments(tmp_path / "index", split([source, *copies, *twins, *others], 3))
    assert await similar(folder, ["source", "twin3"], 5) == [["twin0"], ["copy0"]]
