"""/suggest.json: what may be meant by the beginning of a text, for a search box without a GraphQL client."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gateway.http.error_responses import JSON
from gateway.http.served import Served
from gateway.http.validators import Freshness, fingerprint
from gateway.lists.parameters import Parameters, among, read_parameters, whole_number
from indexer.query.marked_text import MarkedRange, MarkedText
from indexer.search.filters import EVERYTHING, AllOf, Filter, TermField
from indexer.search.suggestions import Suggestion
from schema.cost.plain_lists import check_cost, cost_of_suggestions
from schema.inputs.bad_input import BadUserInput
from schema.inputs.scalars import write_instant
from schema.limits.answer_size import written
from schema.limits.limits import MAX_SUGGESTIONS, Limits, Switch
from schema.loading.context import RequestContext
from schema.types.highlights import DEFAULT_MARK
from schema.types.suggestion import DEFAULT_SUGGESTIONS, suggestions

PARAMETERS = ("q", "prefix", "topic", "provider", "first")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestQuestion:
    """The text typed so far, the name of the parameter that has it, and the articles that count."""

    parameters: Parameters
    name: str
    text: str
    first: int | None
    condition: Filter

    async def answer(self, context: RequestContext) -> Sequence[Suggestion]:
        """The suggestions. Raises `RequestError` for a value out of range, and where they cost too much."""
        conditions = sum(name in ("topic", "provider") for name, _ in self.parameters)
        size = DEFAULT_SUGGESTIONS if self.first is None else min(self.first, MAX_SUGGESTIONS)
        check_cost(cost_of_suggestions(conditions=conditions, size=size), context.limits)
        return await suggestions(self.text, self.first, argument=self.name, condition=self.condition, context=context)


def read_suggest_question(query_string: bytes, *, hints: Switch) -> SuggestQuestion:
    """The question in an address. The space at the end of a text counts: the last word is whole then.

    Raises `BadUserInput` with the parameter's name and a remedy.
    """
    parameters = read_parameters(query_string, PARAMETERS, hints=hints)
    values = dict(parameters)
    if "q" in values and "prefix" in values:
        raise BadUserInput("prefix", "it means the same as q; give one of them")
    narrowing = (among(TermField.TOPIC, parameters, "topic"), among(TermField.PROVIDER, parameters, "provider"))
    conditions = tuple(condition for condition in narrowing if condition != EVERYTHING)
    return SuggestQuestion(
        parameters=parameters,
        name="prefix" if "prefix" in values else "q",
        text=values.get("q", values.get("prefix", "")),
        first=whole_number("first", values.get("first"), f"0 to {MAX_SUGGESTIONS} suggestions"),
        condition=AllOf(conditions) if conditions else EVERYTHING,
    )


class SuggestJson:
    """Answers with the suggestions and `limits` of the GraphQL field `suggest`, cached as `/search.json` is."""

    def __init__(self, index: Served, limits: Limits, *, edition: str) -> None:
        self._index = index
        self._limits = limits
        self._edition = edition

    async def answer(self, request: Request) -> Response:
        """The suggestions. Raises `RequestError` for a question without sense, `SearchIndexError` without index."""
        question = read_suggest_question(request.scope["query_string"], hints=self._limits.schema_hints)
        moment = await self._index.moment()
        version = Freshness(tag=fingerprint(self._edition, moment.identity, "suggest", question.parameters))
        if version.is_known(request.headers):
            return Response(status_code=304, headers=version.headers)
        found = await question.answer(self._index.context(moment.clock))
        body = {"query": question.text, "suggestions": [_encoded(each) for each in found]}
        # Another generation may have come in between.
        headers = version.headers if await self._index.moment() == moment else {"Cache-Control": "no-store"}
        content = written(body, most=self._limits.max_answer_bytes, pieces=len(found))
        return Response(content, headers=headers, media_type=JSON)


def _encoded(suggestion: Suggestion) -> dict[str, object]:
    article = suggestion.article
    return {
        "kind": suggestion.kind,
        "text": suggestion.text,
        "html": _html(suggestion),
        "ranges": suggestion.ranges,
        "count": suggestion.count,
        "article": article
        and {
            "key": article.key,
            "publishedDateTime": write_instant(article.published_date_time),
            "webUrl": article.web_url,
        },
    }


def _html(suggestion: Suggestion) -> str:
    """The text as HTML, with the typed parts marked."""
    typed = tuple(MarkedRange(start, end, ()) for start, end in suggestion.ranges)
    return MarkedText(suggestion.text, typed).html(DEFAULT_MARK)
