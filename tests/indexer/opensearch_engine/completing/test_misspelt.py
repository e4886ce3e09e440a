"""Forms that a typed word may be misspelt for, beside a plain distance, and the best of them."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.opensearch_engine.completing.misspelt import alike, corrections, counting_search
from indexer.query.tree import TextField
from indexer.text.spelling import typos_allowed

words = st.text("abc", min_size=4, max_size=9)


def distance(one: str, other: str) -> int:
    """The number of letters left out, added, changed or swapped with the next one."""
    rows = [list(range(len(other) + 1))]
    for place, letter in enumerate(one, start=1):
        row = [place]
        for at, another in enumerate(other, start=1):
            best = min(rows[-1][at] + 1, row[-1] + 1, rows[-1][at - 1] + (letter != another))
            if place > 1 and at > 1 and (letter, another) == (other[at - 2], one[place - 2]):
                best = min(best, rows[-2][at - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


@given(words, st.sets(words, max_size=15))
def test_whole_words_are_as_near_as_the_errors_that_are_allowed(typed: str, terms: set[str]) -> None:
    found = alike((typed, False), terms)
    for term, errors in found.items():
        assert 0 < errors <= typos_allowed(typed)
        assert distance(typed, term) <= errors
    for term in terms:
        if term != typed and term[0] == typed[0] and distance(typed, term) <= typos_allowed(typed):
            assert term in found


@given(words, st.sets(words, max_size=15))
def test_beginnings_are_those_of_terms(typed: str, terms: set[str]) -> None:
    found = alike((typed, True), terms)
    for beginning, errors in found.items():
        assert any(term.startswith(beginning) for term in terms)
        assert distance(typed, beginning) <= errors


def test_the_best_have_fewest_errors_and_then_most_articles() -> None:
    errors_in = {"house": 1, "horse": 1, "hoarse": 2}
    counted = {"house": 3, "horse": 7, "hoarse": 50}
    buckets = [
        {"doc_count": counted[form] if place == 0 else 0} for form in errors_in for place in range(len(TextField))
    ]
    asked = counting_search([*errors_in], False, ())["aggs"]["postings"]["filters"]["filters"]  # noqa: FBT003
    assert len(asked) == len(buckets)
    listed = corrections(errors_in, {"aggregations": {"postings": {"buckets": buckets}}})
    assert listed[0][1] == "horse"
    assert all(one[0] <= other[0] for one, other in pairwise(listed))
