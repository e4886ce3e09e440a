"""The scalars `DateTime` and `URL`: written in answers, read from arguments."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

from indexer.canonical import canonical_url
from schema.limits.limits import MAX_URL

URL = NewType("URL", str)
"""A URL as the content has it."""


def scalars() -> Mapping[object, ScalarDefinition]:
    """The scalars of the schema, by the Python types that stand for them."""
    return {
        datetime: strawberry.scalar(
            name="DateTime",
            description="A point in time. In answers in UTC, as RFC 3339 writes it: `2020-02-06T01:27:00Z`, with a "
            "fraction of a second only where there is one. In arguments any ISO 8601 timestamp: "
            "`2020-02-06T02:27:00+01:00`; without a zone it is UTC, and a date alone is midnight UTC.",
            specified_by_url="https://www.rfc-editor.org/rfc/rfc3339",
            serialize=write_instant,
            parse_value=read_instant,
        ),
        URL: strawberry.scalar(
            name="URL",
            description="An absolute http or https URL, such as `https://daily.example/news/1`. Arguments are compared "
            "in canonical form: case of the host, `http` or `https`, default port, fragment, trailing slash and "
            "needless percent-escapes do not count.",
            specified_by_url="https://www.rfc-editor.org/rfc/rfc3986",
            serialize=str,
            parse_value=read_url,
        ),
    }


def write_instant(instant: datetime) -> str:
    """RFC 3339 in UTC: `2020-02-06T01:27:00Z`."""
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.isoformat()[: -len("+00:00")] + "Z"


def read_instant(text: object) -> datetime:
    """The instant in UTC. Raises ValueError where `text` is no ISO 8601 timestamp."""
    try:
        instant = datetime.fromisoformat(_text(text))
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("no timestamp; write one like 2020-02-06T01:27:00Z or 2020-02-06") from error


def read_url(text: object) -> URL:
    """The URL as given. Raises ValueError where it is not an absolute http(s) URL."""
    if isinstance(text, str) and len(text) > MAX_URL:
        raise ValueError(f"{len(text)} characters, and at most {MAX_URL} are allowed")
    try:
        canonical_url(_text(text))
    except ValueError as error:
        raise ValueError("no absolute http or https URL; write one like https://daily.example/news/1") from error
    return URL(_text(text))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("only text can be read")  # noqa: TRY004 - to the client it is a bad value like any other
    return value
