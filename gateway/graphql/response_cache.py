"""Whole answers to GraphQL requests, kept for as long as they would be given again."""

import asyncio
from dataclasses import replace
from operator import attrgetter
from sys import getsizeof
from typing import NamedTuple

import orjson

from gateway.graphql.endpoint import Executes
from gateway.graphql.moment import Moment
from indexer.memory import Memory
from schema.execution.request import Answer, GraphQLRequest

_OVERHEAD = 800
"""Bytes that an answer takes beside its texts."""


class ResponseCache:
    """Answers as `executor` does, but executes a question only once in a moment.

    Everything that is asked within a moment is executed by its clock, so that the same question has the same answer.
    Answers without errors are kept in `max_bytes` of memory until the moment is over, or another generation is served:
    those that were used lately, and none that takes more than a tenth of it.

    Who asks what is being executed waits for that answer. Where there comes none, each asks again on its own.
    """

    def __init__(self, executor: Executes, *, max_bytes: int) -> None:
        self._executor = executor
        self._max_bytes = max_bytes
        self._answers: _Answers | None = None

    async def moment(self) -> Moment:
        """The present, as answers depend on it. Raises `SearchIndexError` where there is no index to answer from."""
        return await self._executor.moment()

    async def execute(self, request: GraphQLRequest) -> Answer:
        """The answer to `request` by the clock of the present moment. Raises `SearchIndexError` as above."""
        answers = self._answers_of(await self._executor.moment())
        question = _question(request)
        if question is None:
            return await self._executed(request, answers)
        known = answers.find(question) or await answers.awaited(question)
        return known or await self._kept(request, question, answers)

    def _answers_of(self, moment: Moment) -> "_Answers":
        """What is kept of this moment. That of another is given up, whichever requests are still adding to it."""
        if self._answers is None or self._answers.moment != moment:
            self._answers = _Answers(moment, max_bytes=self._max_bytes)
        return self._answers

    async def _kept(self, request: GraphQLRequest, question: "_CacheKey", answers: "_Answers") -> Answer:
        execution = answers.begin(question)
        try:
            execution.answer = answer = await self._executed(request, answers)
            answers.keep(question, answer)
            return answer
        finally:
            answers.end(question, execution)

    async def _executed(self, request: GraphQLRequest, answers: "_Answers") -> Answer:
        return await self._executor.execute(replace(request, now=answers.moment.clock))


class _CacheKey(NamedTuple):
    """What is the same in all requests that have the same answer. Variables are in JSON, with their keys in order."""

    query: str
    operation_name: str | None
    variables: bytes


class _Kept(NamedTuple):
    answer: Answer
    size: int


class _Execution:
    """A question that is being executed: the answer, once it is done; None if it failed."""

    __slots__ = ("answer", "done")

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.done = asyncio.Event()


class _Answers:
    """The answers of one moment."""

    def __init__(self, moment: Moment, *, max_bytes: int) -> None:
        self.moment = moment
        self._largest = max_bytes // 10
        # It holds up to twice as much as half of this and one answer more.
        self._shelf = Memory(max_bytes - 2 * self._largest).shelf(attrgetter("size"))
        self._executions: dict[_CacheKey, _Execution] = {}

    def find(self, question: _CacheKey) -> Answer | None:
        """The answer, if it is kept."""
        kept: _Kept | None = self._shelf.find(question)
        return kept and kept.answer

    async def awaited(self, question: _CacheKey) -> Answer | None:
        """The answer, if somebody else is about to get it."""
        execution = self._executions.get(question)
        if execution is None:
            return None
        await execution.done.wait()
        return execution.answer

    def begin(self, question: _CacheKey) -> _Execution:
        """From now on, others wait for this execution."""
        execution = self._executions[question] = _Execution()
        return execution

    def end(self, question: _CacheKey, execution: _Execution) -> None:
        """From now on, nobody does."""
        self._executions.pop(question, None)
        execution.done.set()

    def keep(self, question: _CacheKey, answer: Answer) -> None:
        """Keep the answer, if it is not too large, and would be given again."""
        kept = _Kept(answer, _OVERHEAD + getsizeof(answer.body) + sum(map(getsizeof, question)))
        if answer.executed and not answer.error_codes and kept.size <= self._largest:
            self._shelf.put(question, kept)


def _question(request: GraphQLRequest) -> _CacheKey | None:
    """What is asked; None where variables are nested so deep that they cannot be written."""
    try:
        variables = orjson.dumps(request.variables or {}, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return None
    return _CacheKey(request.query, request.operation_name or None, variables)
