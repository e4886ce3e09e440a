"""The settings: read once, from `NEWSSTAND_*` variables and the command line, then frozen."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path

from gateway.config.connection_limits import ConnectionLimits
from gateway.config.setting_values import Network, SettingValues, variable
from indexer.memory import MEMORY_BYTES
from indexer.search.access import OPEN, Access
from indexer.search.engine import SEARCH_THREADS, BodySearch
from indexer.text.language import Language
from schema.limits.limits import Limits, Switch

_REFRESH_SECONDS_OF_WATCHED = 0.1


class LogFormat(StrEnum):
    """The form of log lines. AUTO is CONSOLE on a terminal and JSON elsewhere."""

    AUTO = "auto"
    JSON = "json"
    CONSOLE = "console"


class LogLevel(StrEnum):
    """The least important kind of line that is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Watch(StrEnum):
    """Building whatever changes while it is served: ON by the notices of the system, POLL by looking at all times.

    On file systems that other machines write to, ON is POLL.
    """

    ON = "on"
    POLL = "poll"
    OFF = "off"


class DocumentsMode(StrEnum):
    """The documents that are executed: all (ALLOW), or those in the manifest (ONLY)."""

    ALLOW = "allow"
    ONLY = "only"


class ForwardedHeaders(StrEnum):
    """The headers by which trusted proxies tell of clients."""

    X_FORWARDED = "x-forwarded"
    """X-Forwarded-For, -Proto, -Host and -Prefix."""
    FORWARDED = "forwarded"
    """Forwarded, of RFC 7239."""


class Draft(StrEnum):
    """A draft of GraphQL over HTTP, by the year in which it was current."""

    YEAR_2024 = "2024"
    """With application/json, which is the default, an error of GraphQL's own is no error of HTTP."""
    YEAR_2026 = "2026"
    """With each media type, the HTTP status tells of errors. Only answers may be application/json, on request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, as the table in `README.md` and the options of `newsstand serve` describe them.

    The variable of each field is its name in capitals behind `NEWSSTAND_`; `limits` and those of `connections` are set
    one by one, as `NEWSSTAND_MAX_DEPTH` and so on.
    """

    content: Path = Path("content")
    index: str = "index"
    language: Language = Language.ENGLISH
    search_body: BodySearch = BodySearch.KEPT
    opensearch_user: str | None = None
    opensearch_password: str | None = field(default=None, repr=False)
    opensearch_api_key: str | None = field(default=None, repr=False)
    opensearch_ca: Path | None = None
    opensearch_seconds: float = OPEN.seconds
    opensearch_shards: int = OPEN.shards
    synonyms: Path | None = None
    assets: Path | None = None
    fields: str | None = None
    site: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    root_path: str = ""
    trusted_proxies: tuple[Network, ...] = ()
    forwarded_headers: ForwardedHeaders = ForwardedHeaders.X_FORWARDED
    asset_base_url: str | None = None
    public_url: str | None = None
    site_url: str | None = None
    feed_title: str = "Newsstand"
    cors_origins: tuple[str, ...] = ("*",)
    max_body_bytes: int = 128 * 1024
    limits: Limits = field(default_factory=Limits)
    log_format: LogFormat = LogFormat.AUTO
    log_level: LogLevel = LogLevel.INFO
    graphiql: Switch = Switch.ON
    home: Switch = Switch.ON
    security_contact: str | None = None
    drain_seconds: float = 3.0
    shutdown_seconds: int = 5
    watch: Watch = Watch.OFF
    refresh_seconds: float = 1.0
    lock_seconds: float = 60.0
    deadline_seconds: float = 5.0
    search_threads: int = SEARCH_THREADS
    documents: Path | None = None
    documents_mode: DocumentsMode = DocumentsMode.ALLOW
    cache_seconds: int = 0
    memory_bytes: int = MEMORY_BYTES
    response_cache: Switch = Switch.OFF
    max_batch: int = 0
    http_draft: Draft = Draft.YEAR_2024
    cursor_key: str | None = field(default=None, repr=False)
    connections: ConnectionLimits = field(default_factory=ConnectionLimits)

    @property
    def access(self) -> Access:
        """The way into the cluster that the index lies in, where it lies in one."""
        return Access(
            user=self.opensearch_user,
            password=self.opensearch_password,
            api_key=self.opensearch_api_key,
            ca=self.opensearch_ca,
            seconds=self.opensearch_seconds,
            shards=self.opensearch_shards,
        )


