"""Cross-origin requests: which pages of other sites may ask."""

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Message, Send

_ORIGIN = b", Origin"


class Cors(CORSMiddleware):
    """Starlette's middleware, which says that answers depend on the origin also where they say so by themselves."""

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:
        """Send a part of an answer."""
        if message["type"] == "http.response.start":
            given = message.get("headers", ())
            message["headers"] = [(name, value.removesuffix(_ORIGIN)) for name, value in given]
        await super().send(message, send, request_headers)
