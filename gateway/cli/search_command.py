"""`newsstand search`: search an index from the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import orjson
from rich.console import Console
from rich.text import Text

from gateway.cli.console import counted, print_document, print_line
from gateway.config.settings import Settings
from gateway.http.printable import shown
from indexer.canonical import canonical_topic
from indexer.engines import open_engine
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from indexer.query.understanding import Understanding
from indexer.search.filters import EVERYTHING, Among, Filter, TermField
from indexer.search.ranking import Ranking, Window, order_of
from indexer.search.requests import Hit, SearchRequest, SearchResult
from schema.cost.plain_lists import check_cost, cost_of_list
from schema.inputs.bad_input import check_length, short
from schema.limits.limits import Limits


class Output(StrEnum):
    """The form of printed results: TEXT for people, JSON for programs."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchCommand:
    """The arguments of the command. Without a ranking it is RELEVANCE where there are words, else NEWEST."""

    words: Sequence[str] = ()
    topic: str | None = None
    ranking: Ranking | None = None
    first: int = 10

    def request(self, *, now: datetime, limits: Limits) -> SearchRequest:
        """The question as the index takes it. Raises `RequestError` where it is longer or costs more than allowed."""
        text = " ".join(self.words)
        check_length(text, limits)
        check_cost(cost_of_list(text=text, conditions=int(bool(self.topic)), size=self.first), limits)
        return SearchRequest(
            now=now,
            text=text,
            filter=Among(TermField.TOPIC, frozenset({canonical_topic(short(self.topic, "topic"))}))
            if self.topic
            else EVERYTHING,
            ranking=order_of(self.ranking, text.strip()),
            window=Window(size=self.first),
            total=True,
            forgiving=True,
            understanding=True,
            scores=True,
        )


def _in_topic(topic: str) -> Filter:
    return Among(TermField.TOPIC, frozenset({canonical_topic(short(topic, "topic"))}))


async def ask(question: SearchCommand, settings: Settings, synonyms: Synonyms = NO_SYNONYMS) -> SearchResult:
    """The result. Raises `SearchIndexError` where the index cannot be used, `RequestError` as `request` does."""
    request = question.request(now=datetime.now(UTC), limits=settings.limits)
    engine = await open_engine(settings.index, synonyms=synonyms, access=settings.access)
    try:
        return (await engine.search([request]))[0]
    finally:
        await engine.close()


def print_result(result: SearchResult, console: Console, output: Output) -> None:
    """Print the hits, best first, and how many articles match in all."""
    if output is Output.JSON:
        print_document(console, _encoded(result))
        return
    for number, hit in enumerate(result.hits, start=1):
        console.print(_line(number, hit), highlight=False, soft_wrap=True)
    print_line(console, f"{counted(result.total or 0, 'article')} found{_remarks(result.understanding)}")


def _remarks(understanding: Understanding | None) -> str:
    """The words that were left out, and the correction that is offered."""
    if not understanding:
        return ""
    left_out = f" without: {', '.join(understanding.left_out)}" if understanding.left_out else ""
    return left_out + (f"; did you mean: {understanding.did_you_mean}" if understanding.did_you_mean else "")


def _line(number: int, hit: Hit) -> Text:
    article = hit.article
    score = "" if hit.score is None else f"  {hit.score:.2f}"
    source = f"{article.published_date_time:%Y-%m-%d}  {article.provider.domain}  {', '.join(article.topics)}{score}"
    title, source, url = map(shown, (article.title, source, article.web_url))
    return Text.assemble((f"{number:3}. ", "dim"), (title, "bold"), f"\n     {source}\n     ", (url, "cyan"))


def _encoded(result: SearchResult) -> str:
    hits = [
        {
            "key": hit.article.key,
            "title": hit.article.title,
            "publishedDateTime": hit.article.published_date_time,
            "webUrl": hit.article.web_url,
            "provider": hit.article.provider.domain,
            "topics": hit.article.topics,
            "score": hit.score,
        }
        for hit in result.hits
    ]
    options = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z
    understanding = result.understanding
    answer = {
        "totalCount": result.total,
        "didYouMean": understanding.did_you_mean if understanding else None,
        "leftOut": understanding.left_out if understanding else (),
        "articles": hits,
    }
    return orjson.dumps(answer, option=options).decode()
