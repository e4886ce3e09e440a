"""Fields that are served as they are: any YAML value, as JSON."""

import re
from collections.abc import Iterator, Sequence

from indexer.article import Extra
from indexer.content.markup.mistakes import Mistake
from indexer.content.markup.nodes import MappingNode, Node, Scalar, SequenceNode, is_secured
from indexer.errors import ContentProblem

_LONGEST = 20_000
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LARGEST = 2**63 - 1  # more is no number to readers of JSON


def extras(front: MappingNode, names: Sequence[str], *, path: str, problems: list[ContentProblem]) -> Iterator[Extra]:
    """The fields of these names, which may be within others (`params.series`), in their order.

    A value that is too long joins `problems`. What is `secured` is left out, wherever it stands.
    """
    for name in names:
        node = _within(front, name)
        if node is None:
            continue
        extra = Extra.of(name, json_value(node))
        if len(extra.value) > _LONGEST:
            place = node.mark.line + 1, node.mark.column + 1
            reason = f"has {len(extra.value)} characters as JSON"
            problems.append(Mistake(reason, f"keep at most {_LONGEST}", *place, name).at(path))
        else:
            yield extra


def json_value(node: Node) -> object:
    """The value of a node: numbers, truths and nothing as YAML 1.2 and TOML tell them, dates and all else as text."""
    match node:
        case Scalar():
            return _scalar(node.text) if node.is_plain else node.text
        case SequenceNode():
            return [json_value(item) for item in node.items]
        case MappingNode():
            return {name: json_value(value) for name, value in node.values.items() if not is_secured(name)}


def _within(front: MappingNode, name: str) -> Node | None:
    """The field of that name; None where it is missing, or secured."""
    node: Node = front
    if is_secured(name):
        return None
    if name in front.values:
        return front.values[name]
    for part in name.split("."):
        if not isinstance(node, MappingNode) or part not in node.values:
            return None
        node = node.values[part]
    return node


def _scalar(text: str | None) -> object:
    if text is None or text.lower() in ("true", "false"):
        return text and text.lower() == "true"
    if _INTEGER.fullmatch(text) and len(text) <= len(str(_LARGEST)) and abs(int(text)) <= _LARGEST:
        return int(text)
    if _FLOAT.fullmatch(text) and not _INTEGER.fullmatch(text) and abs(value := float(text)) != float("inf"):
        return value
    return text
