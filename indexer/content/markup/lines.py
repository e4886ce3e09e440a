"""Lines of a content file's text, as editors count them: LF, CRLF and a lone CR end one, and nothing else does."""

import re

_LINE_BREAKS_OF_YAML = "\x85\u2028\u2029"  # YAML 1.1, section 5.4; to an editor they are characters of the line
_FIELD = re.compile(r"""^(["']?)([^\s"'#:{}\[\],-][^:\n]*?)\1 *:(?:[ \t]|$)""", re.MULTILINE)
_WORD = re.compile(r"\w[\w-]*")


def with_line_feeds(text: str) -> str:
    """The text with a line feed at the end of each line, whatever the file has there."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def without_rare_breaks(text: str) -> tuple[str, dict[int, int]]:
    """The text with other characters for U+0085, U+2028 and U+2029, and a table that translates those back.

    libyaml ends a line at these three. Characters that the text does not have stand in for them, one for one, so that
    each place stays where it is. The table is empty where the text has none of the three.
    """
    if text.isascii() or not any(character in text for character in _LINE_BREAKS_OF_YAML):
        return text, {}
    characters = set(text)
    # A file of the greatest size cannot hold all of these: each takes four bytes.
    free = (code for code in range(0x10FFFF, 0xFFFF, -1) if chr(code) not in characters)
    stand_ins = dict(zip(map(ord, _LINE_BREAKS_OF_YAML), free, strict=False))
    return text.translate(stand_ins), {code: original for original, code in stand_ins.items()}


def position(text: str, index: int) -> tuple[int, int]:
    """The line and column of a character, counted from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def line_start(text: str, index: int) -> int:
    """The index of the first character of a line."""
    return text.rfind("\n", 0, index) + 1


def line_end(text: str, index: int) -> int:
    """The index of the line feed that ends a line, or of the text's end."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end


def text_start(text: str, index: int) -> int:
    """The index of the first character of a line that is no space."""
    start = line_start(text, index)
    return start + len(line := text[start : line_end(text, start)]) - len(line.lstrip(" "))


def has_field(text: str, start: int, end: int, *, indent: int | None = None) -> bool:
    """True if one of the lines below that of `start`, down to that of `end`, begins with `field:`.

    Lines indented by more than `indent` spaces do not count.
    """
    while (start := line_end(text, start) + 1) <= end and start < len(text):
        column = text_start(text, start)
        line = text[column : line_end(text, start)]
        is_entry = indent is not None and line.startswith("- ")
        if (indent is None or column - start <= indent) and (is_entry or _FIELD.match(line.removeprefix("- "))):
            return True
    return False


def field_at(text: str, index: int, default: str) -> str:
    """The name of the outermost field that a character belongs to; `default` where no line says it."""
    start = line_start(text, index)
    fields = _FIELD.findall(text[: line_end(text, index)])
    if not _FIELD.match(text, start) and (word := _WORD.match(text, start)):
        return word[0]
    return fields[-1][1] if fields else default
