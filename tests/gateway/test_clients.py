"""Clients that others wrote work with the server as it is."""

import asyncio
import re
from asyncio.subprocess import PIPE
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from gql import Client, gql
from gql.transport.websockets import WebsocketsTransport
from rich.console import Console

from gateway.cli.index_command import refresh_index
from gateway.config.settings import Draft
from tests.gateway.library import write_index
from tests.gateway.node_packages import installed
from tests.gateway.server_process import NEWSSTAND, Server, serving

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize(("draft", "unknown"), [(Draft.YEAR_2024, 200), (Draft.YEAR_2026, 422)])
def test_apollo_client_urql_and_graphql_request_page_fail_and_persist(
    tmp_path: Path, pytestconfig: pytest.Config, draft: Draft, unknown: int
):
    node = installed(pytestconfig.cache.mkdir("node"))
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere"), NEWSSTAND_HTTP_DRAFT=draft) as server:
        server.wait_for(200)
        clients = {str(client["name"]): client for client in node.run("clients.js", server.url("/graphql"))}
    assert list(clients) == ["apollo", "urql", "post", "get"]
    for client in clients.values():
        assert client["titles"] == ["Pears [are] ripe", "Apples are ripe"]
        assert (client["wrong"], client["invalid"]) == (["BAD_USER_INPUT"], ["GRAPHQL_VALIDATION_FAILED"])
        assert client["counts"] == [2, 2]
    for name, sent_by in (("apollo", "POST"), ("urql", "GET")):
        assert clients[name]["wire"] == [
            {"method": "GET", "status": unknown, "full": False},
            {"method": sent_by, "status": 200, "full": True},
            {"method": "GET", "status": 200, "full": False},
        ]
    for name, method in (("post", "POST"), ("get", "GET")):
        assert clients[name]["wire"] == [{"method": method, "status": 200, "full": True}] * 2


def test_clients_of_others_subscribe_connect_again_and_complete(tmp_path: Path, pytestconfig: pytest.Config):
    node = installed(pytestconfig.cache.mkdir("node"))
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere")) as server:
        server.wait_for(200)
        plums = str(tmp_path / "content" / "plums.md")
        [told] = node.run("subscribers.js", server.url("/graphql"), plums, *building(tmp_path))
    entered, left = ["ENTERED", "plums", "Plums are ripe"], ["LEFT", "plums", None]
    urql_sse = told.pop("urql-sse")  # which does not connect again
    assert (urql_sse, told) == (
        [entered],
        {name: [entered, left] for name in ("graphql-ws", "graphql-sse", "apollo", "urql")},
    )


@pytest.mark.parametrize("language", ["js", "sh"])
async def test_the_subscriptions_of_the_readme_tell_of_a_change(
    tmp_path: Path, pytestconfig: pytest.Config, language: str
):
    shown = re.findall(rf"```{language}\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    [text] = [block for block in shown if "subscription" in block]
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere")) as server:
        server.wait_for(200)
        port = urlsplit(server.url("/")).port
        text = re.sub(r"(127\.0\.0\.1|localhost):8000", f"127.0.0.1:{port}", text)
        if language == "js":
            node = installed(pytestconfig.cache.mkdir("node"))
            (node.folder / "readme.js").write_text(text)
            command = [node.program, str(node.folder / "readme.js")]
        else:
            command = ["sh", "-c", f"exec {text}"]
        reading = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
        assert reading.stdout
        await followed_by(server, 1)
        (tmp_path / "content" / "pears.md").unlink()
        refresh_index(content=tmp_path / "content", index=str(tmp_path / "index"), console=Console(quiet=True))
        while b"pears" not in (line := await reading.stdout.readline()):
            assert line
        assert b"LEFT" in line
        reading.terminate()
        await reading.communicate()


async def test_gql_subscribes_and_completes(tmp_path: Path):
    write_index(tmp_path)
    with serving(tmp_path, "--content", str(tmp_path / "nowhere")) as server:
        server.wait_for(200)
        transport = WebsocketsTransport(url=server.url("/graphql").replace("http", "ws"))
        async with Client(transport=transport) as session:
            assert (await session.execute(gql("{ index { articleCount } }")))["index"] == {"articleCount": 2}
            changes = session.subscribe(gql("subscription { articleChanges { change key } }"))
            first = asyncio.ensure_future(anext(changes))
            await followed_by(server, 1)
            (tmp_path / "content" / "pears.md").unlink()
            refresh_index(content=tmp_path / "content", index=str(tmp_path / "index"), console=Console(quiet=True))
            assert (await first)["articleChanges"] == {"change": "LEFT", "key": "pears"}
            await changes.aclose()
            await followed_by(server, 0)


async def followed_by(server: Server, subscriptions: int) -> None:
    """Wait until there are so many subscriptions."""
    line = f"newsstand_subscriptions {subscriptions}\n"
    while line not in httpx2.get(server.url("/metrics")).text:  # noqa: ASYNC110 - the server has no event for it
        await asyncio.sleep(0.05)


def building(folder: Path) -> tuple[str, ...]:
    """The command that indexes the content in a folder."""
    return (*NEWSSTAND, "index", "--content", str(folder / "content"), "--index", str(folder / "index"))
