"""Answers to the questions that rules ask about the visible articles."""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.opensearch_engine.matching.view import View
from indexer.opensearch_engine.searching.counts import Counts
from indexer.opensearch_engine.searching.known import AlikeOf, CountOf, Known, Question, TermsOf
from indexer.opensearch_engine.searching.vocabulary import Vocabulary
from indexer.opensearch_engine.storage.together import together


@dataclass(frozen=True, slots=True)
class LookUp:
    """Looks answers up in a cluster, and makes them known."""

    view: View
    known: Known
    counts: Counts
    vocabulary: Vocabulary

    async def __call__(self, questions: Sequence[Question]) -> None:
        """Answer questions, those of one kind in one request."""
        counted = self._count([question for question in questions if isinstance(question, CountOf)])
        listed = self._list([question for question in questions if isinstance(question, TermsOf)])
        compared = (self._compare(question) for question in questions if isinstance(question, AlikeOf))
        await together((counted, listed, *compared))

    async def _count(self, questions: Sequence[CountOf]) -> None:
        for question, count in (await self.counts.counts(self.view, questions)).items():
            self.known.learn(question, count)

    async def _list(self, questions: Sequence[TermsOf]) -> None:
        listed = await self.vocabulary.terms(self.view, [question.leaf for question in questions])
        for question, terms in zip(questions, listed, strict=True):
            self.known.learn(question, terms)

    async def _compare(self, question: AlikeOf) -> None:
        alike = await self.vocabulary.alike(self.view, question.word, loosely=question.loosely)
        self.known.learn(question, alike)
