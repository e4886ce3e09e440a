"""Searches that have something to find: made of words that the articles hold."""

from collections.abc import Sequence

from hypothesis import strategies as st

from indexer.article import Article
from tests.strategies import texts

_SHAPES = (
    "{}",
    '"{}"',
    '"{}"',
    "-{}",
    "{}*",
    "{}*",
    "title:{}",
    "excerpt:{}*",
    'excerpt:"{}"',
    "runs OR {}",
    "topic:{}",
    'body:"{}"',
    "body:{}",
)


def searches(articles: Sequence[Article]) -> st.SearchStrategy[list[str]]:
    """A few texts to search `articles` for: neighbouring words of theirs in all operators, and anything at all."""
    held = [
        text for article in articles for text in (article.title, article.summary, article.text, *article.topics) if text
    ]
    excerpts = st.sampled_from(held or ["none"]).flatmap(_neighbours)
    typed = st.builds(str.format, st.sampled_from(_SHAPES), excerpts) | texts
    return st.lists(typed, min_size=2, max_size=8)


def _neighbours(text: str) -> st.SearchStrategy[str]:
    words = text.split()
    return st.builds(
        lambda start, count: " ".join(words[start : start + count]), st.integers(0, len(words) - 1), st.integers(1, 4)
    )
