"""Compiled loops beside NumPy, to the last bit, and what they refuse."""

from collections.abc import Callable, Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.memory import Memory
from indexer.query.tree import SEARCHED, WITH_BODY, Phrase, Prefix, TextField, Word
from indexer.scoring.pairs import REACH, Pair
from indexer.whoosh_engine.postings.words import Words
from indexer.whoosh_engine.segment.arrays import Documents
from indexer.whoosh_engine.segment.segment import SegmentArrays
from tests.indexer.whoosh_engine.crowds import crowd, crowds
from tests.indexer.whoosh_engine.queries import leaves, phrases, typed
from tests.indexer.whoosh_engine.segments import STEMS, open_segment
from tests.indexer.whoosh_engine.ways import words_by
from tests.replacing import replace

MEANS = (2.5, 5.5, 40.0)
SIZE = 40_000
"""More than a window of the loops has."""


def both(segment: SegmentArrays) -> tuple[Words, Words]:
    compiled = words_by("compiled")
    return compiled(segment, STEMS, Memory()), Words(segment, STEMS, Memory())


def assert_same(segment: SegmentArrays, leaves: Sequence[Word | Prefix], lists: Sequence[Documents]) -> None:
    """Both find the same documents of each leaf, and it adds the same to scores of each of some lists of documents."""
    compiled, plain = both(segment)
    for _ in range(2):  # the second time, with what is kept
        for leaf in leaves:
            found = compiled.documents(leaf)
            assert (found.dtype, found.tolist()) == (np.int32, plain.documents(leaf).tolist())
            for documents in (*lists, compiled.documents(leaf)):
                assert compiled.have(leaf, documents).tolist() == plain.have(leaf, documents).tolist()
                totals = [np.linspace(0, 3, len(documents), dtype=np.float32) for _ in range(2)]
                for words, added in zip((compiled, plain), totals, strict=True):
                    words.add_impacts(added, documents, leaf, np.float32(2.3), MEANS)
                assert totals[0].tobytes() == totals[1].tobytes()
    for documents in lists:
        totals = [np.linspace(0, 3, len(documents), dtype=np.float32) for _ in range(2)]
        for words, added in zip((compiled, plain), totals, strict=True):
            words.add_all_impacts(added, documents, [(leaf, np.float32(1.3)) for leaf in leaves], MEANS)
        assert totals[0].tobytes() == totals[1].tobytes()
    some = [compiled.documents(leaf) for leaf in leaves]
    assert compiled.union(some).tolist() == plain.union(some).tolist()


@settings(max_examples=60)
@given(crowds, st.lists(leaves, min_size=1, max_size=6), st.data())
def test_words_are_found_and_weighed_as_numpy_does(
    tmp_path_factory: pytest.TempPathFactory, articles: list[Article], sought: list[Word | Prefix], data: st.DataObject
) -> None:
    gone = [article.key for article in articles if data.draw(st.sampled_from((True, False, False)))]
    with open_segment(tmp_path_factory.mktemp("index"), articles, without=gone) as stored:
        size = stored.segment.size
        drawn = data.draw(st.lists(st.integers(0, size - 1), unique=True)) if size else []
        some = np.array(sorted(drawn), dtype=np.int32)
        assert_same(stored.segment, sought, [some, np.arange(size, dtype=np.int32)])


@settings(max_examples=60)
@given(crowds, st.lists(phrases, max_size=4), st.lists(st.tuples(typed, typed), max_size=4), st.data())
def test_phrases_and_pairs_stand_where_they_do_by_numpy(
    tmp_path_factory: pytest.TempPathFactory,
    articles: list[Article],
    sought: list[Phrase],
    terms: list[tuple[str, str]],
    data: st.DataObject,
) -> None:
    gone = [article.key for article in articles if data.draw(st.sampled_from((True, False, False)))]
    with open_segment(tmp_path_factory.mktemp("index"), articles, without=gone) as stored:
        compiled, plain = both(stored.segment)
        for phrase in sought:
            found = compiled.documents_with_phrase(phrase)
            assert (found.dtype, found.tolist()) == (np.int32, plain.documents_with_phrase(phrase).tolist())
        live = np.flatnonzero(stored.segment.live).astype(np.int32)
        for first, second in (*terms, ("run", "runs"), ("run", "the")):
            for fields, gap in zip((SEARCHED, WITH_BODY), (1, REACH), strict=True):
                pair = Pair(Word(first, fields), Word(second, fields), gap)
                for documents in (live, live[::3].copy(), live[:1]):
                    totals = [np.linspace(0, 3, len(documents), dtype=np.float32) for _ in range(2)]
                    for words, added in zip((compiled, plain), totals, strict=True):
                        words.add_nearness(added, documents, pair, np.float32(0.7))
                    assert totals[0].tobytes() == totals[1].tobytes()


