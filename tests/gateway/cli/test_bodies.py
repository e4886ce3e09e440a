"""Bodies from the command line to the answers: `--search-body`, and what the index remembers of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from httpx2 import AsyncClient

from gateway.cli.main import run
from tests.engine_place import UrlPlace
from tests.gateway.http_client import serving

POST = (
    """---
title: Birds of the night
publishedDateTime: 2020-02-06
webUrl: https://daily.example/owl
provider: {domain: daily.example}
---
# Of *owls*

The first paragraph & [more](https://hidden.example/address).

Barn owls hoot <b>in</b> the old mill. `inlined`

```py
fenced = 1
```

"""
    + "Nothing of that sort here.\n\n" * 300
    + "At last, a stork."
)

QUERY = """query ($search: String, $why: String) {
  articles(search: $search) { edges {
    node { excerpt }
    highlights(mark: "b") { title { html } excerpt { html } body { fragment { html start ranges { start end } } } }
    explain { title excerpt body score }
  } search { relaxed leftOut didYouMean words { word match } } }
  article(key: "owl") { whyNot(search: $why) { rank reasons { kind what message } } }
}"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "owl.md").write_text(POST)
    return tmp_path


def build(folder: Path, *options: str) -> None:
    assert run(["index", "--content", str(folder / "content"), "--index", str(folder / "index"), *options]) == 0


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[AsyncClient]:
    async with serving([], place=UrlPlace(str(folder / "index"))) as http:
        yield http


async def ask(http: AsyncClient, search: str, why: str = "") -> Any:
    response = await http.post("/graphql", json={"query": QUERY, "variables": {"search": search, "why": why}})
    answer = response.json()
    assert "errors" not in answer, answer
    return answer["data"]


async def test_what_is_in_a_body_is_found_marked_and_explained(folder: Path):
    build(folder, "--search-body")
    async with served(folder) as http:
        for text in (
            "hoot",
            "body:hoots",
            '"owls hoot in the old mill"',
            "night mil*",
            "storks",
            "paragraph",
            "Birds owls",
        ):
            assert len((await ask(http, text))["articles"]["edges"]) == 1, text
        for text in (
            "address",
            "hidden",
            "inlined",
            "fenced",
            "py",
            "b",
            "body:birds",
            "title:hoot",
            "publishedDateTime",
        ):
            assert (await ask(http, f"{text} -zzz"))["articles"]["edges"] == [], text
        [edge] = (await ask(http, "hoot birds"))["articles"]["edges"]
        assert edge["node"]["excerpt"] is None
        assert edge["highlights"]["title"]["html"] == "<b>Birds</b> of the night"
        assert edge["highlights"]["excerpt"] is None
        fragment = edge["highlights"]["body"]["fragment"]
        assert "Barn owls <b>hoot</b> in the old mill." in fragment["html"]
        assert fragment["html"].endswith("…")
        assert edge["explain"]["title"] > edge["explain"]["body"] > edge["explain"]["excerpt"] == 0.0
        assert edge["explain"]["title"] + edge["explain"]["body"] == pytest.approx(edge["explain"]["score"])
        [edge] = (await ask(http, "stork"))["articles"]["edges"]
        [marked] = edge["highlights"]["body"]["fragment"]["ranges"]
        assert edge["highlights"]["body"]["fragment"]["html"].endswith("At last, a <b>stork</b>.")
        assert marked["end"] - marked["start"] == 5
        [reason] = (await ask(http, "", "title:hoot"))["article"]["whyNot"]["reasons"]
        assert reason["message"] == "No form of hoot is in its title; it is in its body: search for body:hoot."
        [hit] = (await http.get("/search.json", params={"q": "stork"})).json()["hits"]
        assert (hit["excerpt"], hit["highlights"]["excerpt"]) == (
            "The first paragraph & more.",
            "The first paragraph &amp; more.",
        )
        assert hit["highlights"]["body"].endswith("At last, a <mark>stork</mark>.")


async def test_without_bodies_nothing_tells_of_them(folder: Path):
    build(folder)
    async with served(folder) as http:
        for text in ("hoot", "stork", "body:hoot"):
            data = await ask(http, text)
            assert data["articles"]["edges"] == []
            [word] = data["articles"]["search"]["words"]
            assert (word["match"], data["articles"]["search"]["didYouMean"]) == ("NONE", None)
        data = await ask(http, "birds body:hoot", "title:hoot")
        [edge] = data["articles"]["edges"]
        assert (data["articles"]["search"]["relaxed"], data["articles"]["search"]["leftOut"]) == (True, ["hoot"])
        assert (edge["highlights"]["body"], edge["explain"]["body"]) == (None, 0.0)
        [reason] = data["article"]["whyNot"]["reasons"]
        assert "body" not in reason["message"]
        for text in ("body:hoot", "body:ho*", 'body:"owls hoot"'):
            [reason] = (await ask(http, "", text))["article"]["whyNot"]["reasons"]
            told = f"Bodies are not searched in this index, so that {text} finds nothing; leave it out."
            assert (reason["what"], reason["message"]) == (text, told)
        [edge] = (await ask(http, "paragraph"))["articles"]["edges"]
        assert edge["highlights"]["excerpt"]["html"] == "The first <b>paragraph</b> &amp; more."
        [hit] = (await http.get("/search.json", params={"q": "paragraph"})).json()["hits"]
        assert (hit["excerpt"], hit["highlights"]["body"]) == ("The first paragraph & more.", None)


def test_the_index_remembers_its_bodies_and_is_built_anew_where_that_changes(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    def lines(*options: str) -> str:
        capsys.readouterr()
        build(folder, *options)
        return capsys.readouterr().err

    anew = f"The index in {folder / 'index'} is built anew: "
    assert "anew" not in lines("--search-body")
    for options in ((), ("--search-body",)):
        assert "(0 parsed, 0 added, 0 deleted)" in lines(*options)
    assert f"{anew}bodies were searched, and are not now\n" in lines("--no-search-body")
    assert "(0 parsed, 0 added, 0 deleted)" in lines()
    monkeypatch.setenv("NEWSSTAND_SEARCH_BODY", "On")
    assert f"{anew}bodies were not searched, and are now\n" in lines()
    assert "are not now" in lines("--no-search-body")
    monkeypatch.setenv("NEWSSTAND_SEARCH_BODY", "maybe")
    assert run(["index", "--content", str(folder / "content"), "--index", str(folder / "index")]) == 2
    assert "NEWSSTAND_SEARCH_BODY is 'maybe', but must be one of on, off, kept" in capsys.readouterr().err
