"""Answers that are sent as a whole, where the server takes them so: messages of ASGI take several times as long."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from starlette.types import Message, Send

Headers = Sequence[tuple[bytes, bytes]]


class Sending(Protocol):
    """The `send` of an ASGI application, by a server or middleware that also takes whole answers.

    Middleware that knows nothing of them hands a function of its own on, and so gets messages.
    """

    def __call__(self, message: Message) -> Awaitable[None]:
        """Send a message."""

    def whole(self, status: int, headers: Headers, body: bytes) -> bool:
        """Send an answer. False, with nothing sent, where it has to be sent by messages."""


def sent_whole(send: Send, status: int, headers: Headers, body: bytes) -> bool:
    """Send an answer, whose headers tell its length. False, with nothing sent, where `send` takes messages only."""
    whole: Callable[[int, Headers, bytes], bool] | None = getattr(send, "whole", None)
    return whole is not None and whole(status, headers, body)


async def send_answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """Send an answer, whose headers tell its length."""
    if not sent_whole(send, status, headers, body):
        await send({"type": "http.response.start", "status": status, "headers": [*headers]})
        await send({"type": "http.response.body", "body": body})
