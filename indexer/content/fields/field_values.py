"""Scalars of a content file: text to a number, a truth, a point in time, a URL or a domain."""

import re
from datetime import UTC, datetime
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from indexer.canonical import canonical_domain, canonical_url

MAX_INTEGER = 2**31 - 1

_BACKSLASH = "\\"  # browsers read it as a slash in URLs, and so may find another host there
_NUMBER = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")  # URL Standard, "ends in a number checker"
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+", re.ASCII)
_LANGUAGE = re.compile("[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,3}")
_BOOLEANS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_TIMESTAMP = re.compile(
    r"(?P<date>\d{4}-\d{1,2}-\d{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)[ \t]*(?P<zone>Z|z|[+-]\d{1,2}(?::?\d{2})?)?)?"
)


class UnfitValue(Exception):
    """A text is no value of its field's type."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


def title(text: str) -> str:
    """A title, of at most 1,000 characters."""
    return _short(text, 1_000)


def excerpt(text: str) -> str:
    """An excerpt, of at most 10,000 characters."""
    return _short(text, 10_000)


def topic(text: str) -> str:
    """A topic, of at most 200 characters."""
    return _short(text, 200)


def author(text: str) -> str:
    """The name of an author, of at most 200 characters."""
    return _short(text, 200)


def language(text: str) -> str:
    """The code of a language, as in `en` or `pt-BR` (BCP 47)."""
    if not _LANGUAGE.fullmatch(text):
        raise UnfitValue(f"{_quoted(text)} is not the code of a language", "write it like en or pt-BR")
    return text


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise UnfitValue(f"has {len(text)} characters", f"keep at most {most}")
    return text


def integer(text: str) -> int:
    """A whole number of at most 32 bits, as GraphQL's Int has."""
    if not _INTEGER.fullmatch(text):
        raise UnfitValue(f"{_quoted(text)} is not a whole number", "write digits only, such as 80")
    if len(text) > len(str(MAX_INTEGER)) + 1 or abs(int(text)) > MAX_INTEGER:
        size = "small" if text.startswith("-") else "large"
        raise UnfitValue(f"{_quoted(text)} is too {size}", f"write a number from {-MAX_INTEGER} to {MAX_INTEGER}")
    return int(text)


def boolean(text: str) -> bool:
    """A truth, by any of the names that YAML 1.1 gives it but y and n."""
    try:
        return _BOOLEANS[text.lower()]
    except KeyError:
        raise UnfitValue(f"{_quoted(text)} is neither true nor false", "write true or false") from None


def timestamp(text: str) -> datetime:
    """A point in time, in UTC. Without a zone it is UTC, and without a time it is midnight."""
    remedy = "write it like 2020-02-06T01:27:00Z"
    match = _TIMESTAMP.fullmatch(text)
    if not match:
        raise UnfitValue(f"{_quoted(text)} is not a date and time", remedy)
    try:
        return _instant(match["date"], match["time"], match["zone"])
    except (ValueError, OverflowError) as error:
        raise UnfitValue(f"there is no day or time {_quoted(text)}", remedy) from error


def _instant(date: str, time: str | None, zone: str | None) -> datetime:
    """YAML's timestamp form, whose month, day, hour and zone may have one digit, by way of the ISO 8601 form."""
    year, month, day = date.split("-")
    hour, _, rest = (time or "0:00").partition(":")
    sign, offset = (zone[0], zone[1:].replace(":", "")) if zone and zone not in "Zz" else ("+", "0")
    hours, minutes = (offset[:-2], offset[-2:]) if len(offset) > len("00") else (offset, "00")
    iso = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{rest}{sign}{hours:0>2}:{minutes}"
    return datetime.fromisoformat(iso).astimezone(UTC)


def absolute_url(text: str) -> str:
    """An absolute http or https URL, as written."""
    return _url(text, "write it in full, beginning with https://")


def image_url(text: str) -> str:
    """An absolute http or https URL, or one of this site that begins with `/`."""
    if text.startswith("/") and not text.startswith("//") and _is_unbroken(text) and _BACKSLASH not in text:
        return text
    return _url(text, "write it in full, beginning with https://, or from / on if it is of this site")


def _url(text: str, remedy: str) -> str:
    if _BACKSLASH in text:
        raise UnfitValue(f"the URL {_quoted(text)} holds a backslash", "write / or %5C")
    if not _is_unbroken(text):
        raise UnfitValue(f"the URL {_quoted(text)} holds a space or control character", "write %20 for a space")
    try:
        canonical_url(text)
    except ValueError as error:
        raise UnfitValue(f"{_quoted(text)} is not an absolute http or https URL", remedy) from error
    parts = urlsplit(text)
    if "@" in parts.netloc:
        raise UnfitValue(f"the URL {_quoted(text)} names a user before its host", "leave out what is before the @")
    if parts.hostname and not _is_read_as_written(parts.hostname.rstrip(".")):
        reason = f"the host of {_quoted(text)} ends with a number, so browsers read all of it as one"
        raise UnfitValue(reason, "write a domain name, or an address like 192.0.2.1")
    return text


def _is_read_as_written(host: str) -> bool:
    """Tell whether browsers read a host that ends with a number as the address that it looks like."""
    if ":" in host or not _NUMBER.fullmatch(host.rpartition(".")[2]):
        return True
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True


def _is_unbroken(url: str) -> bool:
    return url.isprintable() and " " not in url


def domain(text: str) -> str:
    """A domain name, in canonical form."""
    canonical = canonical_domain(text)
    if not _DOMAIN.fullmatch(canonical):
        raise UnfitValue(f"{_quoted(text)} is not a domain name", "write it like cnet.com")
    return canonical


def domain_of(text: str) -> str | None:
    """The domain at the beginning of an address without its scheme, or None."""
    try:
        return domain(re.split("[/:?#]", text, maxsplit=1)[0])
    except UnfitValue:
        return None


def _quoted(text: str) -> str:
    """The text for a message, shortened so that a message stays one line."""
    most = 60
    return repr(text if len(text) <= most else f"{text[:most]}...")
