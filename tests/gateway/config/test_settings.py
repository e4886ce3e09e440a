import re
from dataclasses import FrozenInstanceError, fields
from inspect import signature
from ipaddress import ip_network
from pathlib import Path

import pytest

from gateway.cli import commands
from gateway.config.connection_limits import ConnectionLimits
from gateway.config.errors import SettingError
from gateway.config.setting_values import SettingValues
from gateway.config.settings import (
    DocumentsMode,
    Draft,
    ForwardedHeaders,
    LogFormat,
    LogLevel,
    Settings,
    Watch,
    read,
    unknown_variables,
)
from indexer.search.engine import BodySearch
from indexer.text.language import Language
from schema.limits.limits import Limits, Switch


def at_default(given: object, default: object) -> list[str]:
    """The fields that still have their default."""
    return [each.name for each in fields(default) if getattr(given, each.name) == getattr(default, each.name)]


def test_without_anything_given_the_defaults_hold():
    assert read(SettingValues({}, {})) == Settings()


def test_every_field_can_be_set_from_the_environment():
    environment = {
        "NEWSSTAND_CONTENT": "/srv/content",
        "NEWSSTAND_INDEX": "whoosh:///srv/index",
        "NEWSSTAND_LANGUAGE": "German",
        "NEWSSTAND_SEARCH_BODY": "ON",
        "NEWSSTAND_OPENSEARCH_USER": "me",
        "NEWSSTAND_OPENSEARCH_PASSWORD": "open sesame",
        "NEWSSTAND_OPENSEARCH_API_KEY": "a2V5",
        "NEWSSTAND_OPENSEARCH_CA": "/srv/ca.pem",
        "NEWSSTAND_OPENSEARCH_SECONDS": "1.25",
        "NEWSSTAND_OPENSEARCH_SHARDS": "6",
        "NEWSSTAND_SYNONYMS": "/srv/words.yaml",
        "NEWSSTAND_ASSETS": "/srv/pictures",
        "NEWSSTAND_FIELDS": "hugo",
        "NEWSSTAND_SITE": "https://me.example",
        "NEWSSTAND_HOST": "0.0.0.0",  # noqa: S104 - only a value here
        "NEWSSTAND_PORT": "80",
        "NEWSSTAND_WORKERS": "4",
        "NEWSSTAND_ROOT_PATH": "/news/",
        "NEWSSTAND_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
        "NEWSSTAND_FORWARDED_HEADERS": "Forwarded",
        "NEWSSTAND_ASSET_BASE_URL": "https://www.example.com",
        "NEWSSTAND_PUBLIC_URL": "https://api.example.com/news",
        "NEWSSTAND_SITE_URL": "https://www.example.com/news",
        "NEWSSTAND_FEED_TITLE": "Example News",
        "NEWSSTAND_CORS_ORIGINS": "https://a.example",
        "NEWSSTAND_MAX_BODY_BYTES": "4096",
        "NEWSSTAND_MAX_QUERY_LENGTH": "3",
        "NEWSSTAND_MAX_TOKENS": "7",
        "NEWSSTAND_MAX_DEPTH": "5",
        "NEWSSTAND_MAX_FIELDS": "10",
        "NEWSSTAND_MAX_ALIASES": "6",
        "NEWSSTAND_MAX_DIRECTIVES": "11",
        "NEWSSTAND_MAX_COMPARISONS": "12",
        "NEWSSTAND_MAX_ERRORS": "13",
        "NEWSSTAND_MAX_VARIABLES": "14",
        "NEWSSTAND_MAX_SEARCH_LENGTH": "8",
        "NEWSSTAND_MAX_COST": "9",
        "NEWSSTAND_MAX_ANSWER_BYTES": "2048",
        "NEWSSTAND_INTROSPECTION": "Off",
        "NEWSSTAND_SCHEMA_HINTS": "off",
        "NEWSSTAND_DEVELOPMENT": "on",
        "NEWSSTAND_LOG_FORMAT": "json",
        "NEWSSTAND_LOG_LEVEL": "debug",
        "NEWSSTAND_GRAPHIQL": "off",
        "NEWSSTAND_HOME": "off",
        "NEWSSTAND_SECURITY_CONTACT": "safe@news.example",
        "NEWSSTAND_DRAIN_SECONDS": "1.5",
        "NEWSSTAND_SHUTDOWN_SECONDS": "3",
        "NEWSSTAND_WATCH": "Poll",
        "NEWSSTAND_REFRESH_SECONDS": "0.5",
        "NEWSSTAND_LOCK_SECONDS": "30",
        "NEWSSTAND_DEADLINE_SECONDS": "2.5",
        "NEWSSTAND_SEARCH_THREADS": "3",
        "NEWSSTAND_DOCUMENTS": "/srv/documents.json",
        "NEWSSTAND_DOCUMENTS_MODE": "only",
        "NEWSSTAND_CACHE_SECONDS": "60",
        "NEWSSTAND_RESPONSE_CACHE": "on",
        "NEWSSTAND_MEMORY_BYTES": "8589934592",
        "NEWSSTAND_MAX_BATCH": "10",
        "NEWSSTAND_HTTP_DRAFT": "2026",
        "NEWSSTAND_CURSOR_KEY": "k" * 32,
        "NEWSSTAND_MAX_CONNECTIONS": "20",
        "NEWSSTAND_HEAD_SECONDS": "1.5",
        "NEWSSTAND_BODY_SECONDS": "2.5",
        "NEWSSTAND_WRITE_SECONDS": "3.5",
        "NEWSSTAND_KEEP_ALIVE_SECONDS": "0",
        "NEWSSTAND_MAX_UNFINISHED_BYTES": "65536",
        "NEWSSTAND_MAX_UNSENT_BYTES": "1048576",
        "NEWSSTAND_QUEUE_SECONDS": "0.25",
        "NEWSSTAND_MAX_STREAMS": "10",
        "NEWSSTAND_MAX_SUBSCRIPTIONS": "5",
        "NEWSSTAND_HEARTBEAT_SECONDS": "20",
    }
    assert unknown_variables(environment) == []
    settings = read(SettingValues(environment, {}))
    assert settings == Settings(
        content=Path("/srv/content"),
        index="whoosh:///srv/index",
        language=Language.GERMAN,
        search_body=BodySearch.ON,
        opensearch_user="me",
        opensearch_password="open sesame",  # noqa: S106 - only a value here
        opensearch_api_key="a2V5",
        opensearch_ca=Path("/srv/ca.pem"),
        opensearch_seconds=1.25,
        opensearch_shards=6,
        synonyms=Path("/srv/words.yaml"),
        assets=Path("/srv/pictures"),
        fields="hugo",
        site="https://me.example",
        host="0.0.0.0",  # noqa: S104 - only a value here
        port=80,
        workers=4,
        root_path="/news",
        trusted_proxies=(ip_network("10.0.0.0/8"), ip_network("::1")),
        forwarded_headers=ForwardedHeaders.FORWARDED,
        asset_base_url="https://www.example.com",
        public_url="https://api.example.com/news",
        site_url="https://www.example.com/news",
        feed_title="Example News",
        cors_origins=("https://a.example",),
        max_body_bytes=4096,
        limits=Limits(
            max_query_length=3,
            max_tokens=7,
            max_depth=5,
            max_fields=10,
            max_aliases=6,
            max_directives=11,
            max_comparisons=12,
            max_errors=13,
            max_variables=14,
            max_search_length=8,
            max_cost=9,
            max_answer_bytes=2048,
            introspection=Switch.OFF,
            schema_hints=Switch.OFF,
            development=Switch.ON,
        ),
        log_format=LogFormat.JSON,
        log_level=LogLevel.DEBUG,
        graphiql=Switch.OFF,
        home=Switch.OFF,
        security_contact="mailto:safe@news.example",
        drain_seconds=1.5,
        shutdown_seconds=3,
        watch=Watch.POLL,
        refresh_seconds=0.5,
        lock_seconds=30.0,
        deadline_seconds=2.5,
        search_threads=3,
        documents=Path("/srv/documents.json"),
        documents_mode=DocumentsMode.ONLY,
        cache_seconds=60,
        memory_bytes=8 * 1024**3,
        response_cache=Switch.ON,
        max_batch=10,
        http_draft=Draft.YEAR_2026,
        cursor_key="k" * 32,
        connections=ConnectionLimits(
            max_connections=20,
            head_seconds=1.5,
            body_seconds=2.5,
            write_seconds=3.5,
            keep_alive_seconds=0,
            max_unfinished_bytes=2**16,
            max_unsent_bytes=2**20,
            queue_seconds=0.25,
            max_streams=10,
            max_subscriptions=5,
            heartbeat_seconds=20.0,
        ),
    )
    # A field that this test forgets would still have its default.
    assert at_default(settings, Settings()) == []
    assert at_default(settings.limits, Limits()) == []
    assert at_default(settings.connections, ConnectionLimits()) == []


