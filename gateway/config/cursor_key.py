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


def in_force(settings: Settings) -> bytes:
    """The key. An index must be there, since its secret lies beside it."""
    if settings.cursor_key:
        return settings.cursor_key.encode()
    try:
        return index_secret(settings.index)
    except SearchIndexError as error:
        structlog.get_logger("newsstand.index").warning(_ALONE, reason=str(error))
        return new_key()
