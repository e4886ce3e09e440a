"""The frame of every page: its head, the masthead with the search box, and the foot."""

from collections.abc import Sequence
from dataclasses import dataclass

from gateway.pages.html import Content, Html, element
from gateway.pages.page_file import PageFile

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing is loaded from elsewhere, and no script or style stands in a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The frame that the pages of a server share. All addresses are relative, so that any prefix may stand before."""

    title: str
    style: PageFile
    script: PageFile
    search_box: PageFile
    icon: PageFile
    has_graphiql: bool
    has_schema: bool
    has_pictures: bool

    def page(
        self, content: Content, *, heading: str = "", text: str = "", narrowed: Sequence[tuple[str, str]] = ()
    ) -> Html:
        """A whole page, with the `text` in its search box.

        A page with a `heading` of its own has a small masthead; a search from it is `narrowed` by the same parameters.
        """
        masthead = element("a", self.title, href="./", class_="title")
        page = element(
            "html",
            self._head(f"{heading} · {self.title}" if heading else self.title),
            element(
                "body",
                element("a", "Skip to content", href="#content", class_="skip"),
                element(
                    "header",
                    element("p", masthead) if heading else element("h1", masthead),
                    self._navigation(),
                    class_="masthead small" if heading else "masthead",
                ),
                self._search(text, narrowed),
                element("main", content, id="content", tabindex=-1),
                self._foot(),
            ),
            lang="en",
        )
        return Html(f"<!doctype html>\n{page}")

    def _head(self, title: str) -> Html:
        return element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="color-scheme", content="light dark"),
            element("title", title),
            element("link", rel="icon", href=self.icon.address, type="image/svg+xml"),
            element("link", rel="stylesheet", href=self.style.address),
            element("link", rel="alternate", href="feed.atom", type="application/atom+xml", title=self.title),
            element("link", rel="alternate", href="feed.json", type="application/feed+json", title=self.title),
            element(
                "link",
                rel="search",
                href="opensearch.xml",
                type="application/opensearchdescription+xml",
                title=self.title,
            ),
            element("script", src=self.search_box.address, type="module"),
            element("script", src=self.script.address, type="module"),
        )

    def _navigation(self) -> Html:
        links = [("graphql", "GraphiQL")] if self.has_graphiql else []
        links += [("schema.graphql", "Schema")] if self.has_schema else []
        links += [("feed.atom", "Feed")]
        items = [element("li", element("a", text, href=address)) for address, text in links]
        return element("nav", element("ul", items), aria_label="Server")

    def _search(self, text: str, narrowed: Sequence[tuple[str, str]]) -> Html:
        hidden = [element("input", type="hidden", name=name, value=value) for name, value in narrowed]
        field = element("input", type="text", name="q", value=text, aria_label="Search articles", maxlength=500)
        form = element("form", hidden, field, element("button", "Search"), action="./", role="search")
        return element(
            "div",
            element("newsstand-search", form, value=text or None, pictures="own", recent=True, page_size=8),
            class_="search",
        )

    def _foot(self) -> Html:
        feeds = (("feed.atom", "Atom"), ("feed.json", "JSON Feed"), ("opensearch.xml", "OpenSearch"))
        links = [element("li", element("a", text, href=address)) for address, text in feeds]
        return element("footer", element("p", self.title), element("ul", links))
