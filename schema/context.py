"""What the resolvers of one request share."""

from dataclasses import dataclass
from datetime import datetime

import strawberry

from indexer.search import SearchEngine
from schema.errors import BadUserInput
from schema.limits import Limits
from schema.loaders import (
    ArticleLoader,
    SearchLoader,
    SimilarLoader,
    key_loader,
    search_loader,
    similar_loader,
    url_loader,
)


class Budget:
    """How many entries of lists a request may still ask for."""

    def __init__(self, entries: int) -> None:
        self._entries = entries
        self._spent = 0

    def spend(self, entries: int, argument: str) -> None:
        """Take `entries` off. Raises `BadUserInput` where they are more than is left."""
        self._spent += entries
        if self._spent > self._entries:
            problem = f"the pages of this query hold more than {self._entries} entries together; ask for smaller ones"
            raise BadUserInput(argument, problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """One request: its clock, its limits, and its way to the engine."""

    engine: SearchEngine
    now: datetime
    limits: Limits
    asset_base_url: str | None
    budget: Budget
    searches: SearchLoader
    by_key: ArticleLoader
    by_url: ArticleLoader
    similar: SimilarLoader


Info = strawberry.Info[RequestContext, None]


def open_context(
    engine: SearchEngine, *, now: datetime, limits: Limits, asset_base_url: str | None = None
) -> RequestContext:
    """The context of a request that arrives at `now`."""
    return RequestContext(
        engine=engine,
        now=now,
        limits=limits,
        asset_base_url=asset_base_url,
        budget=Budget(limits.max_entries),
        searches=search_loader(engine),
        by_key=key_loader(engine, now),
        by_url=url_loader(engine, now),
        similar=similar_loader(engine, now),
    )
