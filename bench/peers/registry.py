"""All engines by name. Each is imported only where it is used: what a process holds is then its own."""

from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from sqlite3 import sqlite_version
from typing import NamedTuple

from peers.peer import Peer

OURS = "Newsstand"
OURS_ON_COPIES = "Newsstand on the copies"
WHOOSH = "Whoosh"
WHOOSH_AS_IS = "Whoosh as it comes"
TANTIVY = "Tantivy"
SQLITE = "SQLite FTS5"
_INSTALL = "python -m pip install -r bench/requirements.txt"


class Entry(NamedTuple):
    """The place of an engine's class, and the module and package that it needs."""

    place: str
    module: str
    package: str


_ENTRIES = {
    OURS: Entry("peers.newsstand_peer.NewsstandPeer", "indexer", "newsstand"),
    OURS_ON_COPIES: Entry("peers.newsstand_peer.NewsstandPeer", "indexer", "newsstand"),
    WHOOSH: Entry("peers.whoosh_peer.WhooshPeer", "whoosh", "whoosh-reloaded"),
    WHOOSH_AS_IS: Entry("peers.whoosh_as_is_peer.WhooshAsIsPeer", "whoosh", "whoosh-reloaded"),
    TANTIVY: Entry("peers.tantivy_peer.TantivyPeer", "tantivy", "tantivy"),
    SQLITE: Entry("peers.sqlite_peer.SqlitePeer", "sqlite3", ""),
}


def installed(*names: str) -> list[str]:
    """Those of the engines that are there. Says on the terminal which are not."""
    missing = [name for name in names if find_spec(_ENTRIES[name].module) is None]
    for name in missing:
        print(f"{name} is not installed and is left out; {_INSTALL}\n")
    return [name for name in names if name not in missing]


def peer(name: str) -> Peer:
    """An engine that has opened nothing yet."""
    module, _, kind = _ENTRIES[name].place.rpartition(".")
    made: Peer = getattr(import_module(module), kind)()
    return made


def version_of(name: str) -> str:
    """The engine's name and version."""
    package = _ENTRIES[name].package
    return f"{name} {version(package) if package else sqlite_version}"
