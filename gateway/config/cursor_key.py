"""The key in force for cursors: the one that is set, else the index's, else one of this process alone."""

import structlog

from gateway.config.settings import Settings
from indexer.engines import index_secret
from indexer.errors import SearchIndexError
from schema.inputs.cursor_seal import new_key

_ALONE = (
    "cursors are sealed with a key of this process alone: other workers refuse them, and so does this one after a "
    "restart; set NEWSSTAND_CURSOR_KEY, or let the server write to the index folder"
)


class CursorKey:
    """Reads the key for each generation anew: an index that was removed and rebuilt has another secret."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._last = b""

    def __call__(self) -> bytes:
        """The key. An index must be there, since its secret lies beside it."""
        if self._settings.cursor_key:
            return self._settings.cursor_key.encode()
        try:
            self._last = index_secret(self._settings.index, access=self._settings.access)
        except SearchIndexError as error:
            structlog.get_logger("newsstand.index").warning(_ALONE, reason=str(error))
            self._last = self._last or new_key()
        return self._last
