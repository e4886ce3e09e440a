"""What the resolvers of one request share."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

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


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """One request: its clock, its limits, and its way to the engine. Loaders are made when they are first needed."""

    engine: SearchEngine
    now: datetime
    limits: Limits
    asset_base_url: str | None
    budget: Budget

    @cached_property
    def searches(self) -> SearchLoader:
        """Results by request."""
        return search_loader(self.engine)

    @cached_property
    def by_key(self) -> ArticleLoader:
        """Articles by key."""
        return key_loader(self.engine, self.now)

    @cached_property
    def by_url(self) -> ArticleLoader:
        """Articles by any of their URLs."""
        return url_loader(self.engine, self.now)

    @cached_property
    def similar(self) -> SimilarLoader:
        """The articles like one, by its key and how many are wanted."""
        return similar_loader(self.engine, self.now)


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
    )
