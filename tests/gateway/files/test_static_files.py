import gzip
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.routing import Mount

from gateway.files.static_files import CompressedFiles

SCRIPT = b"export default 1;\n" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "script.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "README.md").write_text("for readers of the code")
    return tmp_path


async def fetch(folder: Path, path: str, headers: dict[str, str]) -> Response:
    app = Starlette(routes=[Mount("/static", CompressedFiles(directory=folder))])
    async with AsyncClient(transport=ASGITransport(app), base_url="http://newsstand.example") as http:
        return await http.get(path, headers=headers)


async def test_a_file_is_sent_compressed_under_its_own_type(folder: Path):
    response = await fetch(folder, "/static/script.js", {"accept-encoding": "br, gzip"})
    assert response.content == SCRIPT
    assert response.headers["content-encoding"] == "gzip"
    assert int(response.headers["content-length"]) < len(SCRIPT)
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


async def test_a_client_without_gzip_gets_the_file_too(folder: Path):
    response = await fetch(folder, "/static/script.js", {"accept-encoding": "identity"})
    assert response.content == SCRIPT
    assert "content-encoding" not in response.headers
    assert response.headers["vary"] == "Accept-Encoding"


async def test_a_file_that_did_not_change_is_not_sent_again(folder: Path):
    first = await fetch(folder, "/static/script.js", {})
    again = await fetch(folder, "/static/script.js", {"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/static/README.md",
        "/static/script.js.gz",
        "/static/",
        "/static/..%2Fscript.js",
        "/static/%00",
        "/static/" + "x" * 5000,
    ],
)
async def test_nothing_else_is_served(folder: Path, path: str):
    assert (await fetch(folder, path, {})).status_code == 404
