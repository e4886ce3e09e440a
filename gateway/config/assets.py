"""The folder of assets in force."""

from pathlib import Path

from gateway.config.errors import SettingError
from gateway.config.settings import Settings
from indexer.content.ignore import ASSETS


def in_force(settings: Settings) -> Path:
    """The folder that is set, or the one within the content, which need not exist.

    Raises `SettingError` for a folder that is not there, and for one that holds the content: its files would be served
    as they are, drafts too.
    """
    folder = settings.assets
    if folder is None:
        return settings.content / ASSETS
    if not folder.is_dir():
        raise SettingError(f"there is no folder of assets at {folder}; set --assets or NEWSSTAND_ASSETS to one")
    if settings.content.resolve().is_relative_to(folder.resolve()):
        raise SettingError(f"the folder of assets {folder} holds the content; set --assets to one for pictures alone")
    return folder
