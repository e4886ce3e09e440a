"""One HTTP connection to the server, for requests as they are written, good or bad."""

import asyncio
from typing import Self

from load.request import Answer

_HOST = "127.0.0.1"
_BUFFER = 2**20


class Connection:
    """A connection that is opened when it is needed, and again after the server has closed it."""

    def __init__(self, port: int, *, own_address: str = _HOST) -> None:
        """Connect from an address, by which the server knows its clients apart."""
        self._port = port
        self._own_address = own_address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.close()

    async def ask(self, request: bytes, *, patience: float) -> Answer | None:
        """The answer, without the bytes in the middle of a long one; None where none comes in so many seconds."""
        try:
            return await asyncio.wait_for(self._ask(request), patience)
        except (OSError, ValueError, asyncio.IncompleteReadError, TimeoutError):
            self.close()
            return None

    async def send(self, data: bytes) -> None:
        """Send without awaiting an answer. Raises OSError where the server has closed."""
        _, writer = await self._open()
        writer.write(data)
        await writer.drain()

    async def sip(self, size: int) -> None:
        """Take so many bytes of what has come, if there are any."""
        reader, _ = await self._open()
        try:
            await asyncio.wait_for(reader.read(size), 0.01)
        except (OSError, TimeoutError):
            return

    async def is_closed(self, *, patience: float) -> bool:
        """True if the server closes the connection within so many seconds; bytes that it sends before are dropped."""
        reader, _ = await self._open()
        try:
            async with asyncio.timeout(patience):
                while await reader.read(_BUFFER):
                    pass
        except TimeoutError:
            return False
        except OSError:
            return True
        return True

    def close(self) -> None:
        """Go away at once."""
        if self._streams is not None:
            self._streams[1].transport.abort()
            self._streams = None

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                _HOST, self._port, limit=_BUFFER, local_addr=(self._own_address, 0)
            )
        return self._streams

    async def _ask(self, request: bytes) -> Answer:
        reader, writer = await self._open()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await _body(reader, int(headers.get("content-length", 0)))
        if headers.get("connection") == "close":
            self.close()
        return Answer(int(status.split()[1]), headers, body)


async def _body(reader: asyncio.StreamReader, length: int) -> bytes:
    """The body; of a long one the first and the last bytes, since clients of a test need no 200 MB."""
    if length <= _BUFFER:
        return await reader.readexactly(length)
    first = await reader.readexactly(_BUFFER // 2)
    left = length - len(first)
    while left > _BUFFER // 2:
        left -= len(await reader.readexactly(min(_BUFFER // 2, left - _BUFFER // 2)))
    return first + await reader.readexactly(left)
