"""Random queries of words that crowds hold, also of shapes that nobody can type."""

from hypothesis import strategies as st

from indexer.query.tree import SEARCHED, WITH_BODY, Every, Phrase, Prefix, Query, Some, TextField, Without, Word
from indexer.text.analysis import terms
from tests.strategies import WORDS

typed = st.sampled_from([term for word in (*WORDS, "harbour3", "walk1", "walks2", "nobody") for term in terms(word)])
fields = st.sampled_from((SEARCHED, SEARCHED, WITH_BODY, WITH_BODY, *((field,) for field in TextField)))
words = st.builds(Word, typed, fields)
prefixes = st.builds(Prefix, st.sampled_from(("r", "ca", "harb", "walk", "東", "zz")) | typed.filter(bool), fields)
phrases = st.builds(Phrase, st.lists(typed, min_size=2, max_size=3).map(tuple), fields, is_open=st.booleans())
leaves = words | prefixes


def _combined(inner: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    every = st.lists(inner, max_size=3).map(tuple)
    return st.builds(Every, every) | st.builds(Some, some) | st.builds(Without, inner)


def trees(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    """Queries that combine some parts."""
    return st.recursive(parts, _combined, max_leaves=6)


queries = trees(words | words | prefixes | phrases)
