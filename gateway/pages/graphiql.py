"""The page for developers: GraphiQL, from our own files, with a tour of queries to begin with."""

from collections.abc import Sequence
from dataclasses import replace

import orjson
from starlette.responses import HTMLResponse, Response

from gateway.http.negotiation import VARY
from gateway.pages.examples import Example, examples
from gateway.pages.html import Html, element
from gateway.pages.overview import Overview, Overviews
from indexer.errors import SearchIndexError, WorkStopped

GRAPHIQL = "static/graphiql/5.4.0-2"

NO_ARTICLES = """\
# There are no articles yet.
#
# newsstand init                            writes three to start from;
# newsstand index --content FOLDER          indexes a folder of Markdown files;
# newsstand serve --content ~/blog/_posts --site https://me.example
#                                           serves the posts of a blog.

"""

# GraphiQL's editor writes style elements, and draws some of its icons from data.
_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "Vary": VARY,
}


class GraphiQL:
    """Makes the page, for the endpoint that it is served at.

    Those who have no tabs of their own get the tour of this index, and where it is empty the way to some articles.
    """

    def __init__(self, overviews: Overviews) -> None:
        self._overviews = overviews

    async def page(self) -> Response:
        """The page; without an index, that of an empty one, and with the first example alone under too much load."""
        try:
            listed = tour(await self._overviews.present())
        except SearchIndexError:
            listed = tour(None)
        except WorkStopped:
            listed = examples(None)
        return HTMLResponse(_page(listed), headers=_HEADERS)


def tour(overview: Overview | None) -> list[Example]:
    """The examples for an index; for an empty one, and for none, the first one says how to get articles."""
    listed = examples(overview)
    if overview is not None and overview.newest:
        return listed
    return [replace(listed[0], query=f"{NO_ARTICLES}{listed[0].query}")]


def _page(listed: Sequence[Example]) -> Html:
    tabs = [{"query": each.document, "variables": each.variables_text} for each in listed]
    # Every address is relative, so that the page works below any prefix.
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", "GraphiQL · Newsstand"),
        element("link", rel="icon", href="favicon.ico"),
        element("link", rel="stylesheet", href=f"{GRAPHIQL}/graphiql.css"),
        element("script", type="module", src=f"{GRAPHIQL}/graphiql.js"),
    )
    body = element(
        "body",
        element("div", id="graphiql", data_endpoint="graphql", data_tour=orjson.dumps(tabs).decode()),
        element("noscript", "GraphiQL needs JavaScript. The API itself does not: POST a query to this address."),
    )
    return Html(f"<!doctype html>\n{element('html', head, body, lang='en')}")
