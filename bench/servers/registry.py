"""All servers, as they are started on a corpus."""

import socket
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from corpora.corpus import Corpus
from corpora.peer_index import peer_index
from load.operations import ABOUT, PATH, REVALIDATION, SEARCHES
from peers.registry import WHOOSH

from servers import bare_app, strawberry_app
from servers.node import Node, Unavailable
from servers.server import Server

OURS = "Newsstand"
STRAWBERRY = "plain Strawberry"
STOCK_WHOOSH = "plain Strawberry, stock Whoosh"
BARE = "bare Uvicorn"
MERCURIUS = "Mercurius"
YOGA = "GraphQL Yoga"
SILENT = "Newsstand without a log"
PEERS = (SILENT, STRAWBERRY, STOCK_WHOOSH, BARE, MERCURIUS, YOGA)
PACKAGES = (
    "newsstand",
    "strawberry-graphql",
    "graphql-core",
    "starlette",
    "uvicorn",
    "uvloop",
    "httptools",
    "orjson",
    "whoosh-reloaded",
)

_ALL = frozenset(ABOUT)
_POSTED = _ALL - {REVALIDATION}
_NODE_SCRIPTS = {MERCURIUS: "mercurius.js", YOGA: "yoga.js"}
_BENCH = Path(__file__).parents[1]


class Servers(NamedTuple):
    """Ours, its peers, and the versions of Node's packages where some of them run on it."""

    ours: Server
    peers: Sequence[Server]
    node_versions: Sequence[str]


def servers(corpus: Corpus, names: Collection[str], *, cache: Path, answers: Path) -> Servers:
    """Ours, and the peers with these names; the bare one will find what to send in the file of answers.

    Says on the terminal which peers cannot be started here, and why.
    """
    made = {
        SILENT: lambda: newsstand(corpus.index, {"NEWSSTAND_LOG_LEVEL": "warning"}, name=SILENT, asked=_POSTED),
        STRAWBERRY: lambda: _strawberry(corpus),
        STOCK_WHOOSH: lambda: _over_stock_whoosh(corpus),
        BARE: lambda: _bare(answers),
    }
    peers = [make() for name, make in made.items() if name in names]
    wanted = [name for name in _NODE_SCRIPTS if name in names]
    if not wanted:
        return Servers(newsstand(corpus.index), peers, ())
    try:
        node = Node(cache)
    except Unavailable as reason:
        print(f"Left out: {', '.join(wanted)}; {reason}\n")
        return Servers(newsstand(corpus.index), peers, ())
    return Servers(
        newsstand(corpus.index), [*peers, *(_on_node(node, name, corpus) for name in wanted)], [*node.versions()]
    )


def newsstand(
    index: Path | str,
    environment: Mapping[str, str] = MappingProxyType({}),
    *,
    name: str = OURS,
    asked: frozenset[str] = _ALL,
) -> Server:
    """Ours, over an index that nothing is added to, in a folder or at a URL, with settings as they come.

    Tags of answers are those of one address, so another server has not what a client of ours has.
    """
    port = _free_port()
    main = "from gateway.cli.main import main; main()"
    options = ["--content", _BENCH / "no-content", "--index", index, "--port", str(port)]
    return Server(
        name=name,
        port=port,
        command=[sys.executable, "-c", main, "serve", *options],
        environment=environment,
        asked=asked,
    )


def _strawberry(corpus: Corpus) -> Server:
    environment = {strawberry_app.INDEX: str(corpus.index)}
    return _on_uvicorn(STRAWBERRY, "strawberry_app:create", asked=_POSTED, environment=environment)


def _over_stock_whoosh(corpus: Corpus) -> Server:
    stock = peer_index(WHOOSH, corpus)
    environment = {strawberry_app.INDEX: str(corpus.index), strawberry_app.STOCK_INDEX: str(stock)}
    app = "strawberry_app:create_over_stock_whoosh"
    return _on_uvicorn(STOCK_WHOOSH, app, asked=SEARCHES, environment=environment)


def _bare(answers: Path) -> Server:
    environment = {bare_app.ANSWERS: str(answers)}
    return _on_uvicorn(BARE, "bare_app:create", asked=_ALL, environment=environment, path="/{slug}")


def _on_uvicorn(
    name: str, app: str, *, asked: frozenset[str], environment: Mapping[str, str], path: str = PATH
) -> Server:
    """An application of ours on Uvicorn, set up as it is for Newsstand."""
    port = _free_port()
    uvicorn = [sys.executable, "-m", "uvicorn", "--app-dir", _BENCH, "--factory", f"servers.{app}"]
    loops = ["--loop", "uvloop", "--http", "httptools", "--ws", "none", "--port", str(port)]
    silent = ["--log-level", "error", "--no-access-log", "--no-server-header", "--no-proxy-headers"]
    command = [*uvicorn, *loops, *silent]
    return Server(name=name, port=port, command=command, asked=asked, environment=environment, path=path)


def _on_node(node: Node, name: str, corpus: Corpus) -> Server:
    port = _free_port()
    command = node.command(_NODE_SCRIPTS[name], port, corpus)
    return Server(name=name, port=port, command=command, asked=_POSTED, environment=node.environment)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
