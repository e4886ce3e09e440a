import pytest
from starlette.exceptions import HTTPException
from starlette.types import Scope

from gateway.http.host import PREFIX, ServerUrl, is_host


@pytest.mark.parametrize(
    "text",
    [
        "a", "localhost:8000", "news.example", "news.example.", "xn--bcher-kva.example", "my_service:80", "127.0.0.1",
        "[::1]", "[::1]:8000", "[::ffff:127.0.0.1]", "a" * 63 + ".example", "NEWS.Example",
    ],
)  # fmt: skip
def test_a_name_or_an_address_with_a_port_or_without_is_a_host(text: str) -> None:
    assert is_host(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "..", ".", "a..b", ".a", "a:", "a:x", "a:65536", "a:-1", ":80", "-", "-a", "a-.example", "a b", "a/b",
        "a@b", "[", "[]", "[::1", "::1", "[:::1]", "[1.2.3.4]", "[news]", "a\n", "ü", "a" * 64, "a." * 127, "a,b",
        "a:0", "[::1]:00", "a%20b", "\u0661.example",
    ],
)  # fmt: skip
def test_any_other_text_is_none(text: str) -> None:
    assert not is_host(text)


def scope(*headers: tuple[bytes, bytes], **values: object) -> Scope:
    return {"type": "http", "scheme": "http", "server": ("127.0.0.1", 8000), "headers": list(headers), **values}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (scope((b"accept", b"*/*"), (b"host", b"news.example:8000")), "http://news.example:8000"),
        (scope((b"host", b"[::1]"), scheme="https"), "https://[::1]"),
        (scope((b"host", b"news.example"), **{PREFIX: "/behind/a/proxy"}), "http://news.example/behind/a/proxy"),
        (scope(), "http://127.0.0.1:8000"),
        (scope(server=("::1", 80)), "http://[::1]:80"),
    ],
)
def test_the_server_is_where_it_was_asked(request_: Scope, expected: str) -> None:
    asked = ServerUrl(None)
    assert [asked.of(request_), asked.of(scope((b"host", b"other.example"))), asked.of(request_)] == [
        expected,
        "http://other.example",
        expected,
    ]


@pytest.mark.parametrize("host", [b"", b"n.example/<script>", b"\xff", b'"'])
def test_a_server_that_cannot_be_named_is_refused(host: bytes) -> None:
    with pytest.raises(HTTPException) as refusal:
        ServerUrl(None).of(scope((b"host", host)))
    assert refusal.value.status_code == 400
    assert ServerUrl("https://n.example/news/").of(scope((b"host", host))) == "https://n.example/news"
