"""The names by which clients may call a server (RFC 9110, section 7.2)."""

import ipaddress
import re

_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = rf"(?P<name>{_LABEL}(?:\.{_LABEL})*\.?)"
_ADDRESS = r"\[(?P<address>[0-9A-Fa-f:.]+)\]"
_HOST = re.compile(rf"(?:{_NAME}|{_ADDRESS})(?::(?P<port>[0-9]{{1,5}}))?")
_LONGEST = 253  # characters of a name, as DNS has it
_MAX_PORT = 65535


def is_host(text: str) -> bool:
    """True for a name, or an address of IPv4 or IPv6, with a port or without.

    >>> is_host("news.example:8000"), is_host("[::1]"), is_host(".."), is_host("news.example/path")
    (True, True, False, False)
    """
    match = _HOST.fullmatch(text)
    if match is None or not 0 < int(match["port"] or _MAX_PORT) <= _MAX_PORT:
        return False
    return len(match["name"]) <= _LONGEST if match["name"] else _is_address(match["address"])


def _is_address(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
