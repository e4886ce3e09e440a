"""Uvicorn's own part of an answer: an application that sends prepared answers, each at a path of its own."""

import os
from collections.abc import Mapping
from pathlib import Path

import orjson
from load.request import Answer
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANSWERS = "BENCH_ANSWERS"
"""The environment's variable with the file of answers."""
_SENT = ("content-type", "content-length", "etag")


def write_answers(answers: Mapping[str, Answer], file: Path) -> None:
    """Write what is sent at each path."""
    file.write_bytes(
        orjson.dumps({path: [one.status, one.headers, one.body.decode()] for path, one in answers.items()})
    )


def create() -> ASGIApp:
    """The application over the file that the environment names."""
    read = orjson.loads(Path(os.environ[ANSWERS]).read_bytes())
    messages = {path: _messages(*answer) for path, answer in read.items()}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive()).get("more_body"):
            pass
        head, body = messages[scope["path"]]
        await send(head)
        await send(body)

    return app


def _messages(status: int, headers: Mapping[str, str], body: str) -> tuple[Message, Message]:
    sent = [(name.encode(), headers[name].encode()) for name in _SENT if name in headers]
    return (
        {"type": "http.response.start", "status": status, "headers": sent},
        {"type": "http.response.body", "body": body.encode()},
    )
