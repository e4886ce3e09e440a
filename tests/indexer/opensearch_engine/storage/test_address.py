"""Addresses of indices in clusters."""

import pytest

from indexer.errors import SearchIndexError
from indexer.opensearch_engine.storage.address import Address


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("opensearch://one:9201/news", Address((("one", 9201),), "news")),
        ("opensearch://one/news", Address((("one", 9200),), "news")),
        ("opensearch://one,two:1,[::1]:9/a-b_1", Address((("one", 9200), ("two", 1), ("::1", 9)), "a-b_1")),
        ("opensearch+https://one/news", Address((("one", 9200),), "news", is_secure=True)),
    ],
)
def test_an_address_has_hosts_and_a_name(url: str, expected: Address) -> None:
    assert Address.of_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        *(
            "opensearch://one",
            "opensearch://one/",
            "opensearch://one/News",
            "opensearch://one/_a",
            "opensearch://one/a/b",
        ),
        *("opensearch:///news", "opensearch://one,,two/news", "opensearch://one:port/news", "opensearch://[one/news"),
    ],
)
def test_what_names_no_index_is_refused_with_the_form_that_does(url: str) -> None:
    with pytest.raises(SearchIndexError, match=r"opensearch://host:9200/name"):
        Address.of_url(url)


def test_a_password_in_a_url_is_refused_and_not_repeated() -> None:
    with pytest.raises(SearchIndexError, match="NEWSSTAND_OPENSEARCH_PASSWORD") as refusal:
        Address.of_url("opensearch://me:very-secret@one/news")
    assert "very-secret" not in str(refusal.value)