def load(options: Mapping[str, str]) -> Settings:
    """The settings of this process; `options` are those of the command line, as text by field name.

    Raises `SettingError` for a value that cannot be used.
    """
    return read(SettingValues(os.environ, options))


def unknown_variables(environment: Mapping[str, str] = os.environ) -> Sequence[str]:
    """A line for each variable that begins with `NEWSSTAND_` and sets nothing."""
    names = {each.name for settings in (Settings, Limits, ConnectionLimits) for each in fields(settings)}
    known = sorted(name.upper() for name in names - {"limits", "connections"})
    prefix = variable("")
    lines = []
    for name in sorted(environment):
        if name.startswith(prefix) and name.removeprefix(prefix) not in known:
            close = get_close_matches(name.removeprefix(prefix), known, n=1)
            lines.append(
                f"{name} is no setting; " + (f"did you mean {prefix}{close[0]}?" if close else "README.md lists them")
            )
    return lines


def hand_down(options: Mapping[str, str]) -> None:
    """Put `options` into the environment, where the processes started from now on find them."""
    os.environ.update({variable(name): value for name, value in options.items()})


def read(values: SettingValues) -> Settings:
    """The settings with these values. Raises `SettingError` for a value that cannot be used."""
    default = Settings()
    watch = values.choice("watch", default.watch)
    refresh_seconds = default.refresh_seconds if watch is Watch.OFF else _REFRESH_SECONDS_OF_WATCHED
    return Settings(
        content=Path(values.text("content", str(default.content))),
        index=values.text("index", default.index),
        language=values.choice("language", default.language),
        search_body=values.choice("search_body", default.search_body),
        opensearch_user=values.text("opensearch_user", "") or None,
        opensearch_password=values.secret("opensearch_password", shortest=1),
        opensearch_api_key=values.secret("opensearch_api_key", shortest=1),
        opensearch_ca=values.path("opensearch_ca", default.opensearch_ca),
        opensearch_seconds=values.seconds("opensearch_seconds", default.opensearch_seconds, low=0.05, high=600),
        opensearch_shards=values.integer("opensearch_shards", default.opensearch_shards, low=1, high=1024),
        synonyms=values.path("synonyms", default.synonyms),
        assets=values.path("assets", default.assets),
        fields=values.text("fields", "") or None,
        site=values.site("site", default.site),
        host=values.text("host", default.host),
        port=values.integer("port", default.port, low=0, high=65535),
        workers=values.integer("workers", default.workers, low=1, high=1024),
        root_path=values.prefix("root_path", default.root_path),
        trusted_proxies=values.networks("trusted_proxies", default.trusted_proxies),
        forwarded_headers=values.choice("forwarded_headers", default.forwarded_headers),
        asset_base_url=values.url("asset_base_url", default.asset_base_url),
        public_url=values.url("public_url", default.public_url),
        site_url=values.url("site_url", default.site_url),
        feed_title=values.text("feed_title", default.feed_title),
        cors_origins=values.origins("cors_origins", default.cors_origins),
        max_body_bytes=values.integer("max_body_bytes", default.max_body_bytes, low=1024),
        limits=_limits(values, default.limits),
        log_format=values.choice("log_format", default.log_format),
        log_level=values.choice("log_level", default.log_level),
        graphiql=values.choice("graphiql", default.graphiql),
        home=values.choice("home", default.home),
        security_contact=values.contact("security_contact", default.security_contact),
        drain_seconds=values.seconds("drain_seconds", default.drain_seconds, low=0, high=3600),
        shutdown_seconds=values.integer("shutdown_seconds", default.shutdown_seconds, low=0, high=3600),
        watch=watch,
        refresh_seconds=values.seconds("refresh_seconds", refresh_seconds, low=0.05, high=3600),
        lock_seconds=values.seconds("lock_seconds", default.lock_seconds, low=0, high=3600),
        deadline_seconds=values.seconds("deadline_seconds", default.deadline_seconds, low=0.1, high=3600),
        search_threads=values.integer("search_threads", default.search_threads, low=1, high=64),
        documents=values.path("documents", default.documents),
        documents_mode=values.choice("documents_mode", default.documents_mode),
        cache_seconds=values.integer("cache_seconds", default.cache_seconds, low=0),
        memory_bytes=values.integer("memory_bytes", default.memory_bytes, low=0, high=2**40),
        response_cache=values.choice("response_cache", default.response_cache),
        max_batch=values.integer("max_batch", default.max_batch, low=0, high=1000),
        http_draft=values.choice("http_draft", default.http_draft),
        cursor_key=values.secret("cursor_key", shortest=32),
        connections=_connections(values, default.connections),
    )


