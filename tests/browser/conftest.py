"""One Chromium and one server for all tests in browsers, which are skipped where Chromium is missing."""

import functools
import shutil
import subprocess
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.newspaper import index_newspaper
from tests.gateway.node_packages import Node, installed
from tests.gateway.server_process import Server, serving

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
"""Whatever a page loads from elsewhere is missing, as it is without a network."""
POLICY = """
    addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective}`));
"""
EMBEDDING = """\
<!doctype html>
<html lang="{lang}" dir="{dir}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>A page</title>
    <style>
      :root {{ background: Canvas; color: CanvasText; color-scheme: light dark; }}
      a {{ color: inherit; }}
    </style>
    <script type="module" src="{server}/search-box.js"></script>
  </head>
  <body>
    <main><h1>A page</h1><newsstand-search {attributes}></newsstand-search><p><a href="#more">More</a></p></main>
  </body>
</html>
"""

REACT = """\
<!doctype html>
<title>React</title>
<div id="root" data-endpoint="{server}"></div>
<script type="module" src="{server}/search-box.js"></script>
<script src="react.js" defer></script>
"""

expect.set_options(timeout=30_000)  # a machine may be busy
Open = Callable[..., Awaitable["Visit"]]


class Visit:
    """A page in a browser, and what is wrong with it: errors in the console, requests to other origins."""

    def __init__(self, page: Page, allowed: tuple[str, ...]) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._allowed = (*allowed, "data:", "blob:")
        page.on(
            "console", lambda message: self._complain(message.text) if message.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("request", lambda request: self._check(request.url))

    @property
    def input(self) -> Any:
        """The input of the page's search box."""
        return self.page.get_by_role("combobox")

    def _check(self, url: str) -> None:
        if not url.startswith(self._allowed):
            self._complain(f"asks {url}")

    def _complain(self, text: str) -> None:
        self.complaints.append(text)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a network."""
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", OFFLINE]
        )
        yield chromium
        await chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """`newsstand serve` over the newspaper."""
    folder = tmp_path_factory.mktemp("newspaper")
    index_newspaper(folder)
    with serving(folder, "--content", str(folder / "nowhere")) as running:
        running.wait_for(200)
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, server: Server) -> AsyncIterator[Open]:
    """Opens an address of the server. No page may log an error or ask another origin, unless a test takes it."""
    visits: list[Visit] = []
    async with AsyncExitStack() as stack:

        async def opened(path: str, *, also: tuple[str, ...] = (), **options: Any) -> Visit:
            context = await stack.enter_async_context(await browser.new_context(**options))
            await context.add_init_script(POLICY)
            visits.append(Visit(await context.new_page(), (server.url("/"), *also)))
            await visits[-1].page.goto(path if path.startswith("http") else server.url(path))
            return visits[-1]

        yield opened
    assert [complaint for each in visits for complaint in each.complaints] == []


@pytest_asyncio.fixture(loop_scope="session")
async def embedded(visit: Open, server: Server, elsewhere: Path) -> Open:
    """Opens a page of another origin that embeds the search box with some attributes."""
    host, folder = elsewhere

    async def opened(attributes: str = "", *, lang: str = "en", direction: str = "ltr", **options: Any) -> Visit:
        base = server.url("")
        html = EMBEDDING.format(server=base, attributes=attributes, lang=lang, dir=direction)
        (folder / "page.html").write_text(html, encoding="utf-8")
        return await visit(f"{host}/page.html", also=(host,), **options)

    return opened


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The origin of another server, and the folder of files that it serves."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "favicon.ico").touch()

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://localhost:{http.server_address[1]}", folder
        http.shutdown()


@pytest.fixture(scope="session")
def packages(pytestconfig: pytest.Config) -> Node:
    """Node.js with the packages of `packages/`."""
    return installed(pytestconfig.cache.mkdir("browser"), Path(__file__).parent / "packages")


@pytest.fixture(scope="session")
def react_page(packages: Node, server: Server, elsewhere: tuple[str, Path]) -> str:
    """The address of a page in React, of another origin, that embeds the search box."""
    host, folder = elsewhere
    bundler = packages.folder / "node_modules" / ".bin" / "esbuild"
    options = ("--bundle", "--jsx=automatic", "--log-level=error", "--define:process.env.NODE_ENV='production'")
    command = (str(bundler), "react_page.jsx", f"--outfile={folder / 'react.js'}", *options)
    subprocess.run(command, cwd=packages.folder, check=True)  # noqa: S603 - a page of our own
    (folder / "react.html").write_text(REACT.format(server=server.url("")), encoding="utf-8")
    return f"{host}/react.html"
