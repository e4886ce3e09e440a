"""The file of a mapping, which says from what each field is read, and the problems it has."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from indexer.content.fields.addresses import PLACEHOLDERS, unknown_placeholders
from indexer.content.fields.draft_switch import hiding_value
from indexer.content.fields.rules import ADDRESSES, OWN, STYLES, FieldRules, Style
from indexer.content.fields.short_forms import is_blank, text_of
from indexer.content.markup.frontmatter import read_file
from indexer.content.markup.mistakes import FrontMatterError, Mistake
from indexer.content.markup.nodes import Form, MappingNode, Node, Scalar, SequenceNode, is_secured
from indexer.errors import ContentProblem, NewsstandError, Severity

MAX_BYTES = 100_000
MAX_NODES = 2_000

_NAMES = (*OWN, "extra", "style")
_FORM = Form(
    name="the mapping",
    needed="write lines like `publishedDateTime: [publishedDateTime, date]` into it, or name another",
    unit="file",
    max_bytes=MAX_BYTES,
    max_nodes=MAX_NODES,
)


class UnusableMapping(NewsstandError):
    """The file of the mapping has an error. The message names the line and the remedy."""


class MappingFile(NamedTuple):
    """The content of the file, without those of its fields that have an error."""

    rules: FieldRules
    problems: tuple[ContentProblem, ...]


def load(path: Path) -> FieldRules:
    """The rules of the file at `path`. Raises UnusableMapping for its first error."""
    rules, problems = read(path)
    for problem in problems:
        if problem.severity is Severity.ERROR:
            raise UnusableMapping(str(problem))
    return rules


def read(path: Path) -> MappingFile:
    """Read a file whose keys are fields of an article, and whose values are names in front matter, or lists of them.

    `published` may be `{not: name}`, an address a pattern like `"https://me.example/{year}/{slug}/"`. `extra` lists
    the names that are served as they are, and `style` is the site generator whose other habits hold.
    """
    try:
        mapping, _, warnings = read_file(path, _FORM, remedy=f"name a file that can be, or one of {', '.join(STYLES)}")
    except FrontMatterError as error:
        return MappingFile(FieldRules(is_lenient=True), (error.mistake.at(str(path)),))
    reader = _Reader(str(path), [warning.at(str(path)) for warning in warnings])
    return MappingFile(reader.read(mapping), tuple(reader.problems))


class _Reader:
    """Reads one file's tree, and collects its problems."""

    def __init__(self, path: str, problems: list[ContentProblem]) -> None:
        self._path = path
        self.problems = problems

    def read(self, mapping: MappingNode) -> FieldRules:
        """The rules; `problems` are complete then."""
        self._expect_names(mapping)
        values = {name: node for name, node in mapping.values.items() if name in _NAMES and not is_blank(node)}
        sources = {name: tuple(self._sources(name, values[name])) for name in OWN if name in values}
        hiders = tuple(self._hiders(values.get("published")))
        return FieldRules(
            style=self._style(values.get("style")),
            sources={name: names for name, names in sources.items() if names},
            hiders=hiders,
            extra=tuple(self._texts("extra", values["extra"])) if "extra" in values else (),
            is_lenient=True,
        )

    def _expect_names(self, mapping: MappingNode) -> None:
        for name, key in mapping.keys.items():
            if name not in _NAMES:
                close = get_close_matches(name, _NAMES, n=1)
                remedy = f"did you mean {close[0]}?" if close else f"remove it; there are {', '.join(_NAMES)}"
                self._report(key, name, "is no field of an article", remedy)

    def _sources(self, name: str, node: Node) -> Iterator[str]:
        if name == "published" and isinstance(node, MappingNode):
            return
        for text, scalar in self._scalars(name, node):
            if name == "published" and hiding_value(text):
                self._report(
                    scalar, name, f"{text!r} is true for drafts", f"write it like `published: {{not: {text}}}`"
                )
            elif "{" not in text and "/" not in text:
                yield text
            elif name not in ADDRESSES:
                self._report(scalar, name, f"{text!r} is no name of a field", "write a pattern for an address only")
            elif unknown := unknown_placeholders(text):
                remedy = f"choose among {', '.join(f'{{{known}}}' for known in PLACEHOLDERS)}"
                self._report(scalar, name, f"there is no {{{unknown[0]}}} in addresses", remedy)
            elif "{" not in text:
                remedy = "let it hold {slug}, {path} or another name in braces, or no two files have different ones"
                self._report(scalar, name, f"{text!r} is the same address for all files", remedy)
            else:
                yield text

    def _hiders(self, node: Node | None) -> Iterator[str]:
        """The names of fields that are true for drafts."""
        if not isinstance(node, MappingNode):
            return
        for name, key in node.keys.items():
            if name != "not":
                self._report(key, f"published.{name}", "is no condition", "write it like `published: {not: draft}`")
                continue
            for text, scalar in self._scalars("published.not", node.values[name]):
                if hiding_value(text) is False:
                    remedy = f"write it like `published: {text}`"
                    self._report(scalar, "published.not", f"{text!r} is false for drafts", remedy)
                else:
                    yield text

    def _style(self, node: Node | None) -> Style | None:
        if node is None or (style := STYLES.get(text_of(node))):
            return None if node is None else style
        self._report(node, "style", "is no site generator that is known", f"choose among {', '.join(STYLES)}")
        return None

    def _texts(self, name: str, node: Node) -> Iterator[str]:
        return (text for text, _ in self._scalars(name, node))

    def _scalars(self, name: str, node: Node) -> Iterator[tuple[str, Scalar]]:
        for item in node.items if isinstance(node, SequenceNode) else (node,):
            if not isinstance(item, Scalar) or not text_of(item):
                self._report(item, name, "is not a name or a list of names", "write it like `[tags, categories]`")
            elif is_secured(text_of(item)):
                self._report(item, name, "secured is never indexed, served or logged", "remove it from the mapping")
            else:
                yield text_of(item), item

    def _report(self, node: Node, name: str, reason: str, remedy: str) -> None:
        self.problems.append(Mistake.of(node.mark, reason, remedy, name).at(self._path))
