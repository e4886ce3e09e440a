"""The way of one query through our own code: a search with its total, posted to the application, new and warm.

    python bench/walk.py INDEX [--calls new|warm]

New is the first request that a process answers, warm is the third of the same. A change of file is a call into another
file of ours than the call before it; what an operation was compiled to counts as one file. With `--calls`, every change
of file is printed too, indented by its depth.
"""

import argparse
import asyncio
import os.path
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType, FrameType
from typing import Self

import orjson
from measures.measure import table
from starlette.types import ASGIApp, Message

from gateway.app import create_app
from gateway.config.settings import Settings
from gateway.http import logs
from indexer.engines import open_engine

_ROOT = Path(__file__).parent.parent
_OURS = tuple(f"{_ROOT / folder}/" for folder in ("indexer", "schema", "gateway"))
_COMPILED = "<operation"
_QUERY = '{ articles(search: "recognition", first: 20) { edges { cursor node { title } } totalCount } }'
_WARM = 3


@dataclass(slots=True)
class Walk:
    """The calls into our own code, while it is entered."""

    calls: int = 0
    changes: int = 0
    deepest: int = 0
    functions: set[CodeType] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    ways: list[str] = field(default_factory=list)
    _last: str = ""
    _stack: list[FrameType] = field(default_factory=list)

    def __enter__(self) -> Self:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *exception: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and (name := _file(frame)):
            self._stack.append(frame)
            self.calls += 1
            self.functions.add(frame.f_code)
            self.files.add(name)
            self.deepest = max(self.deepest, len(self._stack))
            if name != self._last:
                self._last = name
                self.changes += 1
                self.ways.append(f"{'  ' * len(self._stack)}{name}: {frame.f_code.co_qualname}")
        elif event == "return" and self._stack and self._stack[-1] is frame:
            self._stack.pop()


def _file(frame: FrameType) -> str:
    """The file of a frame of ours, from the root on; empty for any other."""
    name = frame.f_code.co_filename
    if name.startswith(_COMPILED):
        return "(compiled)"
    return name.removeprefix(f"{_ROOT}/") if name.startswith(_OURS) else ""


async def _ask(app: ASGIApp, body: bytes) -> None:
    """Post a GraphQL request as Uvicorn would hand it on. Raises `SystemExit` where it is not answered."""
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "http_version": "1.1",
        "headers": [(b"content-type", b"application/json"), (b"accept", b"application/json")],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    answer = b"".join(message.get("body", b"") for message in sent)
    if sent[0]["status"] != 200 or b'"edges":[{' not in answer:  # noqa: PLR2004 - OK
        raise SystemExit(f"unexpected answer: {answer!r}")


async def _walks(index: str) -> Mapping[str, Walk]:
    settings = Settings(index=index)
    app = create_app(settings, open_engine=partial(open_engine, f"whoosh://{index}"))
    body = orjson.dumps({"query": _QUERY})
    async with app.router.lifespan_context(app):
        with Walk() as new:
            await _ask(app, body)
        for _ in range(_WARM - 2):
            await _ask(app, body)
        with Walk() as warm:
            await _ask(app, body)
    return {"new": new, "warm": warm}


async def main() -> None:
    """Walk, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("index", type=os.path.abspath)
    parser.add_argument("--calls", choices=("new", "warm"))
    arguments = parser.parse_args()
    logs.configure(Settings())
    walks = await _walks(arguments.index)
    if arguments.calls:
        print("\n".join(walks[arguments.calls].ways), end="\n\n")
    head = ["request", "calls", "distinct functions", "files", "changes of file", "deepest own stack"]
    rows = [
        [name, walk.calls, len(walk.functions), len(walk.files), walk.changes, walk.deepest]
        for name, walk in walks.items()
    ]
    table(head, rows)


if __name__ == "__main__":
    asyncio.run(main())
