"""Text from outside, turned into checked values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from gateway.config.errors import SettingError

Choice = TypeVar("Choice", bound=StrEnum)


def variable(name: str) -> str:
    """The environment variable of the setting `name`."""
    return f"NEWSSTAND_{name.upper()}"


@dataclass(frozen=True, slots=True)
class GivenSettings:
    """The settings as given: those of the command line in `options`, by name, go before those of `environment`.

    A blank value counts as not given, but for `origins`. Every reader raises `SettingError` for a value that cannot be
    used.
    """

    environment: Mapping[str, str]
    options: Mapping[str, str]

    def text(self, name: str, default: str) -> str:
        """Any text."""
        return self._given(name) or default

    def path(self, name: str, default: Path | None) -> Path | None:
        """The path of a file or folder, which need not exist."""
        given = self._given(name)
        return Path(given) if given else default

    def secret(self, name: str, *, shortest: int) -> str | None:
        """A text of `shortest` characters at least, which no message shows."""
        given = self._given(name)
        if given and len(given) < shortest:
            problem = f"{variable(name)} has {len(given)} characters, but must have at least {shortest}"
            raise SettingError(f"{problem}; `openssl rand -hex 32` prints a good one")
        return given or None

    def integer(self, name: str, default: int, *, low: int, high: int = 2**31 - 1) -> int:
        """A whole number from `low` to `high`."""
        given = self._given(name)
        if not given:
            return default
        wanted = f"a whole number from {low} to {high}"
        try:
            value = int(given)
        except ValueError as error:
            raise self._unusable(name, wanted) from error
        if not low <= value <= high:
            raise self._unusable(name, wanted)
        return value

    def seconds(self, name: str, default: float, *, low: float, high: float) -> float:
        """A number of seconds from `low` to `high`."""
        given = self._given(name)
        if not given:
            return default
        wanted = f"a number of seconds from {low} to {high}"
        try:
            value = float(given)
        except ValueError as error:
            raise self._unusable(name, wanted) from error
        if not low <= value <= high:
            raise self._unusable(name, wanted)
        return value

    def choice(self, name: str, default: Choice) -> Choice:
        """One value of the enumeration that `default` belongs to, ignoring case."""
        given = self._given(name)
        if not given:
            return default
        choices = type(default)
        try:
            return choices(given.lower())
        except ValueError as error:
            raise self._unusable(name, f"one of {', '.join(choices)}") from error

    def url(self, name: str, default: str | None) -> str | None:
        """An absolute http or https URL."""
        given = self._given(name)
        if not given:
            return default
        if not _is_web_address(given):
            raise self._unusable(name, "an absolute http or https URL, like https://www.example.com")
        return given

    def origins(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """Web origins separated by commas, or `*` for every one. A blank value is none."""
        given = self._given(name)
        if not given:
            return () if self._is_set(name) else default
        origins = tuple(origin.strip() for origin in given.split(","))
        if not all(origin == "*" or _is_origin(origin) for origin in origins):
            raise self._unusable(name, "origins like https://www.example.com, separated by commas, or *")
        return origins

    def _is_set(self, name: str) -> bool:
        return name in self.options or variable(name) in self.environment

    def _given(self, name: str) -> str:
        return (self.options.get(name) or self.environment.get(variable(name)) or "").strip()

    def _unusable(self, name: str, wanted: str) -> SettingError:
        place = f"--{name.replace('_', '-')}" if self.options.get(name) else variable(name)
        return SettingError(f"{place} is {self._given(name)!r}, but must be {wanted}")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:  # a port that is no number, or half an IPv6 address
        return False


def _is_origin(text: str) -> bool:
    return _is_web_address(text) and text.count("/") == len("//")