def _connections(values: SettingValues, default: ConnectionLimits) -> ConnectionLimits:
    return ConnectionLimits(
        max_connections=values.integer("max_connections", default.max_connections, low=1),
        head_seconds=values.seconds("head_seconds", default.head_seconds, low=0.1, high=3600),
        body_seconds=values.seconds("body_seconds", default.body_seconds, low=0.1, high=3600),
        write_seconds=values.seconds("write_seconds", default.write_seconds, low=0.1, high=3600),
        keep_alive_seconds=values.integer("keep_alive_seconds", default.keep_alive_seconds, low=0, high=3600),
        max_unfinished_bytes=values.integer(
            "max_unfinished_bytes", default.max_unfinished_bytes, low=2**16, high=2**40
        ),
        max_unsent_bytes=values.integer("max_unsent_bytes", default.max_unsent_bytes, low=2**20, high=2**40),
        queue_seconds=values.seconds("queue_seconds", default.queue_seconds, low=0.001, high=60),
        max_streams=values.integer("max_streams", default.max_streams, low=0),
        max_subscriptions=values.integer("max_subscriptions", default.max_subscriptions, low=1, high=10_000),
        heartbeat_seconds=values.seconds("heartbeat_seconds", default.heartbeat_seconds, low=0.1, high=3600),
    )


def _limits(values: SettingValues, default: Limits) -> Limits:
    return replace(
        default,
        max_query_length=values.integer("max_query_length", default.max_query_length, low=1),
        max_tokens=values.integer("max_tokens", default.max_tokens, low=1),
        max_depth=values.integer("max_depth", default.max_depth, low=1),
        max_fields=values.integer("max_fields", default.max_fields, low=1),
        max_aliases=values.integer("max_aliases", default.max_aliases, low=0),
        max_directives=values.integer("max_directives", default.max_directives, low=0),
        max_comparisons=values.integer("max_comparisons", default.max_comparisons, low=0),
        max_errors=values.integer("max_errors", default.max_errors, low=1),
        max_variables=values.integer("max_variables", default.max_variables, low=0),
        max_search_length=values.integer("max_search_length", default.max_search_length, low=1),
        max_cost=values.integer("max_cost", default.max_cost, low=1),
        max_answer_bytes=values.integer("max_answer_bytes", default.max_answer_bytes, low=1024),
        introspection=values.choice("introspection", default.introspection),
        schema_hints=values.choice("schema_hints", default.schema_hints),
        development=values.choice("development", default.development),
    )
