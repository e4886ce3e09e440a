"""The shape of the house: which way imports go, who may import what, and that what the documents point at exists."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ("indexer", "schema", "gateway")

ORDER = (
    *("indexer", "indexer.text", "indexer.query", "indexer.search", "indexer.columns"),
    *("indexer.scoring", "indexer.listing", "indexer.understanding"),
    *("indexer.content.markup", "indexer.content.fields", "indexer.content"),
    *(
        f"indexer.whoosh_engine{room}"
        for room in (".segment", ".storage", ".postings", ".matching", ".ranking", ".completing", ".searching")
    ),
    *("indexer.whoosh_engine.writing", "indexer.whoosh_engine"),
    *(
        f"indexer.opensearch_engine{room}"
        for room in (".storage", ".matching", ".searching", ".completing", ".writing")
    ),
    *("indexer.opensearch_engine", "indexer.engines"),
    *("schema.limits", "schema.inputs", "schema.loading", "schema.results", "schema.compiler", "schema.types"),
    *("schema.subscriptions", "schema.cost", "schema", "schema.execution"),
    *(
        "gateway.config",
        "gateway.http",
        "gateway.files",
        "gateway.watch",
        "gateway.server",
        "gateway.lists",
        "gateway.graphql",
    ),
    *("gateway.subscriptions", "gateway.pages", "gateway", "gateway.cli"),
)
"""The order of imports: a module imports its own folder, and folders that stand before it.

The files of a folder with sub-packages stand where its name does. Only `indexer.engines`, which opens what the folder's
other files are the ground of, has a place of its own.
"""

MOST_FILES = 15
"""Of code in one folder."""

DEEPEST = {"": 16, "indexer.whoosh_engine": 11}
"""The longest chain of imports, by the package that all its modules belong to."""

CODE = sorted(path for room in FLOORS for path in (ROOT / room).rglob("*.py"))
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
PATH = re.compile(r"`(\.?[\w-]+(?:/[\w.-]*)+|[\w-]+\.(?:py|md|toml|txt|graphql))`")
DOCUMENTS = ("README.md", "CLIENTS.md", "ARCHITECTURE.md", "CONTRIBUTING.md")


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


def module_of(path: Path) -> str:
    """The dotted name of a file."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for path in CODE}


def ours(path: Path) -> set[str]:
    """The modules of ours that a file imports when it runs: an import for mypy alone does not count."""
    tree = ast.parse(path.read_text("utf-8"))
    tree.body = [
        node for node in tree.body if not (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
    ]
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} & MODULES.keys() or {node.module}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found & MODULES.keys()


def place(module: str) -> int:
    """The place of a module in the order: by its own name, or else by its folder's."""
    is_package = MODULES[module].name == "__init__.py"
    return ORDER.index(module if module in ORDER or is_package else module.rpartition(".")[0])


def chains(within: str) -> dict[str, list[str]]:
    """For each module of a package, the longest chain of imports that begins there and stays in the package."""
    longest: dict[str, list[str]] = {}

    def follow(module: str) -> list[str]:
        if module not in longest:
            longest[module] = [module]  # an import in a circle ends the chain
            further = (follow(other) for other in ours(MODULES[module]) if other.startswith(within))
            longest[module] = [module, *max(further, key=len, default=[])]
        return longest[module]

    for module in MODULES:
        if module.startswith(within):
            follow(module)
    return longest


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_imports_its_own_folder_and_those_before_it_by_full_names(path: Path) -> None:
    module = module_of(path)
    assert {name for name in imported(ast.parse(path.read_text("utf-8"))) if name.startswith((".", "tests"))} == set()
    assert {other for other in ours(path) if place(other) > place(module)} == set()


def test_the_order_names_every_folder_of_code_once() -> None:
    folders = {module_of(path).rpartition(".")[0] for path in CODE if path.name != "__init__.py"}
    assert len(set(ORDER)) == len(ORDER)
    assert folders <= set(ORDER) <= MODULES.keys()


