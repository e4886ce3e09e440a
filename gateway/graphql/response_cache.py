"""Whole answers to GraphQL requests, kept as long as an execution would repeat them."""

import asyncio
from dataclasses import replace
from sys import getsizeof
from typing import NamedTuple

import orjson

from gateway.http.moment import Moment
from gateway.http.served import Served
from indexer.memory import OVERHEAD, Memory, Shelf
from schema.execution.request import Answer, GraphQLRequest
from schema.limits.error_codes import Code


class ResponseCache:
    """Answers of `index`, each executed only once in a moment.

    All requests of a moment are executed by its clock, so that equal requests have equal answers. Answers without
    errors are kept in memory until the moment is over, or another generation is served: the ones used lately, and none
    that takes more than a tenth of it.

    A request that is being executed already waits for that answer. If the execution fails, it is executed by itself.
    """

    def __init__(self, index: Served, memory: Memory) -> None:
        self._index = index
        self._memory = memory
        self._answers: _Answers | None = None

    async def execute(self, request: GraphQLRequest) -> Answer:
        """The answer to `request` by the clock of the present moment. Raises `SearchIndexError` as the index does."""
        answers = self._answers_of(await self._index.moment())
        key = _key(request)
        if key is None:
            return await self._executed(request, answers)
        answer = answers.find(key) or await answers.awaited(key)
        return answer or await self._kept(request, key, answers)

    def _answers_of(self, moment: Moment) -> "_Answers":
        """The answers of this moment. Those of another are given up, even while requests still add to them."""
        if self._answers is None or self._answers.moment != moment:
            self._answers = _Answers(moment, self._memory)
        return self._answers

    async def _kept(self, request: GraphQLRequest, key: "_CacheKey", answers: "_Answers") -> Answer:
        execution = answers.begin(key)
        try:
            answer = await self._executed(request, answers)
            if Code.DEADLINE_EXCEEDED not in answer.error_codes:  # others may have more time left
                execution.answer = answer
                answers.keep(key, answer)
            return answer
        finally:
            answers.end(key, execution)

    async def _executed(self, request: GraphQLRequest, answers: "_Answers") -> Answer:
        return await self._index.execute(replace(request, now=answers.moment.clock))


class _CacheKey(NamedTuple):
    """A request, as far as its answer depends on it. Variables are in JSON, with their keys in order."""

    query: str
    operation_name: str | None
    variables: bytes
    server_url: str | None


class _Execution:
    """An execution under way, and its answer once it is done; None if it failed."""

    __slots__ = ("answer", "done")

    def __init__(self) -> None:
        self.answer: Answer | None = None
        self.done = asyncio.Event()


class _Answers:
    """The answers of one moment."""

    def __init__(self, moment: Moment, memory: Memory) -> None:
        self.moment = moment
        self._largest = memory.max_bytes // 10
        self._shelf: Shelf[_CacheKey, Answer] = memory.shelf("answers", _size)
        self.find = self._shelf.find
        """The answer to a request, if it is kept."""
        self._executions: dict[_CacheKey, _Execution] = {}

    async def awaited(self, key: _CacheKey) -> Answer | None:
        """The answer of an equal request, if one is being executed."""
        execution = self._executions.get(key)
        if execution is None:
            return None
        await execution.done.wait()
        return execution.answer

    def begin(self, key: _CacheKey) -> _Execution:
        """Let equal requests wait for a new execution from now on."""
        execution = self._executions[key] = _Execution()
        return execution

    def end(self, key: _CacheKey, execution: _Execution) -> None:
        """Let no request wait for the execution from now on."""
        self._executions.pop(key, None)
        execution.done.set()

    def keep(self, key: _CacheKey, answer: Answer) -> None:
        """Keep the answer, if it has no errors and is not too large."""
        if answer.executed and not answer.error_codes and _size(key, answer) <= self._largest:
            self._shelf.put(key, answer)


def _size(key: _CacheKey, answer: Answer) -> int:
    return OVERHEAD + getsizeof(answer.body) + sum(map(getsizeof, key))


def _key(request: GraphQLRequest) -> _CacheKey | None:
    """The key of a request; None where its variables are nested too deep to be written as JSON."""
    try:
        variables = orjson.dumps(request.variables or {}, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return None
    return _CacheKey(request.query, request.operation_name or None, variables, request.server_url)