def test_a_variable_that_sets_nothing_is_named_with_the_one_that_was_meant():
    environment = {
        "NEWSSTAND_PROT": "80",
        "NEWSSTAND_LIMITS": "1",
        "NEWSSTAND_XYZ": "",
        "OTHER": "1",
        "newsstand_x": "",
    }
    assert unknown_variables(environment) == [
        "NEWSSTAND_LIMITS is no setting; README.md lists them",
        "NEWSSTAND_PROT is no setting; did you mean NEWSSTAND_PORT?",
        "NEWSSTAND_XYZ is no setting; README.md lists them",
    ]


def test_settings_do_not_change():
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]  # that it is refused is the point


def test_a_wrong_value_is_named_with_its_variable():
    with pytest.raises(SettingError, match="NEWSSTAND_WORKERS is '0', but must be a whole number from 1 to 1024"):
        read(SettingValues({"NEWSSTAND_WORKERS": "0"}, {}))


@pytest.mark.parametrize("limit", [each.name for each in fields(Limits)])
def test_a_limit_that_makes_no_sense_is_named_with_its_variable(limit: str):
    variable = f"NEWSSTAND_{limit.upper()}"
    with pytest.raises(SettingError, match=f"{variable} is '-1', but must be"):
        read(SettingValues({variable: "-1"}, {}))


