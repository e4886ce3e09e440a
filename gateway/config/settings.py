"""What can be set: read once, from `NEWSSTAND_*` variables and the command line, then frozen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from gateway.config.setting_values import GivenSettings, variable
from indexer.search.engine import RESULTS_BYTES
from indexer.text.languages import Language
from schema.limits.limits import Limits, Switch


class LogFormat(StrEnum):
    """How log lines look. AUTO is CONSOLE on a terminal and JSON elsewhere."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


class LogLevel(StrEnum):
    """The least important kind of line that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class DocumentsMode(StrEnum):
    """Whether documents that are not in the manifest are executed too."""

    ALLOW = "allow"
    ONLY = "only"


class Draft(StrEnum):
    """A draft of GraphQL over HTTP, by the year in which it was current."""

    YEAR_2024 = "2024"
    """With application/json, which is the default, an error of GraphQL's own is no error of HTTP."""
    YEAR_2026 = "2026"
    """With each media type, HTTP tells what is wrong. Only answers may be application/json, where that is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How Newsstand is set up. The variable of each field is its name in capitals behind `NEWSSTAND_`.

    `index` is the URL of an index or the path of a folder, and `language` what its articles are written in.
    `synonyms` is a file of them; without it, `synonyms.yaml` is taken where there is one. `asset_base_url` is what
    site-relative image addresses are resolved against. `public_url` is where clients reach this server, without it as
    each request says; `site_url` is the page for people that feeds belong to, and `feed_title` their title.
    `shutdown_seconds` is how long open requests may take once the process was told to stop, and `refresh_seconds` how
    often a serving process looks for a new generation of the index. `limits` are set one by one, as
    `NEWSSTAND_MAX_DEPTH` and so on. `documents` is a manifest of persisted documents, and `persisted_bytes` what a
    process may keep of those that clients register by themselves, 0 for none. `cache_seconds` is for how long caches
    may answer GET requests without asking, at most. `results_bytes` is what a process may keep of what searches found,
    and `response_cache_bytes` of its own answers to GraphQL requests, 0 for none. `max_batch` is how many requests one
    body may hold in an array, 0 for no arrays, and `http_draft` the draft of GraphQL over HTTP by whose rules /graphql
    answers. `cursor_key` is the secret that seals cursors, by default one that is kept beside the index.
    """

    content: Path = Path("content")
    index: str = "index"
    language: Language = Language.ENGLISH
    synonyms: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    asset_base_url: str | None = None
    public_url: str | None = None
    site_url: str | None = None
    feed_title: str = "Newsstand"
    cors_origins: tuple[str, ...] = ("*",)
    max_body_bytes: int = 1024 * 1024
    limits: Limits = field(default_factory=Limits)
    log_format: LogFormat = LogFormat.AUTO
    log_level: LogLevel = LogLevel.INFO
    graphiql: Switch = Switch.ON
    shutdown_seconds: int = 10
    refresh_seconds: float = 1.0
    documents: Path | None = None
    documents_mode: DocumentsMode = DocumentsMode.ALLOW
    persisted_bytes: int = 4 * 1024 * 1024
    cache_seconds: int = 0
    results_bytes: int = RESULTS_BYTES
    response_cache_bytes: int = 0
    max_batch: int = 0
    http_draft: Draft = Draft.YEAR_2024
    cursor_key: str | None = field(default=None, repr=False)


def load(options: Mapping[str, str]) -> Settings:
    """The settings of this process; `options` holds what the command line gave, as text by field name.

    Raises `SettingError` for a value that cannot be used.
    """
    return read(GivenSettings(os.environ, options))


def hand_down(options: Mapping[str, str]) -> None:
    """Put `options` into the environment, where the processes started from now on find them."""
    os.environ.update({variable(name): value for name, value in options.items()})


def read(given: GivenSettings) -> Settings:
    """The settings that `given` describes. Raises `SettingError` for a value that cannot be used."""
    default = Settings()
    return Settings(
        content=Path(given.text("content", str(default.content))),
        index=given.text("index", default.index),
        language=given.choice("language", default.language),
        synonyms=given.path("synonyms", default.synonyms),
        host=given.text("host", default.host),
        port=given.integer("port", default.port, low=0, high=65535),
        workers=given.integer("workers", default.workers, low=1, high=1024),
        asset_base_url=given.url("asset_base_url", default.asset_base_url),
        public_url=given.url("public_url", default.public_url),
        site_url=given.url("site_url", default.site_url),
        feed_title=given.text("feed_title", default.feed_title),
        cors_origins=given.origins("cors_origins", default.cors_origins),
        max_body_bytes=given.integer("max_body_bytes", default.max_body_bytes, low=1024),
        limits=_limits(given, default.limits),
        log_format=given.choice("log_format", default.log_format),
        log_level=given.choice("log_level", default.log_level),
        graphiql=given.choice("graphiql", default.graphiql),
        shutdown_seconds=given.integer("shutdown_seconds", default.shutdown_seconds, low=0, high=3600),
        refresh_seconds=given.seconds("refresh_seconds", default.refresh_seconds, low=0.05, high=3600),
        documents=given.path("documents", default.documents),
        documents_mode=given.choice("documents_mode", default.documents_mode),
        persisted_bytes=given.integer("persisted_bytes", default.persisted_bytes, low=0),
        cache_seconds=given.integer("cache_seconds", default.cache_seconds, low=0),
        results_bytes=given.integer("results_bytes", default.results_bytes, low=0),
        response_cache_bytes=given.integer("response_cache_bytes", default.response_cache_bytes, low=0, high=2**40),
        max_batch=given.integer("max_batch", default.max_batch, low=0, high=1000),
        http_draft=given.choice("http_draft", default.http_draft),
        cursor_key=given.secret("cursor_key", shortest=32),
    )


def _limits(given: GivenSettings, default: Limits) -> Limits:
    return replace(
        default,
        max_query_length=given.integer("max_query_length", default.max_query_length, low=1),
        max_tokens=given.integer("max_tokens", default.max_tokens, low=1),
        max_depth=given.integer("max_depth", default.max_depth, low=1),
        max_fields=given.integer("max_fields", default.max_fields, low=1),
        max_aliases=given.integer("max_aliases", default.max_aliases, low=0),
        max_directives=given.integer("max_directives", default.max_directives, low=0),
        max_comparisons=given.integer("max_comparisons", default.max_comparisons, low=0),
        max_errors=given.integer("max_errors", default.max_errors, low=1),
        max_variables=given.integer("max_variables", default.max_variables, low=0),
        max_search_length=given.integer("max_search_length", default.max_search_length, low=1),
        max_cost=given.integer("max_cost", default.max_cost, low=1),
        parts_bytes=given.integer("parts_bytes", default.parts_bytes, low=0),
        introspection=given.choice("introspection", default.introspection),
        schema_hints=given.choice("schema_hints", default.schema_hints),
    )
