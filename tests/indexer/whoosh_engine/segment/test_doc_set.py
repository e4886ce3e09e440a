"""A set of documents is the same whether it was given as a list or as a mask."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.whoosh_engine.segment.doc_set import DocSet

masks = st.lists(st.booleans(), max_size=20).map(lambda bits: np.array(bits, dtype=bool))


def listed(mask: np.ndarray) -> DocSet:
    return DocSet(len(mask), np.flatnonzero(mask).astype(np.int32))


@given(masks)
def test_a_list_and_a_mask_of_the_same_documents_are_the_same_set(mask: np.ndarray) -> None:
    documents = np.flatnonzero(mask).tolist()
    column = np.arange(100, 100 + len(mask))
    for doc_set in (DocSet.marked(mask), listed(mask)):
        assert (doc_set.count, doc_set.size) == (len(documents), len(mask))
        assert doc_set.documents.dtype == np.int32
        assert doc_set.documents.tolist() == doc_set.indices.tolist() == documents
        assert doc_set.mask.tolist() == mask.tolist()
        assert doc_set.absent.tolist() == np.flatnonzero(~mask).tolist()
        assert doc_set.of(column).tolist() == column[mask].tolist()


@given(masks, st.data())
def test_documents_among_a_set_are_those_of_both(mask: np.ndarray, data: st.DataObject) -> None:
    other = np.array([data.draw(st.booleans()) for _ in mask], dtype=bool)
    documents = np.flatnonzero(other).astype(np.int32)
    for visible in (DocSet.marked(mask), listed(mask)):
        assert visible.among(documents).mask.tolist() == (mask & other).tolist()
        everything = visible.among(None)
        assert everything is not visible
        assert (everything.mask.tolist(), everything.count) == (mask.tolist(), visible.count)


def test_a_search_leaves_a_set_that_is_kept_as_small_as_it_was() -> None:
    visible = DocSet.marked(np.ones(1_000, dtype=bool))
    assert visible.nbytes == 1_000
    assert len(visible.among(None).documents) == 1_000
    assert {name for name, value in vars(visible).items() if isinstance(value, np.ndarray)} <= {"_mask", "mask"}
