"""The HTTP application, and the one place where its parts are put together."""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial
from importlib.metadata import version
from itertools import repeat
from pathlib import Path
from typing import TextIO, cast

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from gateway.config import assets, synonyms
from gateway.config.cursor_key import CursorKey
from gateway.config.settings import Settings, load
from gateway.files.assets import Assets
from gateway.files.static_files import CompressedFiles
from gateway.graphql import answer_tags, manifest
from gateway.graphql.answer_tags import AnswerTags
from gateway.graphql.endpoint import Execute, GraphQLEndpoint
from gateway.graphql.http_drafts import RULES
from gateway.graphql.persisted_documents import PersistedDocuments
from gateway.graphql.request import RequestReader
from gateway.graphql.response_cache import ResponseCache
from gateway.http import error_responses, logs
from gateway.http.compression import Compression
from gateway.http.error_responses import Failures, misrouted
from gateway.http.health import Health
from gateway.http.host import ServerUrl
from gateway.http.middleware import Cors, Shortcut
from gateway.http.request_log import RequestLog, Tell, by_structlog
from gateway.lists import feeds
from gateway.lists.feeds import Feeds
from gateway.lists.search_json import SearchJson
from gateway.lists.suggest_json import SuggestJson
from gateway.pages.graphiql import GraphiQL
from gateway.pages.overview import Overviews
from gateway.pages.routes import page_routes
from gateway.served_index import OpenEngine, ServedIndex
from gateway.server.garbage import Collector
from gateway.server.hangups import on_hangup
from gateway.server.log_writer import LogWriter
from gateway.subscriptions.subscriptions import Subscriptions
from indexer.engines import open_engine
from indexer.errors import RequestError, SearchIndexError, WorkStopped
from indexer.memory import Memory
from indexer.search.engine import SearchEngine
from schema.execution.executor import Executor
from schema.execution.request import utc_now
from schema.inputs.cursor_seal import new_key
from schema.limits.answer_size import AnswerTooLarge
from schema.limits.limits import Switch
from schema.schema import build_schema, sdl

GRAPHQL = "/graphql"
_SWITCH_SECONDS = 0.001
"""The time for which a search in a thread may keep the event loop waiting at once; Python's own is five times that."""


def from_environment() -> Starlette:
    """The application as Uvicorn starts it, once in each worker process."""
    settings = load({})
    sys.setswitchinterval(_SWITCH_SECONDS)
    writer = LogWriter(sys.stderr.fileno())
    logs.configure(settings, cast("TextIO", writer))
    memory = Memory(settings.memory_bytes)
    opening = partial(
        open_engine,
        settings.index,
        synonyms=synonyms.in_force(settings.synonyms),
        memory=memory,
        threads=settings.search_threads,
        access=settings.access,
    )
    return create_app(
        settings,
        open_engine=opening,
        cursor_key=CursorKey(settings),
        memory=memory,
        collector=Collector(),
        tell=logs.telling(settings, writer),
    )


def create_app(  # noqa: PLR0913 - the parts that it is put together of, each by its name
    settings: Settings,
    *,
    open_engine: OpenEngine,
    cursor_key: Callable[[], bytes] | None = None,
    clock: Callable[[], datetime] = utc_now,
    memory: Memory | None = None,
    collector: Collector | None = None,
    tell: Tell = by_structlog,
) -> Starlette:
    """The application over the engine of `open_engine`, opened now or as soon as possible.

    `cursor_key` is called for each generation; without it, cursors are this application's alone. The engine may share
    the `memory`. The `collector` spares all that is there before the first request. Requests are logged by `tell`.
    """
    key = cursor_key or repeat(new_key()).__next__
    memory = memory or Memory(settings.memory_bytes)
    index = ServedIndex(
        open_engine,
        partial(_executor, settings, clock, memory),
        cursor_key=key,
        clock=clock,
        development=settings.limits.development,
    )
    server_url = ServerUrl(settings.public_url)
    documents = _documents(settings, memory)
    subscriptions = Subscriptions(settings, index, documents, server_url=server_url, clock=clock)
    overviews = Overviews(index)
    endpoint = _endpoint(
        settings,
        index,
        documents=documents,
        subscriptions=subscriptions,
        memory=memory,
        server_url=server_url,
        page=GraphiQL(overviews).page if settings.graphiql is Switch.ON else None,
    )
    health = Health(index, memory, collector, subscriptions)
    pages = page_routes(settings, index, overviews, definition=sdl, server_url=server_url, clock=clock)
    app = _Application(
        routes=[
            *_routes(settings, index, endpoint, health, server_url),
            subscriptions.websocket(GRAPHQL),
            *pages,
        ],
        middleware=_middleware(settings, endpoint, tell),
        exception_handlers={
            HTTPException: misrouted,
            RequestError: error_responses.senseless,
            AnswerTooLarge: error_responses.too_large,
            SearchIndexError: error_responses.unavailable,
            WorkStopped: error_responses.stopped,
        },
        lifespan=lambda _: _serving(index, subscriptions, collector, refresh_seconds=settings.refresh_seconds),
    )
    app.router.redirect_slashes = False  # /graphql/ is a mistake, and a redirect would lose the body
    return app


