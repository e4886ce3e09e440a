"""Serve an index over HTTP with Uvicorn, in one process or several."""

import asyncio
import socket
from collections.abc import Mapping
from functools import partial
from typing import cast

import structlog
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from gateway.config.errors import Interrupted, ServingError
from gateway.config.settings import Settings, hand_down
from gateway.http import logs
from gateway.server.connections import Connections
from gateway.server.protocol import Protocol

_WORKER_PATIENCE = 30


def serve(settings: Settings, options: Mapping[str, str], listener: socket.socket) -> None:
    """Serve until told to stop. `options` are the command line's, handed down so that workers find the same settings.

    Raises `Interrupted` after Ctrl-C, and `ServingError` where a process could not start; its log says why.
    """
    logs.configure(settings)
    hand_down(options)
    structlog.get_logger("newsstand.server").info("listening", url=address(listener), workers=settings.workers)
    if settings.workers > 1:
        _Workers(_config(settings), listener).serve()
    else:
        _serve_alone(_config(settings), listener)


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


def address(listener: socket.socket) -> str:
    """The URL under which a browser finds the server."""
    host, port, *_ = listener.getsockname()
    return f"http://[{host}]:{port}/graphql" if ":" in host else f"http://{host}:{port}/graphql"


def _config(settings: Settings) -> uvicorn.Config:
    protocol = partial(Protocol, connections=Connections(settings.connections))
    return uvicorn.Config(
        "gateway.app:from_environment",
        factory=True,
        workers=settings.workers,
        loop="auto",
        http=cast("type[asyncio.Protocol]", protocol),  # it is called with keywords only, once for each connection
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # a client is the address that connects: headers are easily made up
        timeout_keep_alive=settings.connections.keep_alive_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds,
        timeout_worker_healthcheck=_WORKER_PATIENCE,
    )


def _serve_alone(config: uvicorn.Config, listener: socket.socket) -> None:
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt as error:  # raised again by Uvicorn, once it has shut down
        raise Interrupted from error
    except SystemExit as error:
        raise ServingError("The server could not start") from error


class _Workers(Multiprocess):
    """Uvicorn's supervisor of worker processes, which also raises the reason for its end."""

    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        super().__init__(config, [listener])
        self._interrupted = False

    def serve(self) -> None:
        self.run()
        if self._interrupted:
            raise Interrupted
        if any(process.exitcode == STARTUP_FAILURE for process in self.processes):
            raise ServingError("A worker process could not start")

    def handle_int(self) -> None:
        self._interrupted = True
        super().handle_int()
