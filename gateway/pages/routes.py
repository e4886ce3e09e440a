"""The addresses of pages, and of the documents beside them."""

from collections.abc import Callable
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.config import assets
from gateway.config.settings import Settings
from gateway.http.host import PREFIX, ServerUrl
from gateway.http.served import Served
from gateway.pages.home import Home
from gateway.pages.layout import Layout
from gateway.pages.machine_files import OpenSearch, SchemaDefinition, SecurityContact
from gateway.pages.overview import Overviews
from gateway.pages.page_file import FAVICON, HOME_SCRIPT, HOME_STYLE, ICON, SEARCH_BOX, PageFile
from schema.limits.limits import Switch


def page_routes(  # noqa: PLR0913 - the parts that routes lead to
    settings: Settings,
    index: Served,
    overviews: Overviews,
    *,
    definition: Callable[[], str],
    server_url: ServerUrl,
    clock: Callable[[], datetime],
) -> list[BaseRoute]:
    """The search box is always there. Where the home page is switched off, `/` leads to GraphiQL.

    `definition` is the schema, served unless nobody may ask about it.
    """
    search_box = PageFile(SEARCH_BOX)
    routes: list[BaseRoute] = [search_box.route, PageFile(ICON, address=FAVICON).route]
    if settings.limits.introspection is Switch.ON:
        routes.append(Route("/schema.graphql", SchemaDefinition(definition).answer, methods=["GET"]))
    if settings.security_contact:
        contact = SecurityContact(settings.security_contact, clock)
        routes.append(Route("/.well-known/security.txt", contact.answer, methods=["GET"]))
    if settings.home is Switch.OFF:
        return [*routes, Route("/", _to_graphql)]
    style, script, icon = map(PageFile, (HOME_STYLE, HOME_SCRIPT, ICON))
    layout = Layout(
        title=settings.feed_title,
        style=style,
        script=script,
        search_box=search_box,
        icon=icon,
        has_graphiql=settings.graphiql is Switch.ON,
        has_pictures=settings.asset_base_url is None and assets.in_force(settings).root().is_dir(),
        has_schema=settings.limits.introspection is Switch.ON,
    )
    home = Home(index, overviews, layout, limits=settings.limits, server_url=server_url, clock=clock)
    return [
        *routes,
        *(file.route for file in (style, script, icon)),
        Route("/opensearch.xml", OpenSearch(settings.feed_title, server_url).answer, methods=["GET"]),
        Route("/", home.answer, methods=["GET"]),
    ]


async def _to_graphql(request: Request) -> Response:
    prefix = request.scope.get(PREFIX)
    return RedirectResponse(f"{prefix}/graphql" if prefix else "graphql")
