import pytest

from gateway.http.host import is_host


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
