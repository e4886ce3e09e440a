import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.form import Form, best_form
from gateway.media_type import Offer

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
    assert best_form(b"", accept_encoding, ANSWERS) == Form(Offer.JSON, coding)


def test_without_a_media_type_that_the_client_takes_there_is_no_form():
    assert best_form(b"image/png", b"gzip", ANSWERS) is None


@given(HEADER, HEADER)
def test_no_headers_are_too_odd_or_too_long(accept: bytes, accept_encoding: bytes):
    form = best_form(accept, accept_encoding, ANSWERS)
    assert form is None or form.offer in ANSWERS
