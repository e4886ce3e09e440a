"""Compression: the one rule by which answers are packed, and Vary, which tells caches of it."""

import asyncio
import re
import zlib
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.http.negotiation import coding

WORTH_IT = 1024
"""Bytes; smaller bodies are sent as they are."""
_LONG = 128 * 1024  # bytes that take a millisecond or more, so that others should not wait for them
_LEVEL = 1  # JSON shrinks to a fifth at the cheapest level
_GZIP = 16 + zlib.MAX_WBITS
_VARY = b"vary"
_ENCODING = b"content-encoding"
_LENGTH = b"content-length"
_SMALL_TYPE = re.compile(rb"(?:image/(?!svg|bmp)|audio/|video/|font/)")  # media types that are packed in themselves


async def packed(body: bytes, coding: str) -> bytes | None:
    """The body in this coding, None where it stays as it is: the coding is empty, or the body short."""
    if not coding or len(body) < WORTH_IT:
        return None
    return await asyncio.to_thread(_compressed, body) if len(body) >= _LONG else _compressed(body)


def with_vary(headers: Iterable[tuple[bytes, bytes]], *names: bytes) -> list[tuple[bytes, bytes]]:
    """The headers with one Vary, which also lists `names`, each name once."""
    rest, listed = [], set(names)
    for name, value in headers:
        if name.lower() == _VARY:
            listed.update(each.strip() for each in value.split(b","))
        else:
            rest.append((name, value))
    return [*rest, (_VARY, b", ".join(sorted(listed)))]


class Compression:
    """Middleware that packs answers as their clients like it, and says in each that it depends on Accept-Encoding."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message = {}

        async def send_packed(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = {**message, "headers": with_vary(message.get("headers", ()), b"Accept-Encoding")}
                return
            if start:
                head, start = start, {}
                message = await _packed_answer(head, message, coding_of(scope))
                await send(head)
            await send(message)

        await self._app(scope, receive, send_packed)


def coding_of(scope: Scope) -> str:
    """The coding that the client of a request likes best, `gzip` or empty for none."""
    return coding(b", ".join(value for name, value in scope["headers"] if name == b"accept-encoding"))


async def _packed_answer(head: Message, message: Message, wanted: str) -> Message:
    """The message that holds the body, packed where it is whole and not packed as yet; `head` tells of it then."""
    if message.get("more_body") or any(map(_is_final, head["headers"])):
        return message
    body = await packed(message.get("body", b""), wanted)
    if body is None:
        return message
    described = [(name, value) for name, value in head["headers"] if name != _LENGTH]
    head["headers"] = [*described, (_ENCODING, b"gzip"), (_LENGTH, str(len(body)).encode())]
    return {**message, "body": body}


def _is_final(header: tuple[bytes, bytes]) -> bool:
    """True where a header says that the body is packed, or a part of one."""
    name, value = header
    return name in (_ENCODING, b"content-range") or (name == b"content-type" and bool(_SMALL_TYPE.match(value)))


def _compressed(body: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
    return packer.compress(body) + packer.flush()
