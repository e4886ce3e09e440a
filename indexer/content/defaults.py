"""Defaults of folders: a file `_defaults.yaml` gives fields to all files in its folder and below."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from indexer.content.fields.addresses import unknown_placeholders
from indexer.content.fields.field_values import boolean
from indexer.content.fields.rules import ADDRESSES, OWN, SWITCHES, Defaults, FieldRules
from indexer.content.fields.short_forms import text_of
from indexer.content.fields.translation import translated
from indexer.content.ignore import DEFAULTS
from indexer.content.markup.frontmatter import MAX_BYTES, MAX_NODES, read_mapping
from indexer.content.markup.mistakes import FrontMatterError, Mistake
from indexer.content.markup.nodes import Form, MappingNode, Node, Place, Scalar, with_plain_places
from indexer.content.parse import field_problems
from indexer.content.read_files import digest_of
from indexer.content.scan import AS_THEY_WERE
from indexer.errors import ContentProblem, Severity
from indexer.regular_file import read_regular

_FIELDS = frozenset(OWN) - {"published"}
"""An error in any other name is one of a switch; names of no field are only warnings."""
_FORM = Form(
    name="the file of defaults",
    needed="write fields into it, such as `provider: lamp.example`, or remove it",
    unit="file",
    max_bytes=MAX_BYTES,
    max_nodes=MAX_NODES,
)


class DefaultsOfFolders(NamedTuple):
    """The rules with the defaults of folders, the problems of their files, and the folders with `unclear` defaults.

    A field with an error is given to no file. But where a whole file cannot be read, or its switch that hides articles,
    nobody knows which of the articles below are to be shown.
    """

    rules: FieldRules
    problems: list[ContentProblem]
    unclear: list[str]


def with_defaults(rules: FieldRules, root: Path, folders: Sequence[str]) -> DefaultsOfFolders:
    """The rules with the defaults of `folders` below `root`."""
    defaults: dict[str, Defaults] = {}
    problems: list[ContentProblem] = []
    unclear: list[str] = []
    for folder in folders:
        path = f"{folder}/{DEFAULTS}".removeprefix("/")
        try:
            data = read_regular(root / path, MAX_BYTES + 1)
            front = read_mapping(data, _FORM)
        except OSError as error:
            mistake = Mistake(f"the file cannot be read: {error.strerror}", f"make it readable; {AS_THEY_WERE}")
            problems.append(mistake.at(path))
            unclear.append(folder)
            continue
        except FrontMatterError as error:
            problems.append(error.mistake.at(path))
            unclear.append(folder)
            continue
        problems += [warning.at(path) for warning in front.warnings]
        sound, is_clear = _sound(front.mapping, path, rules, problems)
        defaults[folder] = Defaults(sound, digest_of(data))
        if not is_clear:
            unclear.append(folder)
    return DefaultsOfFolders(replace(rules, defaults=defaults) if defaults else rules, problems, unclear)


def _sound(
    front: MappingNode, path: str, rules: FieldRules, problems: list[ContentProblem]
) -> tuple[MappingNode, bool]:
    """The fields without an error, by our own names, and whether none of the errors is one of the switch.

    The errors join `problems`.
    """
    patterns = {name: node for name, node in front.values.items() if name in ADDRESSES and "{" in text_of(node)}
    others = {name: node for name, node in front.values.items() if name not in patterns}
    general = replace(rules, site=None, defaults={})
    mapping, ignored = translated(MappingNode(others, front.keys, front.mark), path=path, body=None, rules=general)
    written = {name: node for name, node in mapping.values.items() if name in mapping.keys}
    errors = field_problems(MappingNode(written, mapping.keys, front.mark), path, rules.switches)
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
    unfit_names = {name for name, key in mapping.keys.items() if key.text in unfit}
    return MappingNode(_with_one_switch(sound), {}, Place(0, 0)), unfit_names <= _FIELDS


def _with_one_switch(fields: dict[str, Node]) -> dict[str, Node]:
    """The fields with `published` alone, so that a file or folder overrides it by either name."""
    switches = {name: boolean(text) for name in SWITCHES if (text := text_of(fields.pop(name, None)))}
    if not switches:
        return fields
    is_shown = switches.get("published", not switches.get("draft"))
    return {**fields, "published": Scalar(str(is_shown).lower(), Place(0, 0))}


def _problem(  # noqa: PLR0913, PLR0917 - the parts of a problem
    node: Node, path: str, name: str, reason: str, remedy: str, severity: Severity = Severity.ERROR
) -> ContentProblem:
    return Mistake.of(node.mark, reason, remedy, name, severity).at(path)
