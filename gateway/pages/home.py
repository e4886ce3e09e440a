"""The home page: what is in the index, a search with an address of its own, and ways to ask."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gateway.http import error_responses
from gateway.http.host import ServerUrl
from gateway.http.served import Served
from gateway.http.validators import Freshness, fingerprint
from gateway.lists.parameters import read_pairs
from gateway.lists.question import PARAMETERS, read_question
from gateway.pages.examples import examples
from gateway.pages.front_page import front_page
from gateway.pages.html import Content, Html, element
from gateway.pages.layout import POLICY, Layout
from gateway.pages.overview import Overviews
from gateway.pages.results_page import FACETS, ResultsPage
from indexer.errors import RequestError, SearchIndexError, WorkStopped
from schema.limits.limits import Limits

_HEADERS = {"Content-Security-Policy": POLICY, "Referrer-Policy": "no-referrer", "Vary": "Accept-Encoding"}


class Home:
    """Answers at `/`: the front page, and with parameters of `/search.json` the results of that search.

    Others are ignored, such as those that mails and networks add to links. Both work without scripts.
    """

    def __init__(  # noqa: PLR0913 - its parts, each by its name
        self,
        index: Served,
        overviews: Overviews,
        layout: Layout,
        *,
        limits: Limits,
        server_url: ServerUrl,
        clock: Callable[[], datetime],
    ) -> None:
        self._index = index
        self._overviews = overviews
        self._layout = layout
        self._limits = limits
        self._server_url = server_url
        self._clock = clock

    async def answer(self, request: Request) -> Response:
        """The page; one that says what is wrong where a search makes no sense, or there is no index."""
        try:
            page = await self._page(request)
        except RequestError as error:
            refusal = await error_responses.senseless(request, error)
            return self._trouble(refusal, "This search makes no sense", str(error))
        except WorkStopped as error:
            return self._trouble(await error_responses.stopped(request, error), "Too much to do", str(error))
        except SearchIndexError as error:
            text = "There is no index to answer from yet. Try again soon; the log of the server says more."
            return self._trouble(await error_responses.unavailable(request, error), "Not ready yet", text)
        freshness = Freshness(tag=fingerprint(page))
        return freshness.answer(request.headers, lambda: HTMLResponse(page, headers=_HEADERS))

    async def _page(self, request: Request) -> Html:
        query_string = _known_parameters(request.scope["query_string"])
        if query_string:
            return await self._results(request, query_string)
        overview = await self._overviews.present()
        content = front_page(
            overview,
            now=self._clock(),
            server_url=self._server_url.of(request.scope),
            examples=examples(overview) if self._layout.has_graphiql else (),
            has_pictures=self._layout.has_pictures,
        )
        return self._layout.page(content)

    async def _results(self, request: Request, query_string: bytes) -> Html:
        question = read_question(query_string, hints=self._limits.schema_hints)
        results = ResultsPage(replace(question, facets=FACETS))
        moment = await self._index.moment()
        context = self._index.context(moment.clock, server_url=self._server_url.of(request.scope))
        content = await results.content(context)
        return self._layout.page(content, heading=results.heading, text=question.text, narrowed=results.narrowed)

    def _trouble(self, refusal: Response, heading: str, text: str) -> Response:
        """The page in the place of a refusal in JSON."""
        content: Content = [element("h1", heading, class_="heading"), element("p", text)]
        headers = {**_HEADERS, "Cache-Control": "no-store"}
        if "Retry-After" in refusal.headers:
            headers["Retry-After"] = refusal.headers["Retry-After"]
        return HTMLResponse(self._layout.page(content, heading=heading), refusal.status_code, headers)


def _known_parameters(query_string: bytes) -> bytes:
    """The parameters of searches that are not blank. What cannot be read is left for the reader to complain of."""
    try:
        pairs = read_pairs(query_string)
    except ValueError:
        return query_string
    return urlencode([(name, value) for name, value in pairs if value and name in PARAMETERS]).encode()
