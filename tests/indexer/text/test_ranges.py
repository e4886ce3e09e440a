"""Ranges of a text in the units of clients."""

from hypothesis import given
from hypothesis import strategies as st

from indexer.text.ranges import TextUnit, spans

characters = st.characters(exclude_categories=()) | st.sampled_from("a é…👍🏽\U00010000\uffff\ud83d\u200d")
texts = st.text(characters, max_size=30)
cut = texts.flatmap(lambda text: st.tuples(st.just(text), st.lists(st.integers(0, len(text)), max_size=8).map(sorted)))


def test_offsets_are_code_points_or_utf_16_units() -> None:
    text, ranges = "👍🏽 réunion 👨‍👩‍👧 ok", [(0, 2), (3, 10), (17, 19)]
    assert spans(text, ranges, TextUnit.CODE_POINTS) == ranges
    assert spans(text, ranges, TextUnit.UTF16) == [(0, 4), (5, 12), (22, 24)]


@given(cut)
def test_a_utf_16_range_cuts_the_same_part_out_of_the_text_in_utf_16(drawn: tuple[str, list[int]]) -> None:
    """Also where surrogates stand alone, which JavaScript counts as one unit."""
    text, offsets = drawn
    ranges = list(zip(offsets[::2], offsets[1::2], strict=False))
    units = text.encode("utf-16-le", errors="surrogatepass")
    for (start, end), (first, last) in zip(ranges, spans(text, ranges, TextUnit.UTF16), strict=True):
        assert units[2 * first : 2 * last] == text[start:end].encode("utf-16-le", errors="surrogatepass")
        assert len(text[:start].encode("utf-16-le", errors="surrogatepass")) == 2 * first
