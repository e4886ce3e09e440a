"""Files of one folder are served, as browsers and players ask for them, and nothing else is."""

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient, Response
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.types import Message

from gateway.config.assets import AssetFolder
from gateway.config.settings import Settings
from gateway.files.assets import Assets
from tests.gateway.fakes import receiving
from tests.gateway.http_client import serving, status_of

SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
LONG = bytes(range(256)) * 4096  # a megabyte


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "assets"
    (root / "deep/er").mkdir(parents=True)
    (root / "owl.svg").write_bytes(SVG)
    (root / "deep/er/Größe 1.JPG").write_bytes(b"\xff\xd8jpeg")
    (root / "film.mp4").write_bytes(LONG)
    (root / "page.html").write_text("<script>alert(1)</script>")
    (root / ".hidden").write_text("secret")
    (root / ".git").mkdir()
    (root / ".git/config").write_text("secret")
    (tmp_path / "secret.txt").write_text("secret")
    return root


def served(folder: Path, *, cache_seconds: int = 0) -> Starlette:
    assets = Assets(AssetFolder(folder), cache_seconds=cache_seconds)
    return Starlette(routes=[Route("/assets/{path:path}", assets.answer, methods=["GET"])])


async def fetch(
    folder: Path, path: str, headers: Mapping[str, str] | None = None, *, method: str = "GET", cache_seconds: int = 0
) -> Response:
    app = served(folder, cache_seconds=cache_seconds)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://n.example") as http:
        return await http.request(method, path, headers=headers)


@pytest.mark.parametrize(
    ("path", "content", "media_type"),
    [
        ("/assets/owl.svg", SVG, "image/svg+xml"),
        ("/assets/deep/er/Gr%C3%B6%C3%9Fe%201.JPG", b"\xff\xd8jpeg", "image/jpeg"),
        ("/assets/film.mp4", LONG, "video/mp4"),
        ("/assets/page.html", b"<script>alert(1)</script>", "application/octet-stream"),
    ],
)
async def test_a_file_is_served_with_its_type_and_runs_no_script(
    folder: Path, path: str, content: bytes, media_type: str
) -> None:
    answer = await fetch(folder, path)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-type"] == media_type
    assert answer.headers["content-length"] == str(len(content))
    policy = answer.headers["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    assert "sandbox" in policy


async def test_who_has_a_file_is_not_sent_it_again_until_it_changes(folder: Path) -> None:
    first = await fetch(folder, "/assets/owl.svg", cache_seconds=60)
    tag, modified = first.headers["etag"], first.headers["last-modified"]
    assert first.headers["cache-control"] == "public, max-age=60"
    for known in ({"if-none-match": tag}, {"if-modified-since": modified}, {"if-none-match": f'"x", {tag}'}):
        again = await fetch(folder, "/assets/owl.svg", {**known, "range": "bytes=0-1"})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    os.utime(folder / "owl.svg", ns=(0, 7))
    other = await fetch(folder, "/assets/owl.svg", {"if-none-match": tag})
    assert (other.status_code, other.content) == (200, SVG)
    assert other.headers["etag"] != tag


async def test_head_tells_of_a_file_without_sending_it(folder: Path) -> None:
    for path in ("/assets/owl.svg", "/assets/film.mp4"):
        whole, head = await fetch(folder, path), await fetch(folder, path, {"range": "bytes=0-1"}, method="HEAD")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers == whole.headers


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(1)),
        ("bytes=10-19", slice(10, 20)),
        ("BYTES=1000000-", slice(1_000_000, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=-9999999", slice(None)),
        ("bytes=5-999999999999999", slice(5, None)),
        ("bytes= 3-300005 ", slice(3, 300_006)),
    ],
)
async def test_a_range_is_sent_alone(folder: Path, asked: str, part: slice) -> None:
    answer = await fetch(folder, "/assets/film.mp4", {"range": asked})
    start, stop, _ = part.indices(len(LONG))
    assert (answer.status_code, answer.content) == (206, LONG[part])
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(LONG)}"
    assert answer.headers["content-length"] == str(stop - start)


@pytest.mark.parametrize("asked", ["bytes=1048576-", "bytes=-0", "bytes=9999999-99999999"])
async def test_a_range_beyond_the_end_is_refused_with_the_length(folder: Path, asked: str) -> None:
    answer = await fetch(folder, "/assets/film.mp4", {"range": asked})
    assert (answer.status_code, answer.headers["content-range"]) == (416, "bytes */1048576")