@pytest.mark.parametrize("package", DEEPEST)
def test_chains_of_imports_are_short(package: str) -> None:
    longest = max(chains(package).values(), key=len)
    print(f"{package or 'all'}: {len(longest)} deep:", " > ".join(longest))  # noqa: T201 - `pytest -s` shows the chain
    assert len(longest) <= DEEPEST[package], " > ".join(longest)


def test_no_folder_has_more_files_than_one_can_look_over() -> None:
    code = [*CODE, *(ROOT / "bench").rglob("*.py")]
    files = Counter(path.parent.relative_to(ROOT).as_posix() for path in code if path.name != "__init__.py")
    assert {folder: count for folder, count in files.items() if count > MOST_FILES} == {}


def test_every_folder_says_in_one_sentence_what_it_is() -> None:
    sentences = [path.read_text("utf-8") for path in CODE if path.name == "__init__.py"]
    assert [text for text in sentences if not re.fullmatch(r'""".+\."""\n', text)] == []


def test_whoosh_is_imported_by_its_engine_only() -> None:
    assert {path for path in importers("whoosh") if not path.startswith("indexer/whoosh_engine/")} == set()


def test_the_client_of_clusters_is_imported_by_their_engine_only() -> None:
    assert {path for path in importers("opensearchpy") if not path.startswith("indexer/opensearch_engine/")} == set()


def test_yaml_is_imported_in_one_file_only() -> None:
    assert importers("yaml") == {"indexer/content/markup/yaml_text.py"}


def test_what_clients_can_make_long_is_kept_in_the_one_memory() -> None:
    """Caches of the standard library count entries, not bytes: these are for short headers, values and classes."""
    users = {
        path.relative_to(ROOT).as_posix()
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "functools"
        if {"lru_cache", "cache"} & {alias.name for alias in node.names}
    }
    while_building = {
        "indexer/whoosh_engine/storage/derived_arrays.py",
        "indexer/whoosh_engine/storage/whoosh_reader.py",
    }
    short = {"gateway/graphql/request.py", "gateway/http/negotiation.py"}
    by_class = {"indexer/memory.py"}
    assert users == while_building | short | by_class


def test_the_environment_is_read_in_one_file_only() -> None:
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"))
        or (isinstance(node, ast.ImportFrom) and {"environ", "environb", "getenv"} & {a.name for a in node.names})
    }
    assert readers == {"gateway/config/settings.py"}


def test_content_holds_articles_and_pictures_and_no_code() -> None:
    files = {path.relative_to(ROOT / "content") for path in (ROOT / "content").rglob("*") if path.is_file()}
    pictures = {path for path in files if path.parts[0] == "assets"}
    assert {path.suffix for path in files - pictures} <= {".md", ".markdown", ".yaml", ".yml"}
    assert {path.suffix for path in pictures} <= {".jpg", ".svg"}
    assert not any(b"<script" in (ROOT / "content" / path).read_bytes() for path in pictures)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_documents_lead_somewhere(document: str) -> None:
    links = LINK.findall((ROOT / document).read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_contents_of_the_readme_name_its_sections() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    sections = {
        re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"(?m)^##+ (.+)$", text)
    }
    assert sections >= set(re.findall(r"\]\(#([^)]+)\)", text)) != set()


def test_every_path_that_the_architecture_names_exists() -> None:
    # A module may be named without its room, where the text speaks of that room.
    paths = PATH.findall((ROOT / "ARCHITECTURE.md").read_text("utf-8"))
    modules = {path.name for path in CODE}
    assert paths
    assert [path for path in paths if path not in modules and not (ROOT / path).exists()] == []


def test_every_name_that_the_architecture_places_in_a_file_is_defined_there() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = re.findall(r"`(\w+(?:\.\w+)?)`\s+(?:in\s+|\()`([\w/]+\.py)`", text)
    assert len(named) > 10
    for names, path in named:
        for name in names.split("."):
            assert re.search(rf"(class|def) {name}\b", (ROOT / path).read_text("utf-8")), f"{names} in {path}"
