"""Trusted proxies tell of the client and of the address that it asked for; what others say counts for nothing."""

import json
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from gateway.config.connection_limits import ConnectionLimits
from gateway.config.settings import ForwardedHeaders
from gateway.http.host import PREFIX
from gateway.server.connections import Connections
from gateway.server.protocol import Protocol
from gateway.server.proxies import Proxies
from tests.gateway.bare_server import CLOSE, BareServer, Run, asking, conversation

TRUSTED = tuple(map(ip_network, ("10.0.0.0/8", "192.0.2.1", "fd00::/8")))
X = Proxies(TRUSTED)
RFC = Proxies(TRUSTED, headers=ForwardedHeaders.FORWARDED)


def asked(proxies: Proxies, *headers: tuple[str, str], peer: str = "10.0.0.1", path: str = "/graphql") -> Scope:
    """The scope of a request as it is for the application."""
    raw = [(b"host", b"inside:8000"), *((name.lower().encode(), value.encode("latin-1")) for name, value in headers)]
    scope: Scope = {"type": "http", "client": (peer, 1234), "scheme": "http", "path": path, "headers": raw}
    proxies.readdress(scope)
    return scope


def client(proxies: Proxies, *headers: tuple[str, str], peer: str = "10.0.0.1") -> str:
    return str(asked(proxies, *headers, peer=peer)["client"][0])


def host(scope: Scope) -> list[bytes]:
    return [value for name, value in scope["headers"] if name == b"host"]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (["203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9, 10.2.3.4,192.0.2.1"], "203.0.113.9"),
        (["10.2.3.4, 10.2.3.5"], "10.2.3.4"),
        (["203.0.113.9:4711"], "203.0.113.9"),
        (["2001:DB8::0:1"], "2001:db8::1"),
        (["[2001:db8::1]:4711"], "2001:db8::1"),
        (["2001:db8::1, fd00::1"], "2001:db8::1"),
        (["::ffff:203.0.113.9, ::ffff:10.0.0.7"], "203.0.113.9"),
        (["203.0.113.9, unknown"], "10.0.0.1"),
        (["203.0.113.9, unknown, 10.0.0.7"], "10.0.0.7"),
        (["203.0.113.9, "], "10.0.0.1"),
        (["203.0.113.999"], "10.0.0.1"),
        ([""], "10.0.0.1"),
        ([], "10.0.0.1"),
        (["6.6.6.6, " + "10.0.0.7, " * 40 + "10.0.0.8"], "10.0.0.7"),
    ],
)
def test_the_client_is_the_last_address_that_is_no_proxys(sent: list[str], expected: str) -> None:
    assert client(X, *(("X-Forwarded-For", line) for line in sent)) == expected


@pytest.mark.parametrize("peer", ["203.0.113.9", "192.0.2.2", "::1", "testclient"])
def test_what_others_say_counts_for_nothing(peer: str) -> None:
    headers = [("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example")]
    scope = asked(X, *headers, ("X-Forwarded-Prefix", "/evil"), ("Forwarded", "for=6.6.6.6"), peer=peer)
    assert (scope["client"][0], scope["scheme"], host(scope), scope[PREFIX]) == (peer, "http", [b"inside:8000"], "")


def test_without_proxies_a_request_is_as_it_came() -> None:
    headers = [("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-Proto", "https")]
    scope = asked(Proxies(), *headers)
    assert (scope["client"], scope["scheme"], PREFIX in scope) == (("10.0.0.1", 1234), "http", False)


@pytest.mark.parametrize("peer", ["fd00::5", "::ffff:10.0.0.1", "192.0.2.1"])
def test_a_proxy_is_known_in_every_spelling(peer: str) -> None:
    assert client(X, ("X-Forwarded-For", "203.0.113.9"), peer=peer) == "203.0.113.9"