class _Application(Starlette):
    """Starlette without its outermost layer: `Failures` answers unexpected exceptions, and `RequestLog` logs them."""

    def build_middleware_stack(self) -> ASGIApp:
        """All middleware around the router, the first outermost."""
        app: ASGIApp = ExceptionMiddleware(self.router, handlers=self.exception_handlers)
        for middleware, arguments, options in reversed(self.user_middleware):
            app = middleware(app, *arguments, **options)
        return app


def _middleware(settings: Settings, endpoint: GraphQLEndpoint, tell: Tell) -> list[Middleware]:
    return [
        Middleware(RequestLog, deadline_seconds=settings.deadline_seconds, tell=tell),
        Middleware(Shortcut, path=GRAPHQL, methods=frozenset({"GET", "POST"}), to=Failures(endpoint)),
        Middleware(Cors, origins=settings.cors_origins),
        Middleware(Compression),
        Middleware(Failures),  # innermost, so that pages of other sites may read failures too
    ]


def _endpoint(  # noqa: PLR0913 - the parts that it is put together of, each by its name
    settings: Settings,
    index: ServedIndex,
    *,
    documents: PersistedDocuments,
    subscriptions: Subscriptions,
    memory: Memory,
    server_url: ServerUrl,
    page: Callable[[], Awaitable[Response]] | None,
) -> GraphQLEndpoint:
    return GraphQLEndpoint(
        index,
        reader=RequestReader(max_body_bytes=settings.max_body_bytes, max_batch=settings.max_batch),
        documents=documents,
        tags=AnswerTags(seconds=settings.cache_seconds, edition=_edition(settings)),
        server_url=server_url,
        rules=RULES[settings.http_draft],
        page=page,
        stream=subscriptions.event_stream,
        memory=memory,
        execute=_execute(settings, index, memory),
        max_answer_bytes=settings.limits.max_answer_bytes,
    )


def _execute(settings: Settings, index: ServedIndex, memory: Memory) -> Execute:
    return ResponseCache(index, memory).execute if settings.response_cache is Switch.ON else index.execute


def _routes(
    settings: Settings, index: ServedIndex, endpoint: GraphQLEndpoint, health: Health, server_url: ServerUrl
) -> list[BaseRoute]:
    feed = Feeds(index, settings, server_url)
    search = SearchJson(index, settings.limits, edition=_edition(settings), server_url=server_url)
    pictures = Assets(assets.in_force(settings), cache_seconds=settings.cache_seconds)
    static = CompressedFiles(directory=Path(__file__).parent / "static")
    return [
        Route(GRAPHQL, endpoint, methods=["GET", "POST"]),
        Route("/search.json", search.answer, methods=["GET"]),
        Route("/suggest.json", SuggestJson(index, settings.limits, edition=_edition(settings)).answer, methods=["GET"]),
        Route(f"/{feeds.ATOM.file}", feed.atom, methods=["GET"]),
        Route(f"/{feeds.JSON.file}", feed.json, methods=["GET"]),
        Route("/assets/{path:path}", pictures.answer, methods=["GET"]),
        Route("/healthz", health.alive),
        Route("/readyz", health.ready),
        Route("/metrics", health.metrics),
        *([Mount("/static", static)] if settings.graphiql is Switch.ON else []),
    ]


@asynccontextmanager
async def _serving(
    index: ServedIndex, subscriptions: Subscriptions, collector: Collector | None, *, refresh_seconds: float
) -> AsyncIterator[None]:
    await index.refresh()
    if collector is not None:
        collector.spare_what_is_there()
    tasks = [asyncio.create_task(index.keep_fresh(seconds=refresh_seconds)), asyncio.create_task(subscriptions.run())]
    try:
        with on_hangup(index.hurry):
            yield
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await index.close()


def _documents(settings: Settings, memory: Memory) -> PersistedDocuments:
    listed = manifest.in_force(settings.documents, settings.documents_mode)
    return PersistedDocuments(listed, mode=settings.documents_mode, memory=memory)


def _edition(settings: Settings) -> str:
    in_answers = (settings.asset_base_url, settings.limits)
    return answer_tags.edition(version("newsstand"), repr(in_answers).encode(), synonyms.written(settings.synonyms))


def _executor(settings: Settings, clock: Callable[[], datetime], memory: Memory, engine: SearchEngine) -> Executor:
    return Executor(
        engine,
        schema=build_schema(),
        limits=settings.limits,
        asset_base_url=settings.asset_base_url,
        memory=memory,
        clock=clock,
    )
