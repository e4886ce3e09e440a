"""Serve an index over HTTP with Uvicorn, in one process or several."""

import asyncio
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import cast

import structlog
import uvicorn

from gateway.config.errors import Interrupted, ServingError
from gateway.config.settings import Settings, hand_down
from gateway.http import logs
from gateway.server.connections import Connections
from gateway.server.draining_server import DrainingServer, WorkerServer
from gateway.server.protocol import Protocol
from gateway.server.proxies import Proxies
from gateway.server.websocket import WebSocket
from gateway.server.workers import Workers
from indexer.engines import is_compiled

_NOTHING = nullcontext()
_MARGIN = 1.5  # seconds in which a process ends that has nothing to do any more


def serve(
    settings: Settings,
    options: Mapping[str, str],
    listener: socket.socket,
    *,
    beside: AbstractContextManager[object] = _NOTHING,
) -> None:
    """Serve until told to stop. `options` are the command line's, handed down so that workers find the same settings.

    The context `beside` is open as long as that.

    Raises `Interrupted` after Ctrl-C, and `ServingError` where a process could not start; its log says why.
    """
    logs.configure(settings)
    hand_down(options)
    log = structlog.get_logger("newsstand.server")
    log.info("starting", workers=settings.workers, compiled=is_compiled())
    url = address(listener, root_path=settings.root_path)
    public = {"public_url": settings.public_url} if settings.public_url else {}
    listening = partial(log.info, "listening", url=url, workers=settings.workers, **public)
    with beside:
        end = (_serve_together if settings.workers > 1 else _serve_alone)(settings, listener, listening)
    if end is signal.SIGINT:
        raise Interrupted


def listen(host: str, port: int) -> socket.socket:
    """A socket bound to `host` and `port` (0 is any free one). Raises `ServingError` where that is not possible."""
    try:
        family, kind, protocol, _, own_address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:  # UnicodeError is a host name that cannot be one
        raise ServingError(f"Cannot listen on {host}: {error}; set --host to an address of this machine") from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(own_address)
    except OSError as error:
        listener.close()
        raise ServingError(f"Cannot listen on {host} port {port}: {error.strerror}; set --port or --host") from error
    return listener


def address(listener: socket.socket, *, root_path: str = "") -> str:
    """The URL under which a browser finds the server."""
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}{root_path}/graphql" if ":" in host else f"http://{host}:{port}{root_path}/graphql"


def _serve_alone(settings: Settings, listener: socket.socket, listening: Callable[[], None]) -> signal.Signals | None:
    connections = _connections(settings)
    config = _config(settings, connections)
    server = DrainingServer(config, connections=connections, drain_seconds=settings.drain_seconds, listening=listening)
    try:
        server.run(sockets=[listener])
    except SystemExit as error:
        raise ServingError("The server could not start") from error
    return server.end


def _serve_together(settings: Settings, listener: socket.socket, listening: Callable[[], None]) -> signal.Signals:
    connections = _connections(settings)
    config = _config(settings, connections)
    make_server = partial(WorkerServer, config, connections=connections, drain_seconds=settings.drain_seconds)
    seconds = settings.drain_seconds + settings.shutdown_seconds + _MARGIN
    return Workers(config, listener, make_server=make_server, seconds=seconds, listening=listening).run()


def _connections(settings: Settings) -> Connections:
    return Connections(settings.connections, cors_origins=settings.cors_origins)


def _config(settings: Settings, connections: Connections) -> uvicorn.Config:
    proxies = Proxies.of(settings)
    protocol = partial(Protocol, connections=connections, proxies=proxies)
    websocket = partial(WebSocket, connections=connections, proxies=proxies)
    return uvicorn.Config(
        "gateway.app:from_environment",
        factory=True,
        workers=settings.workers,
        loop="auto",
        http=cast("type[asyncio.Protocol]", protocol),  # it is called with keywords only, once for each connection
        ws=cast("type[asyncio.Protocol]", websocket),
        ws_max_size=settings.max_body_bytes,
        ws_ping_interval=settings.connections.heartbeat_seconds,
        ws_ping_timeout=settings.connections.heartbeat_seconds,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # `Proxies` reads them
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
