"""An index in memory, served by a clock that tests set."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from gateway.served_index import ServedIndex
from indexer.article import Article
from schema.execution.executor import Executor
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.samples import NOW
from tests.seal import CURSOR_KEY


class Desk:
    """An engine that is served by a clock of its own."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.engine = PlainEngine(articles)
        self.index = ServedIndex(
            self.open_engine,
            partial(Executor, schema=build_schema(), limits=Limits(), asset_base_url=None, clock=self.clock),
            cursor_key=lambda: CURSOR_KEY,
            clock=self.clock,
        )
        self.now = NOW

    def clock(self) -> datetime:
        return self.now

    async def open_engine(self) -> PlainEngine:
        return self.engine

    async def publish(self, *articles: Article) -> None:
        """Serve another generation, with these articles in it."""
        with self.engine.index.open_writer() as writer:
            writer.add(articles)
            writer.commit(b"")
        await self.index.refresh()
