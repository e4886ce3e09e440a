"""The one form in which two spellings of the same URL, topic or domain are equal."""

import re
from urllib.parse import urlsplit

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_DEFAULT_PORTS = (80, 443)


def canonical_url(url: str) -> str:
    """The URL in the form in which URLs are compared (RFC 3986, section 6.2, and what holds for news pages).

    Scheme and host ignore case, `http` equals `https`, and default port, fragment, trailing slash and needless
    percent-escapes do not count. Raises ValueError where `url` is not an absolute http(s) URL.

    >>> canonical_url("HTTP://Daily.Example:80/a%2Db/?p=1#top")
    'https://daily.example/a-b?p=1'
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url!r} is not an absolute http or https URL")
    port = "" if parts.port in (None, *_DEFAULT_PORTS) else f":{parts.port}"
    path = _ESCAPE.sub(_unescape, parts.path).rstrip("/")
    query = f"?{_ESCAPE.sub(_unescape, parts.query)}" if parts.query else ""
    return f"https://{parts.hostname.lower()}{port}{path}{query}"


def canonical_topic(name: str) -> str:
    """The topic's name in the form in which topics are compared: case and needless space do not count."""
    return " ".join(name.casefold().split())


def canonical_domain(domain: str) -> str:
    """The domain in the form in which domains are compared: lower case, without a trailing dot."""
    return domain.strip().rstrip(".").lower()


def _unescape(match: re.Match[str]) -> str:
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()
