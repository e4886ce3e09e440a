"""The context that the resolvers of one request share."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Self

import strawberry

from indexer.search.engine import SearchEngine
from schema.inputs.cursor_seal import CursorSeal
from schema.limits.limits import Limits
from schema.loading.loaders import (
    ArticleLoader,
    SearchLoader,
    SimilarLoader,
    key_loader,
    similar_loader,
    url_loader,
)
from schema.loading.newest import Newest


@dataclass(frozen=True, kw_only=True)
class RequestContext:
    """One request: its clock, its limits, its way to the engine, and the seal of its cursors.

    Addresses on the site itself begin with `asset_base_url`, which ends without a slash.
    Loaders are made when they are first needed.

    All that is told of a provider or topic is that of `now`, also within lists that keep an earlier clock.
    """

    engine: SearchEngine
    now: datetime
    limits: Limits
    seal: CursorSeal
    asset_base_url: str = ""

    @cached_property
    def searches(self) -> SearchLoader:
        """Results of searches."""
        return SearchLoader(self.engine)

    def with_base(self, base: str) -> Self:
        """The same request, with another base of addresses on the site itself."""
        based = self._based.get(base)
        if based is None:
            based = self._based[base] = replace(self, asset_base_url=base)
            vars(based)["newest"] = self.newest  # one article for each value, in all of the request
        return based

    @cached_property
    def _based(self) -> dict[str, Self]:
        return {}

    @cached_property
    def newest(self) -> Newest:
        """The newest articles, by what they have."""
        return Newest(self.engine, self.now)

    @cached_property
    def moment(self) -> object:
        """The moment of the request; equal to that of another request which the same articles are visible to."""
        return self.engine.moment(self.now)

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
