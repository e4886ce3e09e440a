"""The one form in which two spellings of the same URL, topic, domain or text are equal."""

import re
import unicodedata
from typing import Literal
from urllib.parse import quote, urlsplit

import regex

_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_RESERVED = "!$&'()*+,;=:@/?#[]"
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})?")
# Most URLs need no more than lower case: nothing in them is escaped, and no port or user is named.
_PLAIN = re.compile(
    r"https?://((?:[A-Za-z0-9-]+\.)*[A-Za-z0-9-]+\.?)(/[A-Za-z0-9._~!$&'()*+,;=:@/-]*)?(\?[A-Za-z0-9._~!$&'()*+,;=:@/?-]*)?(?:#[!-~]*)?"
)
_DEFAULT_PORTS = (80, 443)
_AUTHORITY = re.compile("[^/]*//([^/?#]*)")
_LONGEST_AUTHORITY = 500  # a host has at most 253 characters; Python's parser normalizes all that stands there
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?|[0-9a-f.:]*:[0-9a-f.:]*(%\w+)?")  # a name, or an IPv6 address
_MOST_MARKS = 30  # in a row, by the Stream-Safe Text Format of UAX #15; no language needs as many
_UNSEEN = regex.compile(r"\p{Default_Ignorable_Code_Point}")
# Marks, and the two letters that NFKD makes marks of.
_MARKS = regex.compile(rf"([\p{{M}}\uff9e\uff9f]{{{_MOST_MARKS}}})[\p{{M}}\uff9e\uff9f]+")


def normalized(form: Literal["NFC", "NFD", "NFKC", "NFKD"], text: str) -> str:
    """The text in a normal form, without the marks that follow 30 others.

    Marks are sorted one by one, so the time would grow with the square of a run.

    >>> len(normalized("NFC", "x" + 1000 * "\u0301"))
    31
    """
    return unicodedata.normalize(form, _MARKS.sub(r"\1", text) if len(text) > _MOST_MARKS else text)


def seen(text: str) -> str:
    """The text without characters that nobody sees, such as soft hyphens, and with a space for one that parts words."""
    return text if text.isascii() else _UNSEEN.sub("", text.replace("\u200b", " "))


def canonical_url(url: str) -> str:
    """The URL in the form in which URLs are compared (RFC 3986, section 6.2, and the habits of news pages).

    Scheme and host ignore case, `http` equals `https`, and default port, fragment, trailing slash and needless
    percent-escapes do not count. Raises ValueError where `url` is not an absolute http(s) URL.

    >>> canonical_url("HTTP://Daily.Example:80/a%2Db/?p=1#top")
    'https://daily.example/a-b?p=1'
    """
    if plain := _PLAIN.fullmatch(url):
        host, path, query = plain.groups("")
        return f"https://{host.lower()}{path.rstrip('/')}{query if len(query) > 1 else ''}"
    authority = _AUTHORITY.match(url)
    if authority and len(authority[1]) > _LONGEST_AUTHORITY:
        raise ValueError(f"the host of a URL has {len(authority[1])} characters, and at most 253 are possible")
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    if not host.isascii():  # browsers read full-width letters and the like as plain ones (UTS 46)
        host = normalized("NFKC", host).lower()
    if parts.scheme not in ("http", "https") or parts.port == 0 or not _HOST.fullmatch(host):
        raise ValueError(f"{url!r} is not an absolute http or https URL")
    if ":" in host:
        host = f"[{host}]"
    port = "" if parts.port in (None, *_DEFAULT_PORTS) else f":{parts.port}"
    query = f"?{_with_needed_escapes(parts.query)}" if parts.query else ""
    return f"https://{host}{port}{_with_needed_escapes(parts.path).rstrip('/')}{query}"


def canonical_key(key: str) -> str:
    """The key in the form in which keys are compared: a file name may have an accent with its letter or after it."""
    return key if key.isascii() else normalized("NFC", key)


def canonical_topic(name: str) -> str:
    """The topic's name in the form in which topics are compared: case and needless space do not count.

    Nor does whether an accent is written with its letter or after it (Unicode, canonical caseless matching, D145), nor
    any character that nobody sees.

    >>> canonical_topic("  Machine   LEARNING ")
    'machine learning'
    """
    if not name.isascii():
        name = normalized("NFC", normalized("NFD", seen(name)).casefold())
    return " ".join(name.casefold().split())


def canonical_domain(domain: str) -> str:
    """The domain in the form in which domains are compared: lower case, without spaces or a trailing dot.

    Characters that nobody sees do not count.
    """
    return "".join(seen(domain).lower().split()).rstrip(".")


def _with_needed_escapes(part: str) -> str:
    """Part of a URL with a percent-escape for every character that needs one, and for no other."""
    return quote(_ESCAPE.sub(_unescape, part), safe=f"{_RESERVED}%")


def _unescape(match: re.Match[str]) -> str:
    if match[1] is None:
        return "%25"
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()
