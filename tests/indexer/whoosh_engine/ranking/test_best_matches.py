"""The best matches beside the scores of all that match, to the last bit."""

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.memory import Memory
from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Without, Word, leaves
from indexer.scoring.bm25f import Statistics
from indexer.scoring.term_weights import TermWeights
from indexer.whoosh_engine.matching.matcher import Matcher
from indexer.whoosh_engine.matching.scores import Scorer
from indexer.whoosh_engine.postings.compiled_words import CompiledWords
from indexer.whoosh_engine.postings.programs import MatchList, Operation, Program, ScoredList
from indexer.whoosh_engine.postings.words import Words
from indexer.whoosh_engine.ranking.best_matches import best_matches, is_worth_it
from indexer.whoosh_engine.segment.arrays import Mask
from indexer.whoosh_engine.segment.doc_set import DocSet
from indexer.whoosh_engine.segment.segment import SegmentArrays
from tests.indexer.whoosh_engine.crowds import crowd
from tests.indexer.whoosh_engine.queries import queries, trees
from tests.indexer.whoosh_engine.segments import STEMS, open_segment
from tests.indexer.whoosh_engine.ways import words_by

SIZE = 6_000
"""Several groups of blocks, the last of which is not full."""
COMMON, LESS, RARE, RAREST = Word("run"), Word("the"), Word("harbour5"), Word("walks2")
MATCH = np.dtype([("document", np.int32), ("score", np.float32)])
BLOCK = 64
"""Documents of a block."""
PHRASES = [Phrase(("run", "the")), Phrase(("run", "walks2")), Phrase(("the", "harbour5"))]
LEAVES: tuple[Query, ...] = (COMMON, LESS, RARE, RAREST, *PHRASES, Word("nobody"), Prefix("harb"))
"""Few, so that queries have some of them in several places."""


class Many(NamedTuple):
    """A segment with some deletions, and its words."""

    segment: SegmentArrays
    matcher: Matcher

    @property
    def words(self) -> Words:
        return self.matcher.words

    def weights(self, query: Query) -> TermWeights:
        counts = {leaf.name: len(self.words.documents(leaf)) for leaf in leaves(query)}
        return TermWeights.of(query, Statistics(SIZE, {"title": 2.5, "excerpt": 5.5}, counts))

    def scored(self, query: Query, allowed: DocSet) -> dict[int, float]:
        """The score of each match."""
        documents = allowed.among(self.matcher.documents(query)).documents
        scores = Scorer(self.matcher, self.weights(query)).scores(documents)
        return dict(zip(documents.tolist(), scores.tolist(), strict=True))

    def best(self, query: Query, allowed: DocSet, count: int) -> dict[int, float] | None:
        """The best of them; None where no loop looks for them."""
        found = best_matches(query, [self.matcher], self.weights(query), [allowed], count)
        if found is None:
            return None
        [(documents, scores)] = found
        assert (np.diff(documents) > 0).all()
        return dict(zip(documents.tolist(), scores.tolist(), strict=True))


@pytest.fixture(scope="module", params=["known", "read as needed"])
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Many]:
    articles = crowd(Random(11), SIZE)  # noqa: S311  # the same each time
    gone = {article.key for article in articles[::13]}
    with (
        pytest.MonkeyPatch.context() as patch,
        open_segment(tmp_path_factory.mktemp("index"), articles, without=gone) as stored,
    ):
        if request.param == "read as needed":
            patch.setattr("indexer.whoosh_engine.ranking.best_matches._KNOWN", 0)
        words = words_by("compiled")(stored.segment, STEMS, Memory())
        yield Many(stored.segment, Matcher(words, size=SIZE))


def assert_best(many: Many, query: Query, allowed: DocSet, count: int) -> None:
    if not many.weights(query).words:
        assert not is_worth_it(many.weights(query), [allowed], count)
        return
    every = many.scored(query, allowed)
    least = sorted(every.values(), reverse=True)[:count][-1:]
    expected = {document: score for document, score in every.items() if score >= min(least, default=0)}
    assert many.best(query, allowed, count) == expected


counts = st.sampled_from((1, 2, 3, 11, 21, 60, 1_000))


