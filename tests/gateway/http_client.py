"""Clients of the whole application, over articles in memory."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from httpx2 import ASGITransport, AsyncClient
from starlette.applications import Starlette
from starlette.types import Message, Scope

from gateway.app import create_app
from gateway.config.settings import Settings
from indexer.article import Article
from indexer.errors import IndexMissing
from indexer.search.engine import SearchEngine
from schema.execution.request import utc_now
from tests.engine_place import Place, PlainPlace, write
from tests.gateway.fakes import receiving


@asynccontextmanager
async def application(
    articles: Sequence[Article], settings: Settings | None = None, *, place: Place | None = None
) -> AsyncIterator[Starlette]:
    """The application while it serves `articles`, from an index at `place` or from memory.

    Its clock stands still: with a new hour, lists have other cursors and other tags.
    """
    place = place or PlainPlace()
    write(place, articles)
    present = utc_now()
    app = create_app(settings or Settings(), open_engine=place.open_engine, clock=lambda: present)
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def serving(
    articles: Sequence[Article], settings: Settings | None = None, *, place: Place | None = None
) -> AsyncIterator[AsyncClient]:
    """A client of it."""
    async with application(articles, settings, place=place) as app, _client(app) as http:
        yield http


@asynccontextmanager
async def without_index() -> AsyncIterator[AsyncClient]:
    """A client of the application before the first build."""

    async def open_engine() -> SearchEngine:
        raise IndexMissing("there is no index in attic")

    app = create_app(Settings(), open_engine=open_engine)
    async with app.router.lifespan_context(app), _client(app) as http:
        yield http


def _client(app: Starlette) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://n.example")


async def status_of(
    app: Starlette, path: str, query_string: bytes, headers: Sequence[tuple[bytes, bytes]] = ((b"host", b"n.example"),)
) -> int:
    """The status of the answer to an address as it comes over the wire, which no client would send."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query_string,
        "headers": list(headers),
        "server": ("n.example", 80),
    }
    await app(scope, receiving(), send)
    status: int = sent[0]["status"]
    return status
