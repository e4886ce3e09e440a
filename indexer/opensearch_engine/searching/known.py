"""Rules that ask for numbers in between, run to their end although a cluster needs a while to tell them.

The rules are plain functions of what they ask for. `settled` calls them; where they ask for what is not known yet, they
end with `Unknown`, it is looked up, and they are called again.
"""

from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar, cast

from indexer.memory import OVERHEAD, Memory, Shelf, plain_bytes
from indexer.query.tree import Every, Phrase, Prefix, Query, Word
from indexer.search.filters import EVERYTHING, Filter
from indexer.understanding.visible_words import Alike
from indexer.work import checkpoint

_Answer = TypeVar("_Answer")


class CountOf(NamedTuple):
    """Asks for the number of visible articles that match a query and meet a condition."""

    query: Query
    condition: Filter = EVERYTHING


class TermsOf(NamedTuple):
    """Asks for the terms that a word or prefix stands for in visible articles."""

    leaf: Word | Prefix


class AlikeOf(NamedTuple):
    """Asks for the terms of visible articles that a word may have been meant for."""

    word: Word
    loosely: bool


Question = CountOf | TermsOf | AlikeOf
Fact = int | Collection[str] | Mapping[str, Alike]


class Unknown(Exception):
    """The rules cannot go on without answers to some questions."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__(questions)
        self.questions = questions


class Facts:
    """Answers about the visible articles of moments, kept for all searches."""

    def __init__(self, memory: Memory) -> None:
        self._shelf: Shelf[tuple[Hashable, Question], Fact] = memory.shelf("words", _size)

    def find(self, moment: Hashable, question: Question) -> Fact | None:
        """The answer of a moment to a question; None where it is not kept."""
        return self._shelf.find((moment, question))

    def keep(self, moment: Hashable, question: Question, fact: Fact) -> None:
        """Keep an answer, but for one about a condition, which a client can make long."""
        if not isinstance(question, CountOf) or question.condition == EVERYTHING:
            self._shelf.replace((moment, question), fact)


class Known:
    """Facts that one search has about the articles that are visible at its moment. See `VisibleWords`."""

    def __init__(self, facts: Facts, moment: Hashable) -> None:
        self._kept = facts
        self._moment = moment
        self._facts: dict[Question, Fact] = {}

    @property
    def size(self) -> int:
        """The number of visible articles."""
        return self.count_of(Every())

    def learn(self, question: Question, fact: Fact) -> None:
        """Take an answer."""
        self._facts[question] = fact
        self._kept.keep(self._moment, question, fact)

    def unknown(self, questions: Iterable[Question]) -> list[Question]:
        """The questions that have no answer yet, each once."""
        return [question for question in dict.fromkeys(questions) if self._found(question) is None]

    def _found(self, question: Question) -> Fact | None:
        fact = self._facts.get(question)
        if fact is None:
            fact = self._kept.find(self._moment, question)
            if fact is not None:  # which the memory may give up before the search ends
                self._facts[question] = fact
        return fact

    def count_of(self, query: Query, condition: Filter = EVERYTHING) -> int:
        """The number of visible articles that match a query and meet a condition."""
        return cast("int", self._fact(CountOf(query, condition)))

    def count(self, words: Word | Prefix | Phrase) -> int:
        """See `VisibleWords`."""
        return self.count_of(words)

    def counts(self, words: Sequence[Word | Prefix | Phrase]) -> list[int]:
        """See `VisibleWords`."""
        unknown = self.unknown(map(CountOf, words))
        if unknown:
            raise Unknown(unknown)
        return [*map(self.count, words)]

    def terms(self, leaf: Word | Prefix) -> Collection[str]:
        """See `VisibleWords`."""
        return cast("Collection[str]", self._fact(TermsOf(leaf)))

    def alike(self, word: Word, *, loosely: bool) -> Mapping[str, Alike]:
        """See `VisibleWords`."""
        return cast("Mapping[str, Alike]", self._fact(AlikeOf(word, loosely)))

    def _fact(self, question: Question) -> Fact:
        fact = self._found(question)
        if fact is None:
            raise Unknown([question])
        return fact


LookUp = Callable[[Sequence[Question]], Awaitable[None]]
"""Makes the answers to questions known."""


async def settled(rules: Callable[[], _Answer], look_up: LookUp) -> _Answer:
    """The conclusion of the rules."""
    while True:
        checkpoint()
        try:
            return rules()
        except Unknown as unknown:
            questions = unknown.questions
        await look_up(questions)


def _size(key: tuple[Hashable, Question], fact: Fact) -> int:
    return OVERHEAD + plain_bytes(key) + plain_bytes(tuple(fact) if not isinstance(fact, int) else fact)