@settings(max_examples=300)
@given(
    query=trees(st.sampled_from(LEAVES)),
    count=counts,
    share=st.sampled_from((1.0, 0.7, 0.2, 0.01)),
    seed=st.integers(0, 99),
)
def test_the_best_are_the_best_of_all(many: Many, query: Query, count: int, share: float, seed: int) -> None:
    chosen = np.random.default_rng(seed).random(SIZE) < share
    assert_best(many, query, DocSet.marked(many.segment.live & chosen), count)


@settings(max_examples=150)
@given(query=queries, count=counts)
def test_queries_of_any_shape_have_the_same_best(many: Many, query: Query, count: int) -> None:
    assert_best(many, query, DocSet.marked(many.segment.live), count)


@pytest.mark.parametrize(
    "query",
    [
        Every(()),
        Some(()),
        Without(COMMON),
        Every((COMMON, Without(LESS))),
        Some((Every((RARE, LESS)), RAREST)),
        Every((Phrase(("run", "the")), Some((RARE, COMMON)))),
        Every((COMMON, Some((Phrase(("run", "the")), RARE)))),
        Every((COMMON, Phrase(("run", "the")), Some((Phrase(("run", "the")), RARE)))),
        Every((LESS, Without(Phrase(("run", "the"))))),
        Word("run", (*SEARCHED,), 0.25),
    ],
    ids=[
        "all",
        "nothing",
        "without a word",
        "one, not another",
        "several or one",
        "a phrase and one",
        "a word that is also in a phrase or another",
        "a phrase that is also in alternatives",
        "a word without a phrase",
        "weighed less",
    ],
)
def test_parts_count_where_they_match(many: Many, query: Query) -> None:
    for count in (1, 3, 500):
        assert_best(many, query, DocSet.marked(many.segment.live), count)


@pytest.mark.parametrize(
    ("query", "share", "expected"),
    [
        (COMMON, 1, True),
        (COMMON, 0.3, True),
        (COMMON, 0.2, False),
        (RARE, 1, False),
        (Some((RARE, COMMON)), 1, True),
        (Every((LESS, COMMON)), 1, False),
        (Every((COMMON, Without(RARE))), 1, True),
        (Without(COMMON), 1, False),
        (PHRASES[0], 1, False),
        (Some((COMMON, LESS, RARE, RAREST)), 1, True),
        (Some((COMMON, LESS, RARE, RAREST, Word("nobody"))), 1, False),
        (Some((COMMON, LESS, RARE, RAREST, *PHRASES)), 1, True),
        (Some((COMMON, LESS, RARE, RAREST, Prefix("harb"))), 1, True),
        (Some((RARE, RAREST)), 1, False),
        (Every((COMMON, PHRASES[1])), 1, False),
        (Every(()), 1, False),
        (Some(()), 1, False),
    ],
)
def test_many_matches_of_few_words_are_worth_it(many: Many, query: Query, share: float, *, expected: bool) -> None:
    chosen = np.random.default_rng(1).random(SIZE) < share
    allowed = [DocSet.marked(many.segment.live & chosen)]
    for count in (1, 20, 1_000):
        assert is_worth_it(many.weights(query), allowed, count) is expected
    for count in (0, 1_001):
        assert not is_worth_it(many.weights(query), allowed, count)


def test_nothing_is_looked_for_in_an_empty_index() -> None:
    assert not is_worth_it(TermWeights.of(COMMON, Statistics(0, {}, {COMMON.name: 0})), [], 3)


