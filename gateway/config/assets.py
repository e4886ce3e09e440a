"""The folder of assets in force."""

from pathlib import Path
from typing import NamedTuple

from gateway.config.errors import SettingError
from gateway.config.settings import Settings
from indexer.content.ignore import ASSETS


class AssetFolder(NamedTuple):
    """The folder `name` in `base`, or `base` itself. Either may come and go while it is served."""

    base: Path
    name: str = ""

    def root(self) -> Path:
        """The real path of the folder. Links lead to the base, but none out of it: strangers may write content."""
        return self.base.resolve() / self.name


def in_force(settings: Settings) -> AssetFolder:
    """The folder that is set, or the one within the content, which need not exist.

    Raises `SettingError` for a folder that is not there, and for one that holds the content: its files would be served
    as they are, drafts too.
    """
    folder = settings.assets
    if folder is None:
        return AssetFolder(settings.content, ASSETS)
    if not folder.is_dir():
        raise SettingError(f"there is no folder of assets at {folder}; set --assets or NEWSSTAND_ASSETS to one")
    if settings.content.resolve().is_relative_to(folder.resolve()):
        raise SettingError(f"the folder of assets {folder} holds the content; set --assets to one for pictures alone")
    return AssetFolder(folder)
