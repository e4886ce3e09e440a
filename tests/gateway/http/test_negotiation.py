import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.http.negotiation import MediaType, Negotiated, Offer, best_offer, negotiate

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ([], Offer.JSON),
        (["*/*"], Offer.JSON),
        (["application/*"], Offer.JSON),
        (["application/json"], Offer.JSON),
        (["application/json, */*"], Offer.JSON),
        (["application/graphql-response+json"], Offer.GRAPHQL_RESPONSE),
        (["APPLICATION/GraphQL-Response+JSON; charset=utf-8"], Offer.GRAPHQL_RESPONSE),
        (["application/graphql-response+json, application/json"], Offer.GRAPHQL_RESPONSE),
        (["application/json, application/graphql-response+json"], Offer.GRAPHQL_RESPONSE),
        (["application/json", "application/graphql-response+json;q=0.5"], Offer.JSON),
        (["application/graphql-response+json, */*;q=0.1"], Offer.GRAPHQL_RESPONSE),
        (["application/json;q=0, */*"], Offer.GRAPHQL_RESPONSE),
        (["application/json;q=0.2, application/*;q=0.5"], Offer.GRAPHQL_RESPONSE),
        ([BROWSER], Offer.HTML),
        (["text/*"], Offer.HTML),
        (["application/json, text/html;q=0.5"], Offer.JSON),
        (["image/png"], None),
        (["*/*;q=0"], None),
        (["application/json;q=much"], None),
        (["application/json;q=nan"], None),
    ],
)
def test_the_form_that_the_client_likes_best_is_chosen(accept: list[str], expected: Offer | None):
    assert best_offer(accept, tuple(Offer)) is expected


def test_only_what_is_offered_is_chosen():
    assert best_offer([BROWSER], (Offer.JSON, Offer.GRAPHQL_RESPONSE)) is Offer.JSON


@given(st.lists(st.text(alphabet=st.characters(max_codepoint=255))))
def test_no_accept_header_is_too_odd(accept: list[str]):
    """A header that cannot be parsed must not become a failure of the server."""
    assert best_offer(accept, tuple(Offer)) in (*Offer, None)


def test_a_content_type_has_a_name_and_parameters():
    parsed = MediaType.parse('Application/JSON ; Charset="UTF-8"')
    assert (parsed.name, parsed.parameters) == ("application/json", {"charset": "UTF-8"})


ANSWERS = (Offer.JSON, Offer.GRAPHQL_RESPONSE)
HEADER = st.binary(max_size=100) | st.binary(max_size=5).map(lambda part: part * 2000)


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        (b"", ""),
        (b"gzip", "gzip"),
        (b"GZIP;Q=0.1", "gzip"),
        (b"br, x-gzip", "gzip"),
        (b"*", "gzip"),
        (b"br", ""),
        (b"gzip;q=0", ""),
        (b"gzip;q=0, *", ""),
        (b"gzip;q=much", ""),
        (b"identity", ""),
        (b"identity;q=0.5, gzip", "gzip"),
        (b"identity, gzip", "gzip"),
        (b"identity, gzip;q=0.5", ""),
        (b"identity;q=0, gzip;q=0.5", "gzip"),
    ],
)
def test_an_answer_is_compressed_where_the_client_does_not_like_it_less(accept_encoding: bytes, coding: str):
    assert negotiate(b"", accept_encoding, ANSWERS) == Negotiated(Offer.JSON, coding)


def test_without_a_media_type_that_the_client_takes_there_is_no_form():
    assert negotiate(b"image/png", b"gzip", ANSWERS) is None


@given(HEADER, HEADER)
def test_no_headers_are_too_odd_or_too_long(accept: bytes, accept_encoding: bytes):
    negotiated = negotiate(accept, accept_encoding, ANSWERS)
    assert negotiated is None or negotiated.offer in ANSWERS
