"""The shape of the house: which way imports go, who may import what, and that what the documents point at exists."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("indexer", "schema", "gateway")
"""Each imports only itself and those before it."""

CODE = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
PATH = re.compile(r"`(\.?[\w-]+(?:/[\w.-]*)+|[\w-]+\.(?:py|md|toml|txt|graphql))`")
DOCUMENTS = ("README.md", "ARCHITECTURE.md")


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names of all modules that are imported anywhere in the file, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def importers(package: str) -> set[str]:
    """The files that import the package, relative to the root."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in CODE
        if any(name.partition(".")[0] == package for name in imported(ast.parse(path.read_text("utf-8"))))
    }


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_go_one_way_and_by_full_names(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    tops = {name.partition(".")[0] for name in imported(ast.parse(path.read_text("utf-8")))}
    assert tops.isdisjoint({"", "tests", *ROOMS[ROOMS.index(room) + 1 :]})


def test_whoosh_is_imported_in_its_folder_only() -> None:
    assert {Path(path).parent.as_posix() for path in importers("whoosh")} == {"indexer/whoosh_engine"}


def test_yaml_is_imported_in_one_file_only() -> None:
    assert importers("yaml") == {"indexer/frontmatter.py"}


def test_the_environment_is_read_in_one_file_only() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"))
        or (isinstance(node, ast.ImportFrom) and {"environ", "environb", "getenv"} & {a.name for a in node.names})
    }
    assert readers == {"gateway/settings.py"}


def test_content_holds_articles_and_no_code() -> None:
    suffixes = {path.suffix for path in (ROOT / "content").rglob("*") if path.is_file()}
    assert suffixes <= {".md", ".markdown", ".yaml", ".yml"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    links = LINK.findall((ROOT / document).read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_path_that_the_architecture_names_exists() -> None:
    # A module may be named without its room, where the text speaks of that room.
    paths = PATH.findall((ROOT / "ARCHITECTURE.md").read_text("utf-8"))
    modules = {path.name for path in CODE}
    assert paths
    assert [path for path in paths if path not in modules and not (ROOT / path).exists()] == []