@pytest.mark.parametrize(
    "asked", ["", "bytes", "bytes=", "bytes=-", "bytes=9-1", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1"]
)
async def test_what_is_no_single_range_gets_the_whole_file(folder: Path, asked: str) -> None:
    answer = await fetch(folder, "/assets/film.mp4", {"range": asked})
    assert (answer.status_code, answer.content) == (200, LONG)


async def test_a_range_of_another_version_is_not_sent(folder: Path) -> None:
    first = await fetch(folder, "/assets/film.mp4")
    same = {"range": "bytes=0-1", "if-range": first.headers["last-modified"]}
    assert (await fetch(folder, "/assets/film.mp4", same)).status_code == 206
    for other in ("Thu, 01 Jan 1970 00:00:00 GMT", first.headers["etag"], '"x"'):  # a weak tag proves no equal bytes
        answer = await fetch(folder, "/assets/film.mp4", {**same, "if-range": other})
        assert (answer.status_code, answer.content) == (200, LONG)


HOSTILE = [
    "", "/", "deep", "deep/", "deep/er", "nothing.svg", "owl.svg/", "owl.svg/x", "../secret.txt",
    "deep/../../secret.txt", "./owl.svg", "deep//er", "/etc/passwd", "//etc/passwd",
    ".hidden", ".git/config", "..\\secret.txt", "owl.svg\x00",
    "\x00", "x" * 300, "x/" * 5000, "owl\n.svg", "..", "C:\\boot.ini", "link-out", "folder-out/secret.txt",
    "link-nowhere", "loop", "link-hidden", "pipe", "socket", "unreadable-folder/a", "\ufffd",
]  # fmt: skip


@pytest.fixture
def trapped(folder: Path) -> Path:
    (folder / "link-out").symlink_to("../secret.txt")
    (folder / "folder-out").symlink_to("..")
    (folder / "link-nowhere").symlink_to("nowhere")
    (folder / "loop").symlink_to("loop")
    (folder / "link-hidden").symlink_to(".hidden")
    os.mkfifo(folder / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.path.relpath(folder / "socket"))
    return folder


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: ascii(path[:30]))
async def test_there_is_no_way_out_and_no_listing(trapped: Path, path: str) -> None:
    assert await status_of(served(trapped), f"/assets/{path}", b"") == 404


async def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    (folder / "latest.svg").symlink_to("owl.svg")
    answer = await fetch(folder, "/assets/latest.svg")
    assert (answer.content, answer.headers["content-type"]) == (SVG, "image/svg+xml")


async def test_a_link_to_a_folder_is_followed_where_an_operator_sets_it_and_not_in_content(tmp_path: Path) -> None:
    """Content may be a stranger's, whose `assets` could lead anywhere."""
    (tmp_path / "content").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/a.svg").write_bytes(SVG)
    (tmp_path / "content/assets").symlink_to("../elsewhere")
    (tmp_path / "current").symlink_to("content")
    for settings, status in (
        (Settings(content=tmp_path / "content"), 404),
        (Settings(content=tmp_path / "nowhere", assets=tmp_path / "content/assets"), 200),
    ):
        async with serving([], settings) as http:
            assert (await http.get("/assets/a.svg")).status_code == status
    (tmp_path / "content/assets").unlink()
    (tmp_path / "elsewhere").rename(tmp_path / "content/assets")
    async with serving([], Settings(content=tmp_path / "current")) as http:
        assert (await http.get("/assets/a.svg")).status_code == 200


async def test_a_folder_may_come_and_go(tmp_path: Path) -> None:
    app = served(tmp_path / "later")
    assert await status_of(app, "/assets/a.svg", b"") == 404
    (tmp_path / "later").mkdir()
    (tmp_path / "later/a.svg").write_bytes(SVG)
    assert await status_of(app, "/assets/a.svg", b"") == 200


def changing(file: Path) -> None:
    file.write_bytes(b"other")


def going(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("change", [changing, going])
async def test_a_file_that_changes_while_it_is_sent_is_broken_off(folder: Path, change: Callable[[Path], None]) -> None:
    sent = 0

    async def send(message: Message) -> None:
        nonlocal sent
        sent += len(message.get("body", b""))
        if message.get("body"):
            change(folder / "film.mp4")

    scope = {
        "type": "http", "asgi": {"spec_version": "2.4"}, "method": "GET", "path": "/assets/film.mp4",
        "query_string": b"", "headers": [],
    }  # fmt: skip
    with pytest.raises(ClientDisconnect):
        await served(folder)(scope, receiving(), send)
    assert 0 < sent < len(LONG)


async def test_the_application_serves_the_assets_of_its_content(tmp_path: Path, folder: Path) -> None:
    (folder / "big.svg").write_bytes(b"<svg>" + b" " * 5000 + b"</svg>")
    (folder / "big.png").write_bytes(b" " * 5000)
    (tmp_path / "draft.md").write_text("secret")
    async with serving([], Settings(content=tmp_path)) as http:
        svg, png = await http.get("/assets/big.svg"), await http.get("/assets/big.png")
        assert (svg.headers["content-encoding"], svg.headers["x-content-type-options"]) == ("gzip", "nosniff")
        assert "content-encoding" not in png.headers
        assert svg.headers["vary"] == "Accept-Encoding, Origin"
        part = await http.get("/assets/big.svg", headers={"range": "bytes=0-1999"})
        assert (part.status_code, len(part.content)) == (206, 2000)
        refused = await http.get("/assets/big.svg", headers={"range": "bytes=9999-"})
        assert refused.json()["errors"][0]["extensions"]["code"] == "RANGE_NOT_SATISFIABLE"
        for path in ("/assets/nothing.svg", "/assets/%2e%2e/draft.md", "/draft.md", "/assets"):
            missing = await http.get(path)
            assert (missing.status_code, missing.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")
        assert (await http.post("/assets/big.svg")).status_code == 405
