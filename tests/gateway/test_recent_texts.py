from collections import OrderedDict
from sys import getsizeof

from hypothesis import given
from hypothesis import strategies as st

from gateway.recent_texts import RecentTexts

ENTRY = getsizeof("a") + getsizeof("x" * 100)


def test_what_was_used_longest_ago_goes_first():
    texts = RecentTexts(2 * ENTRY)
    texts.put("a", "x" * 100)
    texts.put("b", "y" * 100)
    texts.find("a")
    texts.put("c", "z" * 100)
    assert [texts.find(key) for key in "abc"] == ["x" * 100, None, "z" * 100]


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.none() | st.text(max_size=60))),
    st.integers(min_value=0, max_value=500),
)
def test_it_holds_the_latest_used_texts_that_fit(steps: list[tuple[str, str | None]], max_bytes: int):
    """None stands for a look-up."""
    texts = RecentTexts(max_bytes)
    expected: OrderedDict[str, str] = OrderedDict()
    for key, text in steps:
        if text is None:
            assert texts.find(key) == expected.get(key)
            if key in expected:
                expected.move_to_end(key)
            continue
        texts.put(key, text)
        expected[key] = text
        expected.move_to_end(key)
        while sum(getsizeof(key) + getsizeof(kept) for key, kept in expected.items()) > max_bytes:
            expected.popitem(last=False)
    assert {key: texts.find(key) for key in "abcdef"} == {key: expected.get(key) for key in "abcdef"}
