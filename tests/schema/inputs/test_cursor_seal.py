"""The seal of cursors: nobody without the key reads one or makes one up."""

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.inputs.cursor_seal import CursorSeal
from tests.seal import CURSOR_KEY, SEAL

contents = st.binary(min_size=1)


@given(contents)
def test_a_content_comes_back_from_every_seal_with_the_key(content: bytes):
    assert CursorSeal(CURSOR_KEY).content(SEAL.sealed(content)) == content


@given(contents)
def test_equal_contents_are_equal_texts_and_other_keys_make_others(content: bytes):
    text = SEAL.sealed(content)
    assert text == CursorSeal(CURSOR_KEY).sealed(content)
    assert text != CursorSeal(b"another").sealed(content)


@given(contents)
def test_a_text_fits_into_addresses_and_is_a_tag_longer_than_its_content(content: bytes):
    text = SEAL.sealed(content)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert len(text) == -(-(len(content) + 16) * 4 // 3)


@given(contents, st.data())
def test_any_other_character_and_any_cut_is_refused(content: bytes, data: st.DataObject):
    text = SEAL.sealed(content)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters().filter(lambda character: character != text[place]))
    for damaged in (text[:place] + other + text[place + 1 :], text[:place], text[place + 1 :], text + other):
        with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
            SEAL.content(damaged)


@given(st.text() | st.binary().map(lambda content: urlsafe_b64encode(content).decode()))
def test_no_text_of_others_is_opened(text: str):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        SEAL.content(text)
    with pytest.raises(ValueError, match="another key"):
        SEAL.content(CursorSeal(b"another").sealed(b"content"))


@pytest.mark.parametrize("ending", ["=", "==", "\n", " ", "\x00", "\ud800"])
def test_other_spellings_of_a_cursor_are_refused(ending: str):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says
        SEAL.content(SEAL.sealed(b"content") + ending)


def test_the_name_of_a_seal_tells_keys_apart():
    assert SEAL.name == CursorSeal(CURSOR_KEY).name != CursorSeal(b"another").name
