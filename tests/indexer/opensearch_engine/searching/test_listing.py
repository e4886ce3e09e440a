"""Terms that a cluster lists: all of them in one request where that is possible, and the same in two."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.opensearch_engine.searching import listing
from indexer.opensearch_engine.searching.listing import Listing, quoted
from indexer.opensearch_engine.storage import mapping
from indexer.opensearch_engine.storage.cluster import Cluster
from indexer.query.tree import TextField

FIELDS = (TextField.TITLE, TextField.EXCERPT)


class Terms:
    """A cluster that knows the terms of each field, by how many articles have them."""

    def __init__(self, known: Mapping[TextField, Mapping[str, int]]) -> None:
        self.known = known
        self.asked = 0

    async def search(self, _index: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        self.asked += 1
        answers = {}
        for name, aggregation in body["aggs"].items():
            terms = aggregation["terms"]
            of_field = {mapping.vocabulary_field(field): known for field, known in self.known.items()}[terms["field"]]
            include = re.compile(terms.get("include", ".*"))
            fitting = Counter({term: count for term, count in of_field.items() if include.fullmatch(term)})
            listed = fitting.most_common(terms["size"])
            answers[name] = {
                "buckets": [{"key": term, "doc_count": count} for term, count in listed],
                "sum_other_doc_count": fitting.total() - sum(count for _, count in listed),
            }
        return {"aggregations": answers}


vocabularies = st.dictionaries(
    st.sampled_from(FIELDS),
    st.dictionaries(st.text("abc=é", min_size=1, max_size=6), st.integers(1, 9), max_size=12),
    min_size=2,
)


@pytest.mark.parametrize("most", [60_000, 8])
@given(
    known=vocabularies,
    first=st.sampled_from(["", "a", "é"]),
    shortest=st.integers(1, 4),
    more=st.integers(0, 3) | st.none(),
)
async def test_the_terms_are_those_of_that_length_and_beginning(
    most: int, known: dict[TextField, dict[str, int]], first: str, shortest: int, more: int | None
) -> None:
    cluster = Terms(known)
    longest = None if more is None else shortest + more
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(listing, "_MOST_TERMS", most)
        found = await Listing(FIELDS, first, shortest, longest).terms(cast("Cluster", cluster), "news", {})

    def fits(term: str) -> bool:
        return term.startswith(first) and not term.startswith("=") and shortest <= len(term) <= (longest or 99)

    expected = {term for terms in known.values() for term in terms if fits(term)}
    assert found <= expected
    if most == 60_000:
        assert found == expected
    assert cluster.asked == (1 if first or all(len(terms) <= most // 2 for terms in known.values()) else 2)


@pytest.mark.parametrize("text", ["a.b*c", "(x|y)", "#1&2", "c++", "[a]", 'q"', "\\"])
def test_a_text_is_quoted_for_expressions(text: str) -> None:
    assert re.fullmatch(quoted(text), text)