@pytest.mark.parametrize("limit", [each.name for each in fields(ConnectionLimits)])
def test_a_limit_of_connections_that_makes_no_sense_is_named_with_its_variable(limit: str):
    variable = f"NEWSSTAND_{limit.upper()}"
    with pytest.raises(SettingError, match=f"{variable} is '-1', but must be"):
        read(SettingValues({variable: "-1"}, {}))


def test_a_secret_that_is_too_short_is_refused_unseen():
    with pytest.raises(SettingError) as caught:
        read(SettingValues({"NEWSSTAND_CURSOR_KEY": "secret" * 5}, {}))
    assert str(caught.value).startswith("NEWSSTAND_CURSOR_KEY has 30 characters, but must have at least 32; ")
    assert "secretsecret" not in str(caught.value)


def test_settings_do_not_show_the_secret():
    assert "secret" not in repr(Settings(cursor_key="secret" * 9))


def test_the_readme_tells_of_every_setting_that_is_no_option():
    text = (Path(__file__).parents[3] / "README.md").read_text("utf-8")
    names = {each.name for settings in (Settings, Limits, ConnectionLimits) for each in fields(settings)}
    names -= {"limits", "connections", *signature(commands.serve).parameters}
    assert [name for name in sorted(names) if not re.search(f"`(NEWSSTAND)?_{name.upper()}[`=]", text)] == []
