"""Words that were looked up, kept: however they are asked for, they are in the same documents and count the same."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.memory import Memory
from indexer.query.tree import SEARCHED, WITH_BODY, Every, Prefix, Query, TextField, Word, leaves
from indexer.scoring.bm25f import Statistics
from indexer.scoring.term_weights import TermWeights
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.matching.scores import Scorer
from indexer.whoosh_engine.postings.occurrences import forms, occurrences
from indexer.whoosh_engine.postings.words import Words
from indexer.whoosh_engine.segment.segment import SegmentArrays
from indexer.whoosh_engine.segment.term_table import table_name
from tests.indexer.whoosh_engine.crowds import crowd, crowds
from tests.indexer.whoosh_engine.plain_bm25f import words_of, worth
from tests.indexer.whoosh_engine.queries import leaves as drawn_leaves
from tests.indexer.whoosh_engine.segments import STEMS, open_segment
from tests.indexer.whoosh_engine.ways import WAYS, NewWords, words_by
from tests.replacing import replace
from tests.samples import plain

SIZE = 9_000
"""Of which more have a common word than are weighed at once."""
MEANS = (2.0, 3.0)
LEAVES = (
    *map(Word, ("owl", "owls", "mill", "barn", "barns", "rare", "nowhere")),
    *map(Prefix, ("ow", "m", "rar", "z")),
    Word("owl", (TextField.TITLE,)),
    Word("mill", (TextField.EXCERPT,)),
    Word("mill", weight=0.5),
)


@pytest.fixture(scope="module")
def segment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SegmentArrays]:
    articles = [
        replace(
            plain(f"{number:04}"),
            title="owl " * (1 + number % 2) + ("mills" if number % 3 == 0 else ""),
            excerpt=" ".join(("mill", "owls", "barn")[: number % 4]) + (" rare" if number % 1000 == 1 else ""),
        )
        for number in range(SIZE)
    ]
    with open_segment(tmp_path_factory.mktemp("index"), articles, without=["0000", "0017", "1001"]) as stored:
        yield stored.segment


def statistics(words: Words, query: Query) -> Statistics:
    counts = {leaf.name: len(words.occurrences(leaf).documents) for leaf in leaves(query)}
    return Statistics(SIZE, dict(zip(map(str, SEARCHED), MEANS, strict=False)), counts)


@pytest.fixture(params=WAYS)
def new_words(request: pytest.FixtureRequest) -> NewWords:
    return words_by(request.param)


@pytest.mark.parametrize("leaf", LEAVES, ids=repr)
@pytest.mark.parametrize("step", [1, 7, 1000])
def test_of_some_documents_those_have_a_word_in_which_it_occurs(
    new_words: NewWords, segment: SegmentArrays, leaf: Word | Prefix, step: int
) -> None:
    words, some = new_words(segment, STEMS, Memory()), np.arange(0, SIZE, step, dtype=np.int32)
    plain = Words(segment, STEMS, Memory())
    occurring = plain.occurrences(leaf).documents
    assert words.documents(leaf).tolist() == occurring.tolist()
    for _ in range(2):  # the second time, what is kept
        assert some[words.have(leaf, some)].tolist() == sorted({*some.tolist()} & {*occurring.tolist()})


@pytest.mark.parametrize("leaf", LEAVES, ids=repr)
@pytest.mark.parametrize("order", [("whole", "some", "everywhere"), ("some", "everywhere", "whole")])
def test_a_word_counts_the_same_in_one_document_in_some_and_in_all(
    new_words: NewWords, segment: SegmentArrays, leaf: Word | Prefix, order: tuple[str, ...]
) -> None:
    words, means, rarity = new_words(segment, STEMS, Memory()), (2.0, 3.0), np.float32(1.7)
    plain = Words(segment, STEMS, Memory())
    documents = words.documents(leaf)
    wanted = {
        "whole": documents,
        "some": documents[::7].copy(),
        "everywhere": np.arange(SIZE, dtype=np.int32),
    }
    everywhere = np.zeros(SIZE, dtype=np.float32)
    everywhere[documents] = np.float32(0.5) + rarity * plain.impacts(leaf, means)
    for way in order:
        totals = np.zeros(len(wanted[way]), dtype=np.float32)
        totals[np.isin(wanted[way], documents)] = 0.5
        words.add_impacts(totals, wanted[way], leaf, rarity, means)
        assert totals.tobytes() == everywhere[wanted[way]].tobytes()


def test_of_very_many_occurrences_only_those_that_are_wanted_are_weighed(segment: SegmentArrays) -> None:
    words = Words(segment, STEMS, Memory())
    assert len(words.occurrences(Word("owl")).documents) > 8192 > len(words.occurrences(Word("mill")).documents)


def test_other_mean_lengths_are_other_impacts(new_words: NewWords, segment: SegmentArrays) -> None:
    words = new_words(segment, STEMS, Memory())
    for leaf in (Word("owl"), Word("mill")):
        found = [words.impacts(leaf, means) for means in ((2.0, 3.0), (4.0, 3.0), (2.0, 3.0))]
        assert found[0].tolist() == found[2].tolist() != found[1].tolist()


def test_the_postings_of_a_word_are_those_of_all_its_forms(segment: SegmentArrays) -> None:
    words = Words(segment, STEMS, Memory())
    assert words.postings(Word("owl")) >= len(words.occurrences(Word("owl")).documents)
    assert words.postings(Word("nowhere")) == 0
    assert words.postings(Prefix("ow")) == words.postings(Word("owl"))


@settings(max_examples=30)
@given(
    queries=st.lists(
        st.lists(st.sampled_from(LEAVES[:6]), min_size=1, max_size=3, unique=True).map(tuple), min_size=1, max_size=4
    ),
    step=st.integers(1, 3000),
    start=st.integers(0, SIZE - 1),
)
@pytest.mark.parametrize("way", WAYS)
def test_scores_are_the_same_for_few_documents_and_for_many(
    segment: SegmentArrays, queries: list[tuple[Word, ...]], step: int, start: int, way: str
) -> None:
    new_words = words_by(way)
    words = new_words(segment, STEMS, Memory())
    for wanted in queries:
        query = wanted[0] if len(wanted) == 1 else Every(wanted)
        matcher = Matcher(words, size=SIZE)
        evaluation = Scorer(matcher, TermWeights.of(query, statistics(words, query)))
        documents = matcher.documents(query)
        chosen = documents[start::step].copy()
        scores = dict(zip(documents.tolist(), evaluation.scores(documents).tolist(), strict=True))
        assert evaluation.scores(chosen).tolist() == [scores[one] for one in chosen.tolist()]
        anew = new_words(segment, STEMS, Memory())
        weights = TermWeights.of(query, statistics(anew, query))
        alone = Scorer(Matcher(anew, size=SIZE), weights).scores(chosen)
        assert alone.tolist() == [scores[one] for one in chosen.tolist()]


def test_both_ways_to_find_a_word_are_met(segment: SegmentArrays) -> None:
    """Without this, what is compared above might all go one way."""
    words = Words(segment, STEMS, Memory())
    few, some, many = (words.occurrences(Word(word)).documents for word in ("rare", "barn", "mill"))
    assert words.is_sparse(few, many)
    assert not words.is_sparse(many, some)
    assert [len(one) < len(other) for one, other in pairwise((few, some, many))] == [True, True]


def assert_found(
    leaf: Word | Prefix, segment: SegmentArrays, articles: Sequence[Article], gone: Collection[str]
) -> None:
    numbers = forms(leaf, segment, STEMS)
    found = occurrences(leaf, numbers, segment)
    counts = [
        {field: sum(worth(word, leaf) for word in words_of(article, field)) for field in leaf.fields}
        for article in articles
    ]
    having = [
        document
        for document, article in enumerate(articles)
        if any(counts[document].values()) and article.key not in gone
    ]
    assert found.documents.dtype == np.int32
    assert found.documents.tolist() == having
    assert found.counts.keys() == set(leaf.fields)
    for field in leaf.fields:
        frequencies = found.frequencies(field)
        assert frequencies.dtype == np.float32
        assert frequencies.tolist() == pytest.approx([counts[document][field] for document in having])
        backwards = np.arange(len(having))[::-1]
        assert found.frequencies(field, backwards).tolist() == frequencies[::-1].tolist()
    assert found.nbytes <= 4 * len(having) * (1 + len(leaf.fields))
    if (
        isinstance(leaf, Word)
        and len(numbers) == 1
        and len(having) == segment.tables[table_name(leaf.fields)].postings(numbers)
    ):
        assert found.nbytes == 0  # all of it is the segment's


def assert_counted(leaf: Word | Prefix, segment: SegmentArrays, articles: Sequence[Article]) -> None:
    together = WITH_BODY if leaf.fields[0] in WITH_BODY else leaf.fields  # their postings are one list
    having = [
        {word for field in together for word in words_of(article, field) if worth(word, leaf)} for article in articles
    ]
    words = Words(segment, STEMS, Memory())
    assert words.postings(leaf) == sum(map(len, having))


@given(crowds, st.lists(drawn_leaves, min_size=1, max_size=8), st.data())
def test_words_and_prefixes_occur_where_they_stand(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], sought: list[Word | Prefix], data: st.DataObject
) -> None:
    gone = [article.key for article in articles if data.draw(st.sampled_from((True, False, False)))]
    with open_segment(tmp_path_factory.mktemp("index"), articles, without=gone) as stored:
        for leaf in sought:
            assert_found(leaf, stored.segment, articles, gone)
            assert_counted(leaf, stored.segment, articles)


def test_of_many_documents_rare_words_are_found_as_common_ones_are(tmp_path: Path) -> None:
    # Few postings are sorted, many are counted over all documents.
    articles = crowd(Random(3), 600)  # noqa: S311  # the same each time
    gone = [article.key for article in articles[::9]]
    sought: list[Word | Prefix] = [Word(word) for word in ("run", "running", "harbour5", "walk5", "nobody", "c++")]
    sought += [
        Prefix(prefix, fields)
        for prefix in ("", "r", "walk5", "harbour")
        for fields in (SEARCHED, SEARCHED[1:], WITH_BODY)
    ]
    sought += [Word("ai", (field,)) for field in TextField]
    with open_segment(tmp_path, articles, without=gone) as stored:
        for leaf in sought:
            assert_found(leaf, stored.segment, articles, gone)
