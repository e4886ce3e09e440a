"""Whatever bytes a WebSocket brings, it is answered or closed: nothing fails, and nothing internal is told."""

import asyncio
import logging
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from tests.gateway.bare_server import PATIENCE, asking, closing
from tests.gateway.subscriptions.live_server import KEYS, PROTOCOL, QUICK, Live, live
from tests.replacing import replace

HANDSHAKE = asking(
    "graphql",
    "GET",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
    f"Sec-WebSocket-Protocol: {PROTOCOL}",
)
CODES = {1000, 1002, 1005, 1007, 1009, 4400, 4401, 4409, 4429}
"""The codes by which a hostile client may be sent away; 1000 and 1005 are its own, sent back."""
INIT = b'{"type":"connection_init"}'
END = b"\x88\x82\x00\x00\x00\x00\x03\xe8"  # a close frame with the code 1000


def frame(payload: bytes, *, opcode: int = 1, head: int = 0x80, is_masked: bool = True, length: int = 0) -> bytes:
    """A frame, of another length than its payload's where `length` says so."""
    length = length or len(payload)
    mask = 0x80 if is_masked else 0
    if length < 126:
        sizes = bytes([mask | length])
    elif length < 2**16:
        sizes = bytes([mask | 126]) + struct.pack("!H", length)
    else:
        sizes = bytes([mask | 127]) + struct.pack("!Q", length)
    return bytes([head | opcode]) + sizes + (b"\0\0\0\0" if is_masked else b"") + payload


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4) | st.just(KEYS),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["query", "variables", "operationName", "extensions", "x"]), inner)
    ),
    max_leaves=6,
)
queries = st.sampled_from(
    [KEYS, "{ __typename }", "{", "{ index { generation } }", "mutation { a }", "subscription { x }", "x" * 2500]
)
payloads = json_values | st.builds(
    lambda query, variables: {"query": query, "variables": variables}, queries, json_values
)
kinds = st.sampled_from(["connection_init", "ping", "pong", "subscribe", "subscribe", "complete", "next", "error", "?"])
ids = st.sampled_from(["1", "2", "3", "", "x" * 200]) | json_values
texts = st.one_of(
    st.builds(lambda kind, id_, payload: {"type": kind, "id": id_, "payload": payload}, kinds, ids, payloads),
    st.builds(lambda id_, query: {"type": "subscribe", "id": id_, "payload": {"query": query}}, ids, queries),
    json_values,
).map(lambda value: orjson.dumps(value) if _is_short(value) else b"[]") | st.binary(max_size=20)


def _is_short(value: object) -> bool:
    """True for values that orjson writes: integers of 64 bits."""
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True


frames = st.one_of(
    texts.map(frame),
    st.builds(lambda text: frame(text, head=0) + frame(text, opcode=0), texts),  # in two parts
    st.builds(
        frame,
        texts,
        opcode=st.integers(0, 15),
        head=st.sampled_from([0x80, 0x80, 0, 0x40, 0xF0]),
        is_masked=st.booleans() | st.just(value=True),
        length=st.sampled_from([0, 0, 0, 1, 125, 126, 70_000, 2**40, 2**63]),
    ),
    st.binary(max_size=30),
)


@pytest.fixture
async def server() -> AsyncIterator[Live]:
    async with live(settings=replace(QUICK, max_body_bytes=2000)) as running:
        yield running


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(frames, max_size=8), is_initialised=st.booleans())
async def test_any_frames_are_answered_or_closed(server: Live, sent: list[bytes], is_initialised: bool) -> None:  # noqa: FBT001 - a draw
    opening = [frame(INIT)] if is_initialised else []
    with capture_logs() as lines, _no_library_lines() as records:
        heard = await conversation(server, [*opening, *sent, END])
    assert [line for line in lines if line["log_level"] not in {"info", "debug"}] == []
    assert records == []
    for opcode, payload in heard:
        assert opcode in {1, 8, 10}
        if opcode == 8:
            assert int.from_bytes(payload[:2] or b"\x03\xed") in CODES | {3000}, payload
        if opcode == 1:
            assert orjson.loads(payload)["type"] in {"connection_ack", "pong", "next", "error", "complete"}
        assert not any(word in payload for word in (b"Traceback", b"INTERNAL", b"/gateway", b"Error:"))


async def conversation(server: Live, sent: list[bytes]) -> list[tuple[int, bytes]]:
    """The frames that come back until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(PATIENCE), closing(writer):
        writer.write(HANDSHAKE)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101 ")
        writer.write(b"".join(sent))
        writer.write_eof()
        return list(frames_in(await reader.read()))


def frames_in(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The opcodes and payloads of unmasked frames."""
    while data:
        length, start = data[1], 2
        if length == 126:
            length, start = int.from_bytes(data[2:4]), 4
        elif length == 127:
            length, start = int.from_bytes(data[2:10]), 10
        yield data[0] & 0x0F, data[start : start + length]
        data = data[start + length :]


@contextmanager
def _no_library_lines() -> Iterator[list[str]]:
    """Lines that libraries log meanwhile as a warning or worse."""
    records: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record.getMessage())

    listener = Listener(logging.WARNING)
    logging.getLogger().addHandler(listener)
    yield records
    logging.getLogger().removeHandler(listener)
