"""Corpora of more articles than there are keys to draw, so that some words are rare and others common."""

from collections.abc import Sequence
from random import Random

from hypothesis import strategies as st

from indexer.article import Article
from tests.replacing import replace
from tests.samples import plain
from tests.strategies import TOPICS, WORDS

_RARE = tuple(f"{word}{number}" for number in range(6) for word in ("Harbour", "walk", "walks", "walking"))


def crowd(random: Random, count: int) -> list[Article]:
    """So many articles, of which the first words of `WORDS` are in many, and the last in few."""
    return [_article(random, number) for number in range(count)]


crowds: st.SearchStrategy[list[Article]] = st.builds(crowd, st.randoms(use_true_random=False), st.integers(0, 40))


def _article(random: Random, number: int) -> Article:
    return replace(
        plain(f"{number * 7919 % 10_007:05}"),  # in no order
        title=_text(random, 1 + random.randrange(4)),
        excerpt=_text(random, random.randrange(12)) or None,
        topics=tuple({topic.casefold(): topic for topic in random.sample(TOPICS, random.randrange(3))}.values()),
    )


def _text(random: Random, count: int) -> str:
    words: Sequence[str] = (*WORDS, *_RARE)
    return " ".join(words[int(len(words) * random.random() ** 3)] for _ in range(count))
