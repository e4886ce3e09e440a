"""The sample shows its pictures."""

from pathlib import Path
from urllib.parse import urlsplit

from httpx2 import ASGITransport, AsyncClient

from gateway.app import create_app
from gateway.config.settings import Settings
from indexer.engines import open_engine

IMAGES = "images { url width height }"
PAGE = f"""query ($after: String) {{ articles(first: 100, after: $after) {{ totalCount nodes {{
  {IMAGES} provider {{ {IMAGES} }} related {{ {IMAGES} provider {{ {IMAGES} }} }} }} }} }}"""


async def test_every_picture_of_the_sample_is_there(content: Path, index: Path) -> None:
    app = create_app(Settings(content=content), open_engine=lambda: open_engine(str(index)))
    http = AsyncClient(transport=ASGITransport(app), base_url="http://127.0.0.1:8000")
    async with app.router.lifespan_context(app), http:
        data = (await http.post("/graphql", json={"query": PAGE})).json()["data"]["articles"]
        assert data["totalCount"] == len(data["nodes"]) > 60
        urls = set()
        for article in data["nodes"]:
            for owner in (article, article["provider"], *article["related"]):
                urls |= {image["url"] for image in owner["images"]}
        own = {url for url in urls if url.startswith("http://127.0.0.1:8000/assets/")}
        assert len(own) > 30
        assert {urlsplit(url).hostname for url in urls - own} == {
            "cnet3.cbsistatic.com",
            "i.itworldcanada.com",
        }  # a real one
        for url in sorted(own):
            answer = await http.get(url)
            assert (answer.status_code, answer.headers["content-type"][:6]) == (200, "image/"), url


def test_the_pictures_of_the_sample_are_small(content: Path) -> None:
    assert sum(path.stat().st_size for path in (content / "assets").rglob("*") if path.is_file()) < 100_000