def test_the_first_trusted_proxy_says_what_was_asked_for() -> None:
    headers = [
        ("X-Forwarded-For", "6.6.6.6, 203.0.113.9, 10.0.0.7"),
        ("X-Forwarded-Proto", "http, HTTPS, http"),
        ("X-Forwarded-Host", "evil.example, news.example:8443, inside"),
        ("X-Forwarded-Prefix", "/news/"),
    ]
    scope = asked(X, *headers)
    assert (scope["scheme"], host(scope), scope[PREFIX]) == ("https", [b"news.example:8443"], "/news")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Proto", "javascript"),
        ("Proto", ""),
        ("Host", ".."),
        ("Host", "news.example/evil"),
        ("Prefix", "//evil.example"),
        ("Prefix", "/a/../b"),
        ("Prefix", "news"),
        ("Prefix", "/<b>"),
    ],
)
def test_values_that_make_no_sense_count_as_missing(name: str, value: str) -> None:
    scope = asked(X, (f"X-Forwarded-{name}", value))
    assert (scope["scheme"], host(scope), scope[PREFIX]) == ("http", [b"inside:8000"], "")


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (["for=203.0.113.9"], "203.0.113.9"),
        (['for=6.6.6.6, For = "203.0.113.9:4711" ; proto=https'], "203.0.113.9"),
        (['for="[2001:db8::1]:4711"'], "2001:db8::1"),
        (["for=203.0.113.9", "for=10.0.0.7;by=10.0.0.1"], "203.0.113.9"),
        (["for=203.0.113.9, for=_hidden"], "10.0.0.1"),
        (["for=203.0.113.9, proto=https"], "10.0.0.1"),
        (['for="203.0.113.9'], "10.0.0.1"),
        (["for=203.0.113.9, ="], "10.0.0.1"),
        ([], "10.0.0.1"),
    ],
)
def test_forwarded_tells_the_same(sent: list[str], expected: str) -> None:
    assert client(RFC, *(("Forwarded", line) for line in sent)) == expected


def test_forwarded_says_what_was_asked_for() -> None:
    value = (
        'for=6.6.6.6;host=evil.example, for=203.0.113.9;host="news\\.example:8443";proto=https, for=10.0.0.7;proto=http'
    )
    scope = asked(RFC, ("Forwarded", value))
    assert (scope["client"][0], scope["scheme"], host(scope)) == ("203.0.113.9", "https", [b"news.example:8443"])


def test_only_the_headers_that_are_set_are_read() -> None:
    """A proxy that writes the ones may pass the others on as anybody sent them."""
    both = [("X-Forwarded-For", "203.0.113.1"), ("Forwarded", "for=203.0.113.2")]
    assert (client(X, *both), client(RFC, *both)) == ("203.0.113.1", "203.0.113.2")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/news/graphql", "/graphql"),
        ("/graphql", "/graphql"),
        ("/news", "/news"),
        ("/news/", "/"),
        ("/newsroom", "/newsroom"),
        ("/news/news/x", "/news/x"),
    ],
)
def test_a_path_may_begin_with_the_prefix(path: str, expected: str) -> None:
    """With a root path, for everybody; with a proxy's, for its requests."""
    scope = asked(Proxies(root_path="/news"), path=path, peer="203.0.113.9")
    assert (scope["path"], scope[PREFIX]) == (expected, "/news")
    scope = asked(X, ("X-Forwarded-Prefix", "/news"), path=path)
    assert (scope["path"], scope[PREFIX]) == (expected, "/news")


def test_a_proxys_prefix_goes_before_the_root_path() -> None:
    proxies = Proxies(TRUSTED, root_path="/news")
    assert asked(proxies, ("X-Forwarded-Prefix", "/other"))[PREFIX] == "/other"
    assert asked(proxies, ("X-Forwarded-Prefix", "//other"))[PREFIX] == "/news"


@given(st.lists(st.tuples(st.sampled_from(["For", "Proto", "Host", "Prefix"]), st.text(max_size=40))), st.text())
def test_no_header_is_too_odd(pairs: list[tuple[str, str]], forwarded: str) -> None:
    def as_sent(text: str) -> str:
        return text.encode("utf-8", "replace").decode("latin-1")

    headers = [*((f"X-Forwarded-{name}", as_sent(text)) for name, text in pairs), ("Forwarded", as_sent(forwarded))]
    for proxies in (X, RFC):
        assert asked(proxies, *headers)["path"] == "/graphql"


def test_the_server_asks_them(run: Run[bytes]) -> None:
    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        body = json.dumps([scope["client"][0], scope["scheme"], scope["path"], scope[PREFIX]]).encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    def protocol(*arguments: Any) -> Protocol:
        proxies = Proxies((ip_network("127.0.0.1"),), root_path="/news")
        return Protocol(*arguments, connections=Connections(ConnectionLimits()), proxies=proxies)

    async def ask() -> bytes:
        headers = ("X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", CLOSE)
        async with BareServer(protocol, app) as server:
            return await conversation(server.port, asking("news/feed.atom", "GET", *headers))

    assert b'["203.0.113.9", "https", "/feed.atom", "/news"]' in run(ask())