def test_without_a_compiler_all_are_scored(tmp_path_factory: pytest.TempPathFactory) -> None:
    with open_segment(tmp_path_factory.mktemp("index"), crowd(Random(11), 50)) as stored:  # noqa: S311  # likewise
        many = Many(stored.segment, Matcher(Words(stored.segment, STEMS, Memory()), size=50))
        assert many.best(COMMON, DocSet.marked(many.segment.live), 3) is None


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize(
    ("program", "required", "expected"),
    [
        ((0, 1, Operation.AND), (0, 1), lambda first, second, _: first & second),
        ((0, 1, Operation.OR, 2, Operation.OR), (), lambda *masks: np.logical_or.reduce(masks)),
        ((2, 0, Operation.NOT, Operation.AND), (2,), lambda first, _, third: third & ~first),
    ],
    ids=["both", "any", "one, not another"],
)
def test_large_segments_are_searched_where_most_is_promised(
    program: Program, required: tuple[int, ...], expected: Callable[..., Mask], seed: int
) -> None:
    words_by("compiled")
    from indexer.whoosh_engine.postings.loops import Table  # noqa: PLC0415  # there may be none

    random, size, count = np.random.default_rng(seed), 300_000, 20
    allowed = random.random(size) < random.choice((1.0, 0.5, 0.01))
    masks = [random.random(size) < share for share in random.choice((0.5, 0.1, 0.01, 0.0001), 3)]
    lists, words, totals = [], [], np.zeros(size, np.float32)
    for number, mask in enumerate(masks):
        impacts = np.where(mask, random.random(size, dtype=np.float32) ** 4, 0)
        greatest = np.append(impacts, np.zeros(-size % BLOCK, np.float32)).reshape(-1, BLOCK).max(axis=1)
        greatest = np.ceil(greatest * 255).astype(np.uint8)
        totals += np.float32(1.5) * impacts
        lists.append(MatchList(np.flatnonzero(mask).astype(np.int32), is_required=number in required))
        words.append(ScoredList(number, impacts[mask], greatest, 1.5))
    matches = np.flatnonzero(expected(*masks) & allowed)
    best = matches[totals[matches] >= np.sort(totals[matches])[-count:].min(initial=9)]
    table = Table(size, np.empty(0, np.int32), (), None, True)  # noqa: FBT003  # it takes no keywords
    found = np.frombuffer(table.best_matches(tuple(lists), tuple(words), program, allowed, 1.8, count), dtype=MATCH)
    documents, scores = np.sort(found, order="document")["document"], np.sort(found, order="document")["score"]
    assert documents.tolist() == best.tolist()
    assert scores.tobytes() == totals[best].tobytes()


NUMBERS = np.arange(4, dtype=np.int32)
ONES = np.ones(4, np.float32)
FULL = np.full(1, 255, np.uint8)
RUNS = ((0, 4, 1.0, (0,)),)


