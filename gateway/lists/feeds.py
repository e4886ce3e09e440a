"""/feed.atom and /feed.json: any list of articles, for feed readers."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from gateway.config.settings import Settings
from gateway.http.host import ServerUrl
from gateway.http.moment import Moment
from gateway.http.served import Served
from gateway.http.validators import Freshness
from gateway.lists import atom, json_feed
from gateway.lists.feed import Feed, FeedItem
from gateway.lists.question import ListQuestion, read_question
from indexer.search.ranking import Ranking
from schema.loading.loaders import awaited


class Encoder(Protocol):
    """Writes a feed in its format."""

    def __call__(self, feed: Feed, *, most: int) -> bytes:
        """At most `most` bytes. Raises `AnswerTooLarge`."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format of feeds: the name that they are served under, their media type, and their encoder."""

    file: str
    media_type: str
    encode: Encoder


ATOM = Format("feed.atom", atom.MEDIA_TYPE, atom.encode)
JSON = Format("feed.json", json_feed.MEDIA_TYPE, json_feed.encode)


class Feeds:
    """Serves every list of `/search.json`, by default newest first."""

    def __init__(self, index: Served, settings: Settings, server_url: ServerUrl) -> None:
        self._index = index
        self._server_url = server_url
        self._settings = settings

    async def atom(self, request: Request) -> Response:
        """The feed in Atom. Raises `RequestError` and `SearchIndexError` as `SearchJson.answer` does."""
        return await self._respond(request, ATOM)

    async def json(self, request: Request) -> Response:
        """The feed in JSON Feed. Raises as `atom` does."""
        return await self._respond(request, JSON)

    async def _respond(self, request: Request, format_: Format) -> Response:
        question = read_question(request.scope["query_string"], hints=self._settings.limits.schema_hints)
        # Read first: a build in between makes the feed look older than it is, so it is only fetched once more.
        moment = await self._index.moment()
        feed = await self._feed(question, self._server_url.of(request.scope), format_.file, moment)
        # A list changes when an index is built, and when the time of an article has come.
        freshness = Freshness(tag=feed.fingerprint(), modified=max(moment.built_at, feed.updated))
        headers, most = {"Content-Type": format_.media_type}, self._settings.limits.max_answer_bytes
        return freshness.answer(request.headers, lambda: Response(format_.encode(feed, most=most), headers=headers))

    async def _feed(self, question: ListQuestion, base: str, file: str, moment: Moment) -> Feed:
        context, address = self._index.context(moment.clock, server_url=base), f"{base}/{file}"
        page = question.page(context, ranking=Ranking.NEWEST)
        edges, page_info = await asyncio.gather(awaited(page.edges), awaited(page.page_info))
        after = page_info.end_cursor if page_info.has_next_page else None
        now = max(moment.clock, moment.built_at)
        items = tuple(FeedItem.of(edge.node, asset_base_url=context.asset_base_url, now=now) for edge in edges)
        return Feed(
            title=_title(self._settings.feed_title, question),
            publisher=self._settings.feed_title,
            home_url=self._settings.site_url or self._settings.site or f"{base}/",
            first_url=f"{address}{question.query_string(after=None)}",
            url=f"{address}{question.query_string(after=question.after)}",
            next_url=f"{address}{question.query_string(after=after)}" if after else None,
            updated=max((item.updated for item in items), default=moment.built_at),
            items=items,
        )


def _title(title: str, question: ListQuestion) -> str:
    texts = (f"“{text}”" for text in question.values("q"))
    names = ("topic", "provider", "category", "type")
    limits = [*texts, *(value for name in names for value in question.values(name))]
    return f"{title}: {', '.join(limits)}" if limits else title
