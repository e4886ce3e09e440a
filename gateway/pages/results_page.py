"""The content of a page of results: the answer to a search that has an address of its own."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from gateway.lists.question import ListQuestion
from gateway.pages.article_lists import hits
from gateway.pages.charts import articles
from gateway.pages.html import Content, Html, element
from gateway.pages.overview import NamedCounts, named_counts
from indexer.query.understanding import Understanding
from indexer.search.filters import TermField
from schema.loading.context import RequestContext
from schema.loading.loaders import awaited

_ORDERS = (("", "Best match"), ("newest", "Newest"), ("oldest", "Oldest"))
FACETS = ("topics", "providers")
"""The facets that a page counts, as the price of its search has to say."""
_OFFERED = (("topic", "Topics"), ("provider", "Publishers"))


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """A search and the content of its page; every link leads to the same search, changed in one thing."""

    question: ListQuestion

    async def content(self, context: RequestContext) -> Content:
        """The page. Raises as `ListQuestion.page` does."""
        page = self.question.page(context)
        edges, total, page_info, understanding, topics, providers = await asyncio.gather(
            awaited(page.edges),
            awaited(page.total_count),
            awaited(page.page_info),
            awaited(page.search),
            named_counts(page, TermField.TOPIC),
            named_counts(page, TermField.PROVIDER),
        )
        after = page_info.end_cursor if page_info.has_next_page else None
        results = [
            element("h1", self.heading, class_="heading"),
            element("p", articles(total or 0) if total else "Nothing was found.", class_="total"),
            self._remarks(understanding),
            self._chosen(),
            self._orders() if total else None,
            hits(edges),
            element("p", element("a", "Next page", href=self._address(after=after), rel="next")) if after else None,
        ]
        counts = dict(zip(("topic", "provider"), (topics, providers), strict=True))
        offered = [self._offered(name, title, counts[name]) for name, title in _OFFERED]
        return element(
            "div", element("div", results, class_="news"), element("div", offered, class_="aside"), class_="reading"
        )

    @property
    def heading(self) -> str:
        """The search in words."""
        return f"Search: {self.question.text}" if self.question.text else "Articles"

    @property
    def narrowed(self) -> Sequence[tuple[str, str]]:
        """The conditions of the search, beside its text."""
        return [pair for pair in self.question.parameters if pair[0] not in ("q", "after")]

    def _remarks(self, understanding: Understanding | None) -> Content:
        if understanding is None:
            return None
        better, left_out = understanding.did_you_mean, understanding.left_out
        return [
            element("p", "Did you mean ", element("a", better, href=self._address(q=better)), "?") if better else None,
            element("p", f"No article has all of these words. Left out: {', '.join(left_out)}") if left_out else None,
        ]

    def _chosen(self) -> Content:
        removable = [pair for pair in self.narrowed if pair[0] not in ("ranking", "first")]
        chips = [
            element(
                "li",
                element(
                    "a",
                    f"{_label(name)}{value} \N{MULTIPLICATION SIGN}",
                    href=self._without(name, value),
                    aria_label=f"Remove {value}",
                ),
            )
            for name, value in removable
        ]
        return element("ul", chips, class_="chips", aria_label="Narrowed by") if chips else None

    def _orders(self) -> Html:
        present = next(iter(self.question.values("ranking")), "")
        links = [
            element("a", text, href=self._address(ranking=order), aria_current="true" if order == present else None)
            for order, text in _ORDERS
        ]
        return element("nav", links, class_="orders", aria_label="Order")

    def _offered(self, name: str, title: str, counts: NamedCounts) -> Content:
        chosen = {value.casefold() for value in self.question.values(name)}
        items = [
            element(
                "li",
                element(
                    "a",
                    element("span", each.name, class_="name", dir="auto"),
                    " ",
                    element("span", f"{each.count:,}", class_="count"),
                    href=self._with(name, each.value),
                ),
            )
            for each in counts.values
            if each.value not in chosen
        ]
        return element("section", element("h2", title), element("ul", items, class_="offered")) if items else None

    def _address(self, **changed: str | None) -> str:
        """The search with other values; on the first page, unless `after` is among them."""
        kept = [pair for pair in self.question.parameters if pair[0] != "after" and pair[0] not in changed]
        return _written([*kept, *((name, value) for name, value in changed.items() if value)])

    def _with(self, name: str, value: str) -> str:
        return _written([*(pair for pair in self.question.parameters if pair[0] != "after"), (name, value)])

    def _without(self, name: str, value: str) -> str:
        return _written([pair for pair in self.question.parameters if pair not in {(name, value), ("after", pair[1])}])


def _written(pairs: Sequence[tuple[str, str]]) -> str:
    return f"./?{urlencode(pairs)}" if pairs else "./"


def _label(name: str) -> str:
    return "" if name in ("topic", "provider", "category", "type") else f"{name} "
