"""The seal of cursors: without its key nobody reads one or makes one up."""

import binascii
from hashlib import blake2b
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

_VERSION = b"newsstand.3"
"""Raise this when the contents of cursors change: those of another version are sealed with another key."""
_TO_TEXT = bytes.maketrans(b"+/", b"-_")
_FROM_TEXT = bytes.maketrans(b"-_+/=", b"+/===")


def new_key() -> bytes:
    """A key that nobody else has."""
    return token_bytes(32)


class CursorSeal:
    """Seals contents with AES-SIV (RFC 5297): encrypted, authenticated, and equal for equal contents.

    Processes with the same `key`, a secret of at least 32 bytes, read each other's cursors.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(blake2b(key, digest_size=64, person=_VERSION).digest())
        self.name = blake2b(key, digest_size=16, person=b"name").hexdigest()
        """Tells seals apart, and says nothing of the key."""

    def sealed(self, content: bytes) -> str:
        """The content as text of letters, digits, `-` and `_`."""
        data = self._cipher.encrypt(content, None)
        return binascii.b2a_base64(data, newline=False).translate(_TO_TEXT, b"=").decode()

    def content(self, text: str) -> bytes:
        """The content that `sealed` was given. Raises ValueError for any other text."""
        data = text.encode("ascii").translate(_FROM_TEXT)
        try:
            content = self._cipher.decrypt(binascii.a2b_base64(data + b"=" * (-len(data) % 4), strict_mode=True), None)
        except InvalidTag as error:
            raise ValueError("sealed with another key, or damaged") from error
        if self.sealed(content) != text:
            raise ValueError("another spelling of a cursor")
        return content
