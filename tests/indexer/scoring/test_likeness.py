"""The traits of an article, beside a plain formula, and the list of articles like it."""

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import RequestError
from indexer.query.tree import Word
from indexer.scoring.likeness import (
    LEAST_ALIKE,
    LEAST_TELLING,
    TELLING_WORDS,
    TOPIC_WEIGHT,
    LikeList,
    topics_to_tell,
    traits,
    words_to_tell,
)
from tests.replacing import replace
from tests.samples import plain

SIZE = 1_000
holders = st.integers(1, SIZE)
impacts = st.floats(0.0078125, 1.0, width=32)
names = st.text("abcdefg", min_size=1, max_size=3)
words = st.dictionaries(names, st.tuples(holders, impacts), max_size=40)


def plain_rarity(count: int) -> float:
    """The inverse document frequency of BM25, as Lucene has it."""
    return log(1 + (SIZE - count + 0.5) / (count + 0.5))


@given(words, st.dictionaries(names, holders, max_size=5))
def test_traits_tell_at_least_a_tenth_of_the_most_telling_one(
    words: dict[str, tuple[int, float]], topics: dict[str, int]
) -> None:
    found = traits(
        SIZE,
        [(Word(name), count) for name, (count, _) in words.items()],
        np.array([impact for _, impact in words.values()], dtype=np.float32),
        [*topics.items()],
    )
    weights = {name: plain_rarity(count) * impact for name, (count, impact) in words.items()}
    listed = sorted(weights, key=lambda name: -weights[name])[:TELLING_WORDS]
    of_topics = {name: TOPIC_WEIGHT * plain_rarity(count) for name, count in topics.items()}
    least = LEAST_TELLING * max((*(weights[name] for name in listed), *of_topics.values()), default=0.0)
    telling = {trait.word.term: float(trait.weight) for trait in found.words}
    labels = {trait.value: float(trait.weight) for trait in found.topics}
    for name, weight in telling.items():
        assert weight == pytest.approx(weights[name], rel=1e-5)
    for name in listed:  # nearer to the least than single precision goes, either is right
        assert name in telling or weights[name] < least * 1.00001 or len(telling) == TELLING_WORDS
    assert labels == pytest.approx({name: weight for name, weight in of_topics.items() if name in labels}, rel=1e-5)
    assert {name for name, weight in of_topics.items() if weight > least * 1.00001} <= set(labels)
    own = sum(weight * words[name][1] for name, weight in telling.items()) + sum(labels.values())
    assert found.least == pytest.approx(LEAST_ALIKE * own, rel=1e-4)


def test_a_word_counts_once_in_the_form_that_comes_first() -> None:
    article = replace(plain("a"), title="Running runs", excerpt="They run, running Café", topics=("AI", "ai", "Trade"))
    stems = {"running": "run", "runs": "run"}
    assert [word.term for word in words_to_tell(article, lambda term: stems.get(term, term))] == [
        "running",
        "they",
        "cafe",
    ]
    assert topics_to_tell(article) == ["ai", "trade"]


def test_neither_the_source_nor_a_copy_is_listed() -> None:
    source = replace(plain("a"), title="Owls hunt mice in the old barn at night")
    copy, other = replace(source, key="b"), replace(plain("c"), title="Voles sleep")
    like = LikeList(source, 2)
    for article in (source, copy, other, replace(other, key="d"), replace(plain("e"), title="Hens")):
        like.add(article)
    assert [article.key for article in like.articles] == ["c", "e"]
    assert like.is_full
    with pytest.raises(RequestError):
        LikeList(source, -1)
