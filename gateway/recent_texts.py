"""Texts that were used lately."""

from sys import getsizeof


class RecentTexts:
    """Texts by key, in `max_bytes` of memory: those used longest ago go first, and what is too large is not taken."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._texts: dict[str, str] = {}  # the one used longest ago comes first

    def find(self, key: str) -> str | None:
        """The text, which now counts as used."""
        text = self._texts.pop(key, None)
        if text is not None:
            self._texts[key] = text
        return text

    def put(self, key: str, text: str) -> None:
        """Take a text, which now counts as used."""
        self._drop(key)
        self._texts[key] = text
        self._bytes += _size(key, text)
        while self._bytes > self._max_bytes:
            self._drop(next(iter(self._texts)))

    def _drop(self, key: str) -> None:
        text = self._texts.pop(key, None)
        if text is not None:
            self._bytes -= _size(key, text)


def _size(key: str, text: str) -> int:
    return getsizeof(key) + getsizeof(text)
