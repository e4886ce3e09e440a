"""Open things that several users share, and the last of them closes."""

from threading import Lock
from typing import Self


class Shared:
    """Something open. Its maker is its first user, `retain` adds one, and each calls `close` once."""

    def __init__(self) -> None:
        self._users = 1
        self._users_lock = Lock()

    def retain(self) -> Self:
        """Count one more user."""
        with self._users_lock:
            self._users += 1
        return self

    def close(self) -> None:
        """Count one user less; the last one closes it."""
        with self._users_lock:
            self._users -= 1
            is_last = not self._users
        if is_last:
            self._close()

    def _close(self) -> None:
        """Release what was opened."""
        raise NotImplementedError
