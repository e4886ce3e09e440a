"""Small documents that programs look for: OpenSearch, the schema, and whom to tell of security problems."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from xml.etree.ElementTree import Element, SubElement, tostring

from starlette.requests import Request
from starlette.responses import Response

from gateway.http.host import ServerUrl
from gateway.http.validators import Freshness, fingerprint
from schema.inputs.scalars import write_instant

_OPENSEARCH = "application/opensearchdescription+xml; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"
_LONGEST_SHORT_NAME = 16  # of OpenSearch 1.1
_SECURITY_VALID = timedelta(days=180)  # RFC 9116 asks for less than a year


class OpenSearch:
    """/opensearch.xml: the description by which browsers add the search of this server."""

    def __init__(self, title: str, server_url: ServerUrl) -> None:
        self._title = title
        self._server_url = server_url

    async def answer(self, request: Request) -> Response:
        """The description, with the addresses of this server as the client reaches it."""
        base = self._server_url.of(request.scope)
        root = Element("OpenSearchDescription", {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"})
        SubElement(root, "ShortName").text = self._title[:_LONGEST_SHORT_NAME]
        SubElement(root, "Description").text = f"Search {self._title}"
        SubElement(root, "InputEncoding").text = "UTF-8"
        SubElement(root, "Image", {"type": "image/svg+xml"}).text = f"{base}/icon.svg"
        for media_type, path in (("text/html", ""), ("application/atom+xml", "feed.atom")):
            SubElement(root, "Url", {"type": media_type, "template": f"{base}/{path}?q={{searchTerms}}"})
        return _kept(request, tostring(root, "utf-8", xml_declaration=True).decode(), _OPENSEARCH)


class SchemaDefinition:
    """/schema.graphql: the schema in its definition language, written when it is first asked for."""

    def __init__(self, definition: Callable[[], str]) -> None:
        self._definition = definition

    async def answer(self, request: Request) -> Response:
        """The schema, as text that browsers show."""
        return _kept(request, self._text, _PLAIN)

    @cached_property
    def _text(self) -> str:
        return self._definition()


class SecurityContact:
    """/.well-known/security.txt (RFC 9116)."""

    def __init__(self, contact: str, clock: Callable[[], datetime]) -> None:
        self._contact = contact
        self._clock = clock

    async def answer(self, _request: Request) -> Response:
        """The contact, and until when it holds: half a year from now on."""
        expires = (self._clock() + _SECURITY_VALID).replace(hour=0, minute=0, second=0, microsecond=0)
        return Response(f"Contact: {self._contact}\nExpires: {write_instant(expires)}\n", media_type=_PLAIN)


def _kept(request: Request, text: str, media_type: str) -> Response:
    freshness = Freshness(tag=fingerprint(text))
    return freshness.answer(request.headers, lambda: Response(text, headers={"Content-Type": media_type}))