def test_long_lists_are_gone_through_in_windows(tmp_path_factory: pytest.TempPathFactory) -> None:
    few = crowd(Random(9), 400)  # noqa: S311  # the same each time
    articles = [
        replace(few[number % 400], key=f"{number:05}", web_url=f"https://hill.example/{number}")
        for number in range(SIZE)
    ]
    gone = {article.key for article in articles[:: SIZE // 3]}
    rare, common = Word("harbour5"), Word("run")
    with open_segment(tmp_path_factory.mktemp("index"), articles, without=gone) as stored:
        lists = [
            np.arange(start, SIZE, step, dtype=np.int32) for start, step in ((0, 1), (5, 3), (16_383, 1), (7, 997))
        ]
        assert_same(stored.segment, [rare, common, Word("run", (TextField.TITLE,)), Word("nobody")], lists)
        compiled, plain = both(stored.segment)
        for terms in (("run", "the"), ("the", "run"), ("harbour5", "run")):
            phrase, pair = Phrase(terms), Pair(Word(terms[0]), Word(terms[1]), REACH)
            assert compiled.documents_with_phrase(phrase).tolist() == plain.documents_with_phrase(phrase).tolist()
            for documents in (each[stored.segment.live[each]] for each in lists):
                totals = [np.zeros(len(documents), dtype=np.float32) for _ in range(2)]
                for words, added in zip((compiled, plain), totals, strict=True):
                    words.add_nearness(added, documents, pair, np.float32(0.7))
                assert totals[0].tobytes() == totals[1].tobytes()


def test_long_texts_of_many_forms_are_read_as_numpy_reads_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    texts = ("running run runs " * 700, "runs walking run walks " * 500, "beta alpha " * 900, "alpha " * 300 + "beta")
    articles = [
        replace(article, excerpt=text, title="run beta")
        for article, text in zip(crowd(Random(4), 4), texts, strict=True)  # noqa: S311  # the same each time
    ]
    phrases_of = [
        ("run", "runs"),
        ("runs", "run"),
        ("walk", "run", "walks"),
        ("alpha", "beta", "alpha"),
        ("beta", "beta"),
    ]
    with open_segment(tmp_path_factory.mktemp("index"), articles) as stored:
        compiled, plain = both(stored.segment)
        documents = np.arange(4, dtype=np.int32)
        for terms in phrases_of:
            phrase = Phrase(terms)
            assert compiled.documents_with_phrase(phrase).tolist() == plain.documents_with_phrase(phrase).tolist()
            totals = [np.zeros(4, dtype=np.float32) for _ in range(2)]
            for words, added in zip((compiled, plain), totals, strict=True):
                words.add_nearness(added, documents, Pair(Word(terms[0]), Word(terms[1]), REACH), np.float32(0.7))
            assert totals[0].tobytes() == totals[1].tobytes()


NUMBERS = np.arange(4, dtype=np.int32)
RUN = (0, 4, 1.0, (0,))


def table(**others: object) -> object:
    from indexer.whoosh_engine.postings.loops import Table  # noqa: PLC0415  # there may be none

    parts = {"documents": NUMBERS, "frequencies": np.ones(4, np.uint8), "positions": np.zeros(4, np.uint8), **others}
    fields = ((parts["frequencies"], parts["positions"]),)
    return Table(parts.get("size", 4), parts["documents"], fields, parts.get("live"), True)  # type: ignore[arg-type]  # noqa: FBT003  # it takes no keywords


def calls(**others: object) -> dict[str, Callable[[], object]]:
    """A call of each method, with some of its arguments replaced."""
    one = table(**{name: value for name, value in others.items() if name in {"frequencies", "positions"}})
    word, documents = others.get("word", (RUN,)), others.get("numbers", NUMBERS)
    count = others.get("count", 4)
    mask, floats = np.zeros(count, bool), others.get("floats", np.zeros(count, np.float32))  # type: ignore[call-overload]
    norms, weights, gap = others.get("norms", (1.0,)), others.get("weights", (1.0,)), others.get("gap", 1)
    return {
        "holders": lambda: one.holders(word, documents, mask),  # type: ignore[attr-defined]
        "phrases": lambda: one.phrases((word, word), documents, mask),  # type: ignore[attr-defined]
        "add_impacts": lambda: one.add_impacts(word, documents, floats, norms, 1.8, 1.0),  # type: ignore[attr-defined]
        "add_nearness": lambda: one.add_nearness(word, word, documents, floats, gap, weights, 1.8, 1.0),  # type: ignore[attr-defined]
    }


METHODS = ("holders", "phrases", "add_impacts", "add_nearness")


@pytest.mark.parametrize(
    ("method", "others", "error"),
    [
        *((method, {"numbers": np.arange(4)}, TypeError) for method in METHODS),
        *((method, {"count": 3}, ValueError) for method in METHODS),
        *((method, {"numbers": NUMBERS + 1}, IndexError) for method in METHODS),
        *((method, {"numbers": NUMBERS - 1}, IndexError) for method in METHODS),
        *((method, {"word": [RUN]}, TypeError) for method in METHODS),
        *((method, {"word": ((0, 5, 1.0, (0,)),)}, IndexError) for method in ("holders", "phrases", "add_nearness")),
        *((method, {"word": ((-1, 4, 1.0, (0,)),)}, IndexError) for method in ("holders", "add_impacts")),
        *((method, {"word": ((3, 1, 1.0, (0,)),)}, IndexError) for method in ("holders", "add_impacts")),
        *((method, {"word": ((0, 4, 1.0, ()),)}, IndexError) for method in ("holders", "add_impacts", "add_nearness")),
        *((method, {"word": ((0, 4, 1.0, (1,)),)}, IndexError) for method in ("phrases", "add_nearness")),
        *((method, {"word": ((0, 4, 1.0, (-9,)),)}, IndexError) for method in ("phrases", "add_nearness")),
        *((method, {"positions": np.zeros(2, np.uint8)}, IndexError) for method in ("phrases", "add_nearness")),
        *((method, {"positions": None}, IndexError) for method in ("phrases", "add_nearness")),
        ("holders", {"numbers": np.arange(8, dtype=np.int32)[::2]}, ValueError),
        *((method, {"numbers": NUMBERS[::-1].copy()}, ValueError) for method in METHODS),
        *((method, {"numbers": NUMBERS // 2}, ValueError) for method in ("phrases", "add_nearness")),
        *((method, {"word": (None,)}, TypeError) for method in METHODS),
        ("add_nearness", {"gap": -1}, ValueError),
        ("add_nearness", {"word": ((0, 4, 1.0, ("first",)),)}, TypeError),
        ("add_impacts", {"norms": ()}, TypeError),
        ("add_impacts", {"norms": (np.ones(3, np.float32),)}, ValueError),
        ("add_impacts", {"norms": (np.ones(4),)}, TypeError),
        ("add_impacts", {"floats": np.zeros(4)}, TypeError),
        ("add_nearness", {"weights": ()}, TypeError),
        ("add_nearness", {"weights": ("much",)}, TypeError),
    ],
)
def test_what_does_not_fit_is_refused(method: str, others: dict[str, object], error: type[Exception]) -> None:
    words_by("compiled")
    with pytest.raises(error):
        calls(**others)[method]()
    calls()[method]()


@pytest.mark.parametrize(
    ("others", "error"),
    [
        ({"size": 3}, IndexError),
        ({"size": -1}, ValueError),
        ({"size": 2**31}, ValueError),
        ({"documents": NUMBERS - 1}, IndexError),
        ({"documents": NUMBERS.astype(np.int64)}, TypeError),
        ({"documents": NUMBERS.reshape(2, 2)}, TypeError),
        ({"frequencies": np.ones(3, np.uint8)}, ValueError),
        ({"frequencies": np.ones(4, np.float32)}, TypeError),
        ({"live": np.ones(3, bool)}, ValueError),
        ({"live": np.ones(4, np.uint8)}, TypeError),
    ],
)
def test_a_table_of_arrays_that_do_not_fit_is_refused(others: dict[str, object], error: type[Exception]) -> None:
    words_by("compiled")
    with pytest.raises(error):
        table(**others)
    with pytest.raises(TypeError, match="no keywords"):
        table().__class__(4, NUMBERS, (), None, True, more=1)  # type: ignore[call-arg]  # noqa: FBT003  # likewise
    with pytest.raises(TypeError, match="a field is a tuple"):
        table().__class__(4, NUMBERS, (None,), None, True)  # type: ignore[call-arg]  # noqa: FBT003  # likewise
    with pytest.raises(RuntimeError, match="made once"):
        table().__init__(4, NUMBERS, (), None, True)  # type: ignore[misc]  # noqa: FBT003  # likewise


def test_a_table_that_was_refused_has_nothing() -> None:
    whole = table()
    empty = whole.__class__.__new__(whole.__class__)
    for _ in range(2):
        with pytest.raises(ValueError, match="one frequency"):
            empty.__init__(4, NUMBERS, ((np.ones(1, np.uint8), None),), None, False)  # type: ignore[misc]  # noqa: FBT003
        with pytest.raises(IndexError):
            empty.holders((RUN,), NUMBERS, np.zeros(4, bool))  # type: ignore[attr-defined]


def test_an_index_with_documents_in_another_order_is_read_without_harm() -> None:
    disordered = table(size=30_000, documents=np.array([20_000, 5, 29_999, 7], dtype=np.int32))
    mask = np.zeros(30_000, dtype=bool)
    disordered.holders((RUN,), np.arange(30_000, dtype=np.int32), mask)  # type: ignore[attr-defined]
    assert not mask[[0, 6, 25_000]].any()


def test_unions_and_known_impacts_stay_within_their_arrays() -> None:
    words_by("compiled")
    from indexer.whoosh_engine.postings.loops import add_known, union  # noqa: PLC0415  # there may be none

    with pytest.raises(ValueError, match="no room"):
        union((NUMBERS,), 4, np.empty(3, np.int32))
    for lists in ((NUMBERS + 1,), (NUMBERS - 1,)):
        with pytest.raises(IndexError):
            union(lists, 4, np.empty(9, np.int32))
    for size in (-1, 2**31):
        with pytest.raises(ValueError, match="no segment"):
            union((NUMBERS,), size, np.empty(9, np.int32))
        with pytest.raises(ValueError, match="no segment"):
            add_known((), NUMBERS, np.zeros(4, np.float32), size)
    with pytest.raises(TypeError, match="2 dimensions"):
        union((NUMBERS.reshape(2, 2),), 4, np.empty(9, np.int32))
    assert union((), 4, np.empty(0, np.int32)) == 0
    totals, impacts = np.zeros(4, np.float32), np.ones(4, np.float32)
    with pytest.raises(ValueError, match="ascend"):
        add_known(((NUMBERS[::-1].copy(), impacts, 1.0),), NUMBERS, totals, 4)
    with pytest.raises(TypeError, match="is a tuple"):
        add_known((None,), NUMBERS, totals, 4)  # type: ignore[arg-type]
    for documents, holders in ((NUMBERS + 1, NUMBERS), (NUMBERS, NUMBERS + 1)):
        with pytest.raises(IndexError):
            add_known(((NUMBERS, impacts, 1.0), (holders, impacts, 1.0)), documents, totals, 4)
    with pytest.raises(ValueError, match="one impact"):
        add_known(((NUMBERS, impacts[:3], 1.0),), NUMBERS, totals, 4)
    with pytest.raises(ValueError, match="one number"):
        add_known(((NUMBERS, impacts, 1.0),), NUMBERS, totals[:3], 4)
    with pytest.raises(TypeError):
        add_known(((NUMBERS, impacts),), NUMBERS, totals, 4)  # type: ignore[arg-type]  # without rarity
    assert not totals.any()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16, np.uint32, np.int64])
def test_frequencies_and_positions_of_any_width_are_read(kind: type[np.integer]) -> None:
    words_by("compiled")
    frequencies = np.array([1, 2, 1, 1], dtype=kind)
    positions = np.array([5, 0, 9, 3, 7], dtype=kind)
    one = table(frequencies=frequencies, positions=positions)
    second = ((0, 4, 1.0, (0,)),)
    totals = np.zeros(4, dtype=np.float32)
    one.add_nearness(second, ((1, 2, 1.0, (1,)),), NUMBERS, totals, 9, (3.0,), 1.0, 4.0)  # type: ignore[attr-defined]
    assert totals.tolist() == [0.0, 3.0, 0.0, 0.0]
    totals = np.zeros(4, dtype=np.float32)
    one.add_impacts(second, NUMBERS, totals, (1.0,), 1.0, 1.0)  # type: ignore[attr-defined]
    assert totals.tolist() == pytest.approx([1 / 2, 2 / 3, 1 / 2, 1 / 2])
