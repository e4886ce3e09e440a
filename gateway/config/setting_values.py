"""Text from outside, turned into checked values."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from gateway.config.errors import SettingError
from indexer.content.fields.field_values import domain_of

_LONGEST_QUOTATION = 200
_MAIL_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^-~]+@[0-9A-Za-z.-]+")
Choice = TypeVar("Choice", bound=StrEnum)
Number = TypeVar("Number", int, float)
Network = IPv4Network | IPv6Network
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~@:+-]+)*")


def variable(name: str) -> str:
    """The environment variable of the setting `name`."""
    return f"NEWSSTAND_{name.upper()}"


@dataclass(frozen=True, slots=True)
class SettingValues:
    """Values of settings. The `options` of the command line, by name, go before the variables of the `environment`.

    A blank value counts as none, but for `origins`. Every method raises `SettingError` for a value that cannot be used.
    """

    environment: Mapping[str, str]
    options: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        """Any text."""
        return self._text(name) or default

    def path(self, name: str, default: Path | None) -> Path | None:
        """The path of a file or folder, which need not exist."""
        text = self._text(name)
        return Path(text) if text else default

    def secret(self, name: str, *, shortest: int) -> str | None:
        """A text of `shortest` characters at least, which no message shows."""
        text = self._text(name)
        if text and len(text) < shortest:
            problem = f"{variable(name)} has {len(text)} characters, but must have at least {shortest}"
            raise SettingError(f"{problem}; `openssl rand -hex 32` prints a good one")
        return text or None

    def integer(self, name: str, default: int, *, low: int, high: int = 2**31 - 1) -> int:
        """A whole number from `low` to `high`."""
        return self._number(name, default, int, low, high, unit="a whole number")

    def seconds(self, name: str, default: float, *, low: float, high: float) -> float:
        """A number of seconds from `low` to `high`."""
        return self._number(name, default, float, low, high, unit="a number of seconds")

    def choice(self, name: str, default: Choice) -> Choice:
        """One value of the enumeration that `default` belongs to, ignoring case."""
        text = self._text(name)
        if not text:
            return default
        choices = type(default)
        try:
            return choices(text.lower())
        except ValueError as error:
            raise self._unusable(name, f"one of {', '.join(choices)}") from error

    def url(self, name: str, default: str | None) -> str | None:
        """An absolute http or https URL."""
        text = self._text(name)
        if not text:
            return default
        if not _is_web_address(text):
            raise self._unusable(name, "an absolute http or https URL, like https://www.example.com")
        return text

    def contact(self, name: str, default: str | None) -> str | None:
        """An address to write to, as a URI: `mailto:` or `https:`. A mail address alone does as well."""
        text = self._text(name)
        if not text:
            return default
        address = text.removeprefix("mailto:")
        if _MAIL_ADDRESS.fullmatch(address):
            return f"mailto:{address}"
        if not (text.startswith("https://") and _is_web_address(text) and text.isascii() and text.isprintable()):
            raise self._unusable(name, "a mail address or an https URL, like security@example.com")
        return text

    def site(self, name: str, default: str | None) -> str | None:
        """The URL of a site, whose host is a domain."""
        text = self.url(name, default)
        if text and (not domain_of(text.partition("://")[2]) or "?" in text or "#" in text):
            raise self._unusable(name, "the address of a site, like https://me.example or https://me.example/blog")
        return text

    def networks(self, name: str, default: tuple[Network, ...]) -> tuple[Network, ...]:
        """Addresses and networks separated by commas."""
        text = self._text(name)
        try:
            return tuple(ip_network(item.strip()) for item in text.split(",")) if text else default
        except ValueError as error:
            rule = "addresses and networks like 10.0.0.5, 10.0.0.0/8 or fd00::/8, separated by commas"
            raise self._unusable(name, f"{rule}: {error}") from error

    def prefix(self, name: str, default: str) -> str:
        """A path before all addresses, like `/news`; blank for none."""
        text = self._text(name).rstrip("/")
        if not is_prefix(text):
            raise self._unusable(name, "a path like /news, of letters, digits and . _ ~ @ : + -")
        return text or default

    def origins(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Web origins separated by commas, or `*` for every one. A blank value is none."""
        text = self._text(name)
        if not text:
            return () if self._is_set(name) else default
        origins = tuple(origin.strip() for origin in text.split(","))
        if not all(origin == "*" or _is_origin(origin) for origin in origins):
            raise self._unusable(name, "origins like https://www.example.com, separated by commas, or *")
        return origins

    def _is_set(self, name: str) -> bool:
        return name in self.options or variable(name) in self.environment

    def _number(  # noqa: PLR0913 - a setting and its bounds
        self, name: str, default: Number, parse: Callable[[str], Number], low: Number, high: Number, *, unit: str
    ) -> Number:
        text = self._text(name)
        if not text:
            return default
        try:
            value = parse(text)
        except ValueError as error:
            raise self._unusable(name, f"{unit} from {low} to {high}") from error
        if not low <= value <= high:
            raise self._unusable(name, f"{unit} from {low} to {high}")
        return value

    def _text(self, name: str) -> str:
        return (self.options.get(name) or self.environment.get(variable(name)) or "").strip()

    def _unusable(self, name: str, rule: str) -> SettingError:
        source = f"--{name.replace('_', '-')}" if self.options.get(name) else variable(name)
        text = self._text(name)
        shown = text if len(text) <= _LONGEST_QUOTATION else f"{text[:_LONGEST_QUOTATION]}…"
        return SettingError(f"{source} is {shown!r}, but must be {rule}")


def is_prefix(text: str) -> bool:
    """True for a path that may stand before others, and for none.

    >>> is_prefix("/news"), is_prefix(""), is_prefix("//evil.example"), is_prefix("/..")
    (True, True, False, False)
    """
    return _PREFIX.fullmatch(text) is not None


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, or half an IPv6 address
        return False


def _is_origin(text: str) -> bool:
    return _is_web_address(text) and text.count("/") == len("//")
