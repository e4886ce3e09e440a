"""Rules that ask for numbers in between."""

from collections.abc import Sequence

import pytest

from indexer.errors import DeadlineExceeded
from indexer.memory import Memory
from indexer.opensearch_engine.searching.known import CountOf, Facts, Known, Question, settled
from indexer.query.tree import Every, Word
from indexer.search.filters import EVERYTHING, HasImage
from indexer.work import Work, begin

OWL, BARN, MILL = map(Word, ("owl", "barn", "mill"))


class Teller:
    """Answers each question with the number of all before it, and remembers what it was asked."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.asked: list[list[Question]] = []

    async def __call__(self, questions: Sequence[Question]) -> None:
        self.asked.append([*questions])
        for question in questions:
            self.known.learn(question, sum(map(len, self.asked)))


async def test_rules_are_called_until_all_is_known_that_they_ask_for() -> None:
    known = Known(Facts(Memory()), "now")
    teller = Teller(known)
    answer = await settled(lambda: (known.count(OWL), known.count_of(BARN, HasImage()), known.count(OWL)), teller)
    assert answer == (1, 2, 1)
    assert teller.asked == [[CountOf(OWL)], [CountOf(BARN, HasImage())]]


async def test_several_counts_are_asked_for_at_once_and_each_once() -> None:
    known = Known(Facts(Memory()), "now")
    teller = Teller(known)
    assert len(await settled(lambda: known.counts([OWL, BARN, OWL, MILL]), teller)) == 4
    assert teller.asked == [[CountOf(OWL), CountOf(BARN), CountOf(MILL)]]


async def test_the_next_search_of_a_moment_knows_what_the_one_before_learnt_but_for_conditions() -> None:
    facts = Facts(Memory())
    first = Known(facts, "now")
    first.learn(CountOf(OWL), 7)
    first.learn(CountOf(OWL, HasImage()), 3)
    second, later = Known(facts, "now"), Known(facts, "later")
    assert second.count(OWL) == 7
    assert second.unknown([CountOf(OWL), CountOf(OWL, HasImage())]) == [CountOf(OWL, HasImage())]
    assert later.unknown([CountOf(OWL)]) == [CountOf(OWL)]


async def test_a_memory_that_keeps_nothing_does_not_make_a_search_ask_for_ever() -> None:
    known = Known(Facts(Memory(0)), "now")
    teller = Teller(known)
    assert await settled(lambda: known.size + known.count(OWL), teller) == 3
    assert teller.asked == [[CountOf(Every(), EVERYTHING)], [CountOf(OWL)]]


async def test_nothing_is_looked_up_after_the_deadline() -> None:
    known = Known(Facts(Memory()), "now")
    teller = Teller(known)
    begin(Work(deadline=0.0, now=lambda: 1.0))
    with pytest.raises(DeadlineExceeded):
        await settled(lambda: known.count(OWL), teller)
    assert teller.asked == []
