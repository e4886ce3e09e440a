"""Newsstand's schema as Strawberry's manual serves it: its ASGI view on Starlette, and its caches of documents."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry import Schema
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from indexer.engines import open_engine
from indexer.search.engine import SearchEngine
from schema.execution.request import utc_now
from schema.inputs.cursor_seal import CursorSeal
from schema.limits.limits import Limits
from schema.loading.context import RequestContext
from schema.schema import build_schema
from servers.stock_search import StockSearch

INDEX = "BENCH_INDEX"
"""The environment's variable with our index."""
STOCK_INDEX = "BENCH_STOCK_INDEX"
"""The same for stock Whoosh's."""

_SEAL = CursorSeal(b"not secret")

Open = Callable[[], Awaitable[SearchEngine]]


def create() -> Starlette:
    """The application over our engine."""
    return _application(lambda: open_engine(os.environ[INDEX]))


def create_over_stock_whoosh() -> Starlette:
    """The application over our engine with stock Whoosh's search."""

    async def open_stock() -> SearchEngine:
        return await StockSearch.open(await open_engine(os.environ[INDEX]), Path(os.environ[STOCK_INDEX]))

    return _application(open_stock)


class _View(GraphQL[RequestContext, None]):
    """Strawberry's view over the engine that it is given before the first request."""

    engine: SearchEngine

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> RequestContext:  # noqa: ARG002  # Strawberry's signature
        return RequestContext(engine=self.engine, now=utc_now(), limits=Limits(), seal=_SEAL)


def _application(open_it: Open) -> Starlette:
    view = _View(_cached(build_schema()), graphql_ide=None)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        view.engine = await open_it()
        yield
        await view.engine.close()

    return Starlette(routes=[Route("/graphql", view)], lifespan=lifespan)


def _cached(schema: Schema) -> Schema:
    """The schema as if it had been made with the extensions."""
    schema.extensions = (ParserCache, ValidationCache)
    return schema