def call(**others: object) -> list[int]:
    """The documents that the compiled loop finds, with some of its arguments replaced."""
    words_by("compiled")
    from indexer.whoosh_engine.postings.loops import Table  # noqa: PLC0415  # there may be none

    fields = ((np.ones(4, np.uint8), np.zeros(4, np.uint8)),)
    one = {"number": 0, "impacts": ONES, "greatest": FULL, "worth": 2.0, "condition": ()}
    scored = tuple({**one, **{name: value for name, value in others.items() if name in one}}.values())
    arguments = {
        "lists": ((NUMBERS, True),),
        "scored": (scored,),
        "program": (0,),
        "allowed": np.ones(4, bool),
        "saturation": 1.8,
        "wanted": 2,
    }
    arguments |= {name: value for name, value in others.items() if name in arguments}
    size = len(arguments["allowed"]) if "size" not in others else others["size"]  # type: ignore[arg-type]
    documents = others.get("documents", NUMBERS)
    table = Table(size, documents, fields if len(documents) else (), None, True)  # type: ignore[arg-type]  # noqa: FBT003
    return [*np.frombuffer(table.best_matches(*arguments.values()), dtype=MATCH)["document"].tolist()]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("others", "error"),
    [
        ({"lists": [(NUMBERS, True)]}, TypeError),
        ({"lists": (NUMBERS,)}, TypeError),
        ({"lists": ((NUMBERS.astype(np.int64), True),)}, TypeError),
        ({"lists": ((NUMBERS,),)}, TypeError),
        ({"lists": ()}, IndexError),
        ({"lists": ((RUNS, True),)}, TypeError),
        ({"lists": ((((0, 5, 1.0, (0,)),), True),), "impacts": (1.0,)}, IndexError),
        ({"lists": (((None,), True),), "impacts": (1.0,)}, TypeError),
        ({"lists": ((RUNS, True),), "impacts": (ONES[:3],)}, ValueError),
        ({"lists": ((RUNS, True),), "impacts": ()}, TypeError),
        ({"scored": (ONES,)}, TypeError),
        ({"scored": ((0, ONES),)}, TypeError),
        ({"number": 1}, IndexError),
        ({"number": -1}, IndexError),
        ({"impacts": ONES[:3]}, ValueError),
        ({"impacts": ONES.astype(np.float64)}, TypeError),
        ({"greatest": FULL[:0]}, ValueError),
        ({"greatest": ONES}, TypeError),
        ({"worth": float("nan")}, ValueError),
        ({"worth": float("inf")}, ValueError),
        ({"worth": 1e300}, ValueError),
        ({"worth": -0.5}, ValueError),
        ({"condition": (1,)}, IndexError),
        ({"condition": (Operation.AND,)}, ValueError),
        ({"condition": [0]}, TypeError),
        ({"program": ()}, ValueError),
        ({"program": (0, 0)}, ValueError),
        ({"program": (0, Operation.AND)}, ValueError),
        ({"program": (Operation.NOT,)}, ValueError),
        ({"program": (Operation.OR, 0, 0)}, ValueError),
        ({"program": (1,)}, IndexError),
        ({"program": (-5,)}, IndexError),
        ({"program": (2**40,)}, IndexError),
        ({"program": (2**80,)}, OverflowError),
        ({"program": ("0",)}, TypeError),
        ({"allowed": np.ones(4, np.uint8)}, TypeError),
        ({"allowed": np.ones((2, 2), bool), "size": 4}, TypeError),
        ({"size": 5}, ValueError),
        ({"wanted": 0}, ValueError),
        ({"wanted": -1}, ValueError),
        ({"wanted": 2**31}, ValueError),
    ],
)
def test_what_does_not_fit_is_refused(others: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        call(**others)
    assert call() == call(lists=((RUNS, True),), impacts=(1.0,)) == [0, 1, 2, 3]


@pytest.mark.parametrize("documents", [[3, 2, 1, 0], [0, 0, 0, 0], [99, -1, 2, 5], [-7, -7, 2**31 - 1, -(2**31)]])
@pytest.mark.parametrize("is_required", [True, False])
def test_lists_of_a_damaged_index_are_read_without_harm(documents: list[int], *, is_required: bool) -> None:
    damaged = np.array(documents, dtype=np.int32)
    assert set(call(lists=((damaged, is_required),))) <= {0, 1, 2, 3}
    disordered, greatest = damaged % 300, np.full(5, 255, np.uint8)
    found = call(
        documents=disordered,
        lists=((RUNS, is_required),),
        impacts=(1.0,),
        greatest=greatest,
        allowed=np.ones(300, bool),
    )
    assert set(found) <= set(disordered.tolist())


def test_the_greatest_of_each_block_are_those_of_all_impacts(many: Many) -> None:
    words, means = many.words, many.weights(COMMON).mean_lengths
    assert isinstance(words, CompiledWords)
    for leaf in (COMMON, LESS, RARE, Word("run", (TextField.TITLE,)), Word("nobody"), Prefix("harb")):
        greatest = np.zeros(-(-SIZE // BLOCK), np.float32)
        np.maximum.at(greatest, words.documents(leaf) // BLOCK, words.impacts(leaf, means))
        # Those of deleted documents count as well.
        found = words.greatest_impacts(leaf, means)
        assert (found >= greatest * np.float32(255 * 0.99999)).all()
        assert ((found > 0) | (greatest == 0)).all()


def test_too_few_blocks_are_refused() -> None:
    words_by("compiled")
    from indexer.whoosh_engine.postings.loops import Table  # noqa: PLC0415  # there may be none

    table = Table(4, NUMBERS, ((np.ones(4, np.uint8), np.zeros(4, np.uint8)),), None, True)  # noqa: FBT003  # likewise
    by_block = np.zeros(1, np.float32)
    table.greatest(RUNS, (3.0,), 1.0, by_block)
    assert by_block.tolist() == [0.75]
    for runs, norms, target, error in (
        (RUNS, (3.0,), by_block[:0], ValueError),
        (RUNS, (3.0,), NUMBERS, TypeError),
        (RUNS, (), by_block, TypeError),
        ((None,), (3.0,), by_block, TypeError),
    ):
        with pytest.raises(error):
            table.greatest(runs, norms, 1.0, target)  # type: ignore[arg-type]


def test_a_segment_without_documents_has_no_best() -> None:
    nothing = np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, bool)
    lists = ((nothing[0], True),)
    assert call(lists=lists, impacts=nothing[1], greatest=FULL[:0], allowed=nothing[2], documents=nothing[0]) == []
    assert call(lists=lists, impacts=nothing[1]) == []
