"""Defaults of folders: a file `_defaults.yaml` gives fields to all files in its folder and below."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from indexer.content.fields.addresses import unknown_placeholders
from indexer.content.fields.rules import Defaults, FieldRules
from indexer.content.fields.short_forms import text_of
from indexer.content.fields.translation import translated
from indexer.content.markup.frontmatter import MAX_BYTES, MAX_NODES, read_mapping
from indexer.content.markup.mistakes import FrontMatterError, Mistake
from indexer.content.markup.nodes import Form, MappingNode, Node, Place, with_plain_places
from indexer.content.parse import field_problems
from indexer.content.read_files import digest_of
from indexer.errors import ContentProblem, Severity

NAME = "_defaults.yaml"

_ADDRESSES = ("webUrl", "ampWebUrl", "cdnAmpWebUrl")
_FORM = Form(
    name="the file of defaults",
    needed="write fields into it, such as `provider: lamp.example`, or remove it",
    unit="file",
    max_bytes=MAX_BYTES,
    max_nodes=MAX_NODES,
)


def with_defaults(rules: FieldRules, root: Path, folders: Sequence[str]) -> tuple[FieldRules, list[ContentProblem]]:
    """The rules with the defaults of `folders` below `root`, and the problems of their files.

    A field with an error is given to no file.
    """
    defaults: dict[str, Defaults] = {}
    problems: list[ContentProblem] = []
    for folder in folders:
        path = f"{folder}/{NAME}".removeprefix("/")
        try:
            with (root / path).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
            front = read_mapping(data, _FORM)
        except OSError as error:
            problems.append(Mistake(f"the file cannot be read: {error.strerror}", "give read permission").at(path))
            continue
        except FrontMatterError as error:
            problems.append(error.mistake.at(path))
            continue
        problems += [warning.at(path) for warning in front.warnings]
        defaults[folder] = Defaults(_sound(front.mapping, path, rules, problems), digest_of(data))
    return replace(rules, defaults=defaults) if defaults else rules, problems


def _sound(front: MappingNode, path: str, rules: FieldRules, problems: list[ContentProblem]) -> MappingNode:
    """The fields without an error, by our own names; the errors join `problems`."""
    patterns = {name: node for name, node in front.values.items() if name in _ADDRESSES and "{" in text_of(node)}
    others = {name: node for name, node in front.values.items() if name not in patterns}
    general = replace(rules, site=None, defaults={})
    mapping, ignored = translated(MappingNode(others, front.keys, front.mark), path=path, body=None, rules=general)
    written = {name: node for name, node in mapping.values.items() if name in mapping.keys}
    errors = field_problems(MappingNode(written, mapping.keys, front.mark), path)
    for name, node in patterns.items():
        if unknown := unknown_placeholders(text_of(node)):
            reason = f"there is no {{{unknown[0]}}} in addresses"
            errors.append(_problem(node, path, name, reason, "write {slug}, {year} and the like"))
    errors += [
        _problem(front.keys[name], path, name, "is not a known field", "remove it; it is ignored", Severity.WARNING)
        for name in ignored
    ]
    problems += errors
    unfit = {problem.field.split(".")[0].split("[")[0] for problem in errors if problem.severity is Severity.ERROR}
    sound = {
        name: with_plain_places(node)
        for name, node in {**written, **patterns}.items()
        if name not in unfit and (mapping.keys.get(name) or front.keys[name]).text not in unfit
    }
    return MappingNode(sound, {}, Place(0, 0))


def _problem(  # noqa: PLR0913, PLR0917 - the parts of a problem
    node: Node, path: str, name: str, reason: str, remedy: str, severity: Severity = Severity.ERROR
) -> ContentProblem:
    return Mistake.of(node.mark, reason, remedy, name, severity).at(path)
