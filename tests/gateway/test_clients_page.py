"""The files of CLIENTS.md work as they are: taken from the page, and run against the server."""

import re
import runpy
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest
from graphql import is_introspection_type, is_object_type
from rich.console import Console

from gateway.cli.index_command import refresh_index
from schema.compiler.resolving import graphql_schema
from schema.schema import build_schema, sdl
from schema.types.node import NodeKind, global_id
from tests.gateway.node_packages import PATIENCE, Node, installed
from tests.gateway.server_process import serving

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "CLIENTS.md").read_text("utf-8")
FILES = dict(re.findall(r"```\w+ (\S+)\n(.*?)```", PAGE, re.DOTALL))
"""The files of the page by name."""
ADDRESS = "http://127.0.0.1:8000/graphql"

ARTICLE = """\
---
title: {title}
publishedDateTime: 2024-05-0{day}T08:00:00Z
webUrl: https://daily.example/{day}
topics: [{topic}]
images: [{{url: "https://daily.example/{day}.png"}}]
related: [{{title: Elsewhere, webUrl: "https://daily.example/1", provider: {{domain: daily.example, name: Quoted}}}}]
provider: {{domain: daily.example, name: {name}}}
---
"""
ARTICLES = (
    ("Apples are ripe", 1, "Fruit", "The Old Daily"),
    ("👍🏽 Pears are ripe", 2, "fruit", "The Daily"),
    ("Plums are ripe", 3, "FRUIT", "Daily"),
)
NEWEST_FIRST = [title for title, *_ in reversed(ARTICLES)]
TOPIC, PROVIDER = global_id(NodeKind.TOPIC, "fruit"), global_id(NodeKind.PROVIDER, "daily.example")


@pytest.fixture(scope="module")
def files(pytestconfig: pytest.Config) -> Iterator[Path]:
    """A folder for the files, within that of the packages that they import."""
    with TemporaryDirectory(dir=pytestconfig.cache.mkdir("node")) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, files: Path) -> Iterator[Path]:
    """The folder with the files, which ask a server that is there for all of them."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "content").mkdir()
    for title, day, topic, name in ARTICLES:
        (folder / "content" / f"{day}.md").write_text(ARTICLE.format(title=title, day=day, topic=topic, name=name))
    refresh_index(content=folder / "content", index=str(folder / "index"), console=Console(quiet=True))
    with serving(folder, "--content", str(folder / "nowhere")) as server:
        server.wait_for(200)
        url = server.url("/graphql")
        for name, text in {**FILES, "schema.graphql": sdl(), "package.json": '{"type": "module"}'}.items():
            (files / name).parent.mkdir(parents=True, exist_ok=True)
            (files / name).write_text(text.replace(ADDRESS, url), "utf-8")
        yield files


@pytest.fixture(scope="module")
def node(pytestconfig: pytest.Config) -> Node:
    """Node.js with all packages that the page names."""
    return installed(pytestconfig.cache.mkdir("node"), oldest=20)


def tool(site: Path, name: str, *arguments: str) -> None:
    """Run a program of the packages where the files are."""
    command = (str(site.parent / "node_modules" / ".bin" / name), *arguments)
    done = subprocess.run(command, cwd=site, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 - ours
    assert done.returncode == 0, (done.stdout + done.stderr).decode()


def test_caches_page_merge_and_warn_of_nothing(site: Path, node: Node) -> None:
    clients: list[dict[str, Any]] = node.run("caches.js", str(site))
    assert [client.pop("name") for client in clients] == ["apollo", "urql"]
    for client in clients:
        assert client.pop("warnings") == []
        assert client == {
            "titles": NEWEST_FIRST,
            "providers": [f"{PROVIDER} Daily"],
            "credits": ["Daily", "The Daily", "The Old Daily"],
            "ofTopic": NEWEST_FIRST,
            "marked": ["Pears"],
            "suggested": ["Pea"],
        }


def test_relay_compiles_and_pages_topics_providers_and_the_root(site: Path, node: Node) -> None:
    tool(site, "relay-compiler")
    for path in (site / "relay" / "__generated__").iterdir():  # bundlers find files without their suffix
        path.write_text(path.read_text("utf-8").replace(".graphql';", ".graphql.js';"), "utf-8")
    *lists, last = node.run("relay.js", str(site), TOPIC, PROVIDER)
    assert last == {"warnings": []}
    assert lists == [
        {"name": "topic", "of": "FRUIT", "titles": NEWEST_FIRST, "hasNext": False},
        {"name": "provider", "of": "Daily", "titles": NEWEST_FIRST, "hasNext": False},
        {"name": "newest", "titles": NEWEST_FIRST, "hasNext": False},
    ]


def test_typescript_has_types_for_all_that_is_asked(site: Path, node: Node) -> None:
    tool(site, "graphql-codegen", "--config", "codegen.ts")
    options = ("--outDir", "build", "--rootDir", "src", "--module", "nodenext", "--target", "es2022", "--strict")
    tool(site, "tsc", *options, "src/articles.ts")
    (site / "search.js").write_text(
        'import { matches } from "./build/articles.js";\nconsole.log(JSON.stringify(await matches("pears")));\n'
    )
    assert node.run(f"{site.name}/search.js") == ["Pears"]


def test_gql_for_python_pages(site: Path) -> None:
    found = runpy.run_path(str(site / "articles.py"))["found"]
    assert sorted(article["title"] for article in found("ripe")) == sorted(NEWEST_FIRST)
    assert {article["provider"]["name"] for article in found("ripe")} == {"Daily"}


def test_the_page_names_every_type_without_an_id_as_part_of_another() -> None:
    """A new type must be decided on: caches warn of those that have neither an id nor a place in this list."""
    types = [type_ for type_ in graphql_schema(build_schema()).type_map.values() if is_object_type(type_)]
    without = {
        type_.name
        for type_ in types
        if not is_introspection_type(type_)
        and "id" not in type_.fields
        and type_.name not in {"Query", "Subscription", "PageInfo"}
        and not type_.name.endswith(("Connection", "Edge"))
    }
    assert set(re.findall(r"(\w+): within,", FILES["urql.js"])) == without


def test_the_page_tells_lists_apart_by_all_arguments_but_those_of_pages() -> None:
    """Or a cache joins the pages of two lists."""
    query = graphql_schema(build_schema()).query_type
    assert query is not None
    [listed] = re.findall(r"const articles = relayStylePagination\((\[.*\])\)", FILES["apollo.js"])
    assert set(orjson.loads(listed)) == query.fields["articles"].args.keys() - {"first", "after", "last", "before"}


def test_the_page_installs_what_is_tested() -> None:
    packages = orjson.loads((ROOT / "tests" / "gateway" / "node" / "package.json").read_bytes())["dependencies"]
    named = {word for line in re.findall(r"npm install (.*)", PAGE) for word in line.split() if word[0] != "-"}
    assert named - packages.keys() == {"react-relay"}  # which adds hooks to relay-runtime
