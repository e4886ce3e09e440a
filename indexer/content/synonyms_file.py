"""The file of synonyms, read into `Synonyms` and the problems it has."""

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from indexer.content.markup.frontmatter import read_file
from indexer.content.markup.mistakes import FrontMatterError, Mistake
from indexer.content.markup.nodes import Form, MappingNode, Node, Scalar, SequenceNode
from indexer.errors import ContentProblem, NewsstandError, Severity
from indexer.query.synonyms import NO_SYNONYMS, Synonyms
from indexer.text.analysis import terms

MAX_BYTES = 4_000_000
MAX_NODES = 250_000
MAX_ENTRIES = 10_000
MAX_WORDS = 8
MAX_ALTERNATIVES = 20

_NAMES = ("groups", "one_way")
_FORM = Form(
    name="the file of synonyms",
    needed="write groups or one_way into it, or remove it",
    unit="file",
    max_bytes=MAX_BYTES,
    max_nodes=MAX_NODES,
)


class UnusableSynonyms(NewsstandError):
    """The file of synonyms has an error. The message names the line and the remedy."""


class SynonymsFile(NamedTuple):
    """The content of the file: no synonyms where one of the problems is an error."""

    synonyms: Synonyms
    problems: tuple[ContentProblem, ...]


def load(path: Path) -> Synonyms:
    """The synonyms of the file at `path`. Raises UnusableSynonyms for its first error."""
    synonyms, problems = read(path)
    for problem in problems:
        if problem.severity is Severity.ERROR:
            raise UnusableSynonyms(str(problem))
    return synonyms


def read(path: Path) -> SynonymsFile:
    """Read a file whose `groups` are lists of texts with the same meaning, and whose `one_way` maps a text to a list.

    A text has at most 8 words, and finds at most 20 others; at most 10,000 groups and mappings count.
    """
    try:
        mapping, _, warnings = read_file(path, _FORM, remedy="name a file that can be, or none")
    except FrontMatterError as error:
        return SynonymsFile(NO_SYNONYMS, (error.mistake.at(str(path)),))
    return _Reader(str(path), [warning.at(str(path)) for warning in warnings]).read(mapping)


class _Reader:
    """Reads one file's tree, and collects its problems."""

    def __init__(self, path: str, problems: list[ContentProblem]) -> None:
        self._path = path
        self._problems = problems
        self._entries: dict[tuple[str, ...], Scalar] = {}  # the last one of each text

    def read(self, mapping: MappingNode) -> SynonymsFile:
        self._expect_names(mapping)
        groups = [tuple(self._texts(group, name)) for name, group in self._groups(mapping)]
        one_way = {
            self._text(key, name): tuple(self._texts(others, name)) for name, key, others in self._one_way(mapping)
        }
        if len(groups) + len(one_way) > MAX_ENTRIES:
            self._report(mapping, "", f"has more than {MAX_ENTRIES:,} groups and mappings", "keep the useful ones")
        synonyms = Synonyms.of(groups, one_way)
        self._expect_few(synonyms)
        is_sound = not any(problem.severity is Severity.ERROR for problem in self._problems)
        problems = tuple(sorted(self._problems, key=lambda problem: (problem.line, problem.column)))
        return SynonymsFile(synonyms if is_sound else NO_SYNONYMS, problems)

    def _expect_names(self, mapping: MappingNode) -> None:
        for name, key in mapping.keys.items():
            if name not in _NAMES:
                close = get_close_matches(name.lower().replace("-", "_"), _NAMES, n=1)
                remedy = f"did you mean {close[0]}?" if close else "remove it; groups and one_way are known"
                self._report(key, name, "is not a known field", remedy, Severity.WARNING)

    def _groups(self, mapping: MappingNode) -> Iterator[tuple[str, Node]]:
        groups = mapping.values.get("groups")
        if groups is None or _is_nothing(groups):
            return
        if not isinstance(groups, SequenceNode):
            self._report(
                groups, "groups", "is not a list", "write each group as a line `- [AI, artificial intelligence]`"
            )
            return
        for number, group in enumerate(groups.items):
            yield f"groups[{number}]", group
            if isinstance(group, SequenceNode) and len(group.items) == 1:
                self._report(group, f"groups[{number}]", "has one entry", "add what means the same, or remove it")

    def _one_way(self, mapping: MappingNode) -> Iterator[tuple[str, Scalar, Node]]:
        one_way = mapping.values.get("one_way")
        if one_way is None or _is_nothing(one_way):
            return
        if not isinstance(one_way, MappingNode):
            self._report(one_way, "one_way", "is not a mapping", "write lines like `vw: [volkswagen]`")
            return
        for typed, others in one_way.values.items():
            yield f"one_way.{typed}", one_way.keys[typed], others

    def _texts(self, node: Node, name: str) -> Iterator[str]:
        if not isinstance(node, SequenceNode) or not node.items:
            self._report(
                node, name, "is not a list of words", "write it in brackets, like [AI, artificial intelligence]"
            )
            return
        if len(node.items) > MAX_ALTERNATIVES + 1:
            remedy = f"keep at most {MAX_ALTERNATIVES + 1}"
            self._report(node, name, f"has {len(node.items)} entries", remedy)
            return
        for item in node.items:
            yield self._text(item, name)

    def _text(self, item: Node, name: str) -> str:
        text = item.text if isinstance(item, Scalar) else None
        words = tuple(terms(text or ""))
        if not isinstance(item, Scalar) or not words:
            self._report(
                item, name, "has an entry without a word", "write text, in double quotes if YAML reads it else"
            )
        elif len(words) > MAX_WORDS:
            self._report(item, name, f"has an entry of {len(words)} words", f"keep at most {MAX_WORDS}")
        else:
            self._entries[words] = item
        return text or ""

    def _expect_few(self, synonyms: Synonyms) -> None:
        for typed, also in synonyms.alternatives.items():
            if len(also) > MAX_ALTERNATIVES and typed in self._entries:
                reason = f"finds {len(also)} others, of all lists that have it"
                self._report(self._entries[typed], " ".join(typed), reason, f"keep at most {MAX_ALTERNATIVES}")

    def _report(self, node: Node, name: str, reason: str, remedy: str, severity: Severity = Severity.ERROR) -> None:
        self._problems.append(Mistake.of(node.mark, reason, remedy, name, severity).at(self._path))


def _is_nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.text is None
