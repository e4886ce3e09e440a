"""Mistakes in YAML: libyaml tells where it stopped, this file where the mistake is and the way to mend it."""

import re
from collections.abc import Callable
from typing import NamedTuple

from indexer.content.markup.lines import field_at, has_field, line_end, line_start, position, text_start
from indexer.content.markup.nodes import Mark, is_secured
from indexer.errors import ContentProblem, Severity

FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # YAML 1.1, section 5.1

_ESCAPE = re.compile(r"\\(?:x(..)|u(....)|U(........)|(.))", re.DOTALL)
_LETTERS = {"0": "\0", "a": "\a", "b": "\b", "e": "\x1b", "v": "\v", "f": "\f"}
_SURROGATES = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_CODE = re.compile(r"\\(?:x[0-9a-fA-F]{0,2}|u[0-9a-fA-F]{0,4}|U[0-9a-fA-F]{0,8}|.)")
_FIRST = re.compile(r"(?: *(?:#.*)?\n)*( *)")
_LIST_MARKS = re.compile(r"[ -]*")
_COMMENT = re.compile(r"[\s\[{,]#")
_REMEDIES = (
    ("mapping keys are not allowed", "put the value in double quotes, because it begins with a question mark"),
    (
        "block sequence entries",
        "put the value in double quotes if it begins with a dash; begin a list on the next line",
    ),
    ("cannot start any token", "put the value in double quotes, and indent with spaces, never tabs"),
    ("'-' indicator", "begin the entry with `- `, in the same column as the one above"),
    ("scanning a block scalar", "begin the text on the next line, indented by spaces, or put it in double quotes"),
    ("while scanning an alias", "put the value in double quotes, because it begins with an asterisk"),
    ("while scanning an anchor", "put the value in double quotes, because it begins with an ampersand"),
    ("while scanning a tag", "put the value in double quotes, because it begins with an exclamation mark"),
    ("while scanning a directive", "put the name in double quotes, because it begins with a percent sign"),
    ("did not find expected node content", "write a value here, in double quotes if it begins with a bracket"),
    ("did not find expected key", "indent fields of one mapping alike, and put no double quotes within double quotes"),
)
_ADD_COLON = "write `field: value`, with a colon and a space, or indent the line if it goes on with the text above"
_CLOSE_QUOTES = "close the quotation mark"
_CLOSE_BRACKET = "close the bracket, and put a comma between two entries"


class Mistake(NamedTuple):
    """Something wrong in a file's text. `line` and `column` count from 1, in the whole file."""

    reason: str
    remedy: str
    line: int = 1
    column: int = 1
    field: str = ""
    severity: Severity = Severity.ERROR

    @classmethod
    def of(
        cls, mark: Mark, reason: str, remedy: str, field: str = "", severity: Severity = Severity.ERROR
    ) -> "Mistake":
        """A mistake at a mark."""
        return cls(reason, remedy, mark.line + 1, mark.column + 1, field, severity)

    def at(self, path: str) -> ContentProblem:
        """The same as a problem of the file at `path`. Of what is secured it says nothing but the place."""
        mistake = self
        if is_secured(self.field):
            mistake = self._replace(reason="is not YAML that can be read", remedy="put the value in single quotes")
        return ContentProblem(path=path, **mistake._asdict())


class FrontMatterError(Exception):
    """The front matter cannot be read."""

    def __init__(self, mistake: Mistake) -> None:
        super().__init__(mistake.reason)
        self.mistake = mistake


class Complaint(NamedTuple):
    """An error of libyaml, with indices into the text.

    `start` is where the value or collection begins that it was reading, `stop` where it stopped. `scalar` is the last
    single value before that, `bracket` the innermost bracket that is open there (-1 where there is none).
    """

    reason: str
    start: int
    stop: int
    scalar: slice
    bracket: int


class _Diagnosis(NamedTuple):
    start: int
    reason: str
    remedy: str


def mistake_in_syntax(text: str, complaint: Complaint, field: str) -> Mistake:
    """The mistake behind an error of libyaml; `field` is the one being read."""
    start, reason, remedy = _diagnosis(text, complaint)
    line, column = position(text, start)
    return Mistake(f"not YAML: {reason}", remedy, line, column, field_at(text, start, field))


def forbidden_character(text: str, index: int, character: str) -> Mistake:
    """The mistake of a character that YAML does not allow."""
    line, column = position(text, index)
    reason = f"character {character!r} is not allowed"
    return Mistake(reason, "remove it", line, column, field_at(text[:index], index, ""))


def escaped_character(text: str, start: int, end: int, field: str) -> Mistake:
    """The mistake of an escape, in double quotes, for a character which YAML would refuse unescaped."""
    for match in _ESCAPE.finditer(text, start, end):
        *codes, letter = match.groups()
        code = next(filter(None, codes), None)
        character = chr(int(code, 16)) if code else _LETTERS.get(letter, " ")
        if FORBIDDEN.match(character):
            start = match.start()
            break
    reason = f"character {character!r} is not allowed, escaped or not"
    return Mistake(reason, "remove it", *position(text, start), field)


def _diagnosis(text: str, complaint: Complaint) -> _Diagnosis:
    reason = complaint.reason
    diagnoses = (find(text, complaint) for sign, find in _FINDERS if sign in reason)
    if diagnosis := next(filter(None, diagnoses), None):
        return diagnosis
    remedy = next((remedy for sign, remedy in _REMEDIES if sign in reason), "mend the YAML here")
    return _Diagnosis(complaint.stop, reason, remedy)


def _quotes_around_fields(text: str, complaint: Complaint) -> _Diagnosis | None:
    """The diagnosis of a quotation mark that the opening one of a later field closed."""
    start, end, stop = complaint.scalar.start, complaint.scalar.stop, complaint.stop
    if text[start : start + 1] in ('"', "'") and stop <= line_end(text, end) and has_field(text, start, stop):
        return _Diagnosis(start, "while scanning a quoted scalar, a field begins in it", _CLOSE_QUOTES)
    return None


def _in_quotes(text: str, complaint: Complaint) -> _Diagnosis:
    reason, start, stop = complaint.reason, complaint.start, complaint.stop
    is_open = "escape" not in reason and "hexdecimal" not in reason
    if is_open or has_field(text, start, stop):
        return _Diagnosis(start, reason, _CLOSE_QUOTES)
    return _bad_escape(text, text.rfind("\\", start, stop + 1))


def _bad_escape(text: str, index: int) -> _Diagnosis:
    match = _CODE.match(text, index)
    escape = match[0] if match and match[0].isprintable() else "\\"
    if pair := _SURROGATES.match(text, index):
        character = bytes.fromhex(pair[1] + pair[2]).decode("utf-16-be")
        itself = f"{character} itself" if character.isprintable() else "the character itself"
        return _Diagnosis(index, f"{escape} is half a character", f"write {itself}, or \\U{ord(character):08X}")
    if match and re.fullmatch(r"\\(?:u....|U.{8})", escape):
        return _Diagnosis(index, f"{escape} is no character", "write the character itself")
    remedy = "write \\\\ for a backslash, or put the value in single quotes"
    return _Diagnosis(index, f"{escape} is no escape that YAML has in double quotes", remedy)


def _no_colon(_text: str, complaint: Complaint) -> _Diagnosis:
    return _Diagnosis(complaint.start, "the line has no colon after its field", _ADD_COLON)


def _colon(text: str, complaint: Complaint) -> _Diagnosis:
    """The diagnosis of a colon that cannot follow a value; a text of several lines has often swallowed a field."""
    reason, _, stop, scalar, _ = complaint
    start = scalar.start
    if start >= line_start(text, stop):
        if text[start] in "\"'":
            return _Diagnosis(stop, reason, "put the whole value in one pair of quotation marks")
        return _Diagnosis(stop, reason, "put the value in double quotes, because it holds a colon")
    marks = _LIST_MARKS.match(text, line_start(text, start))
    if marks and marks.end() == start:
        return _Diagnosis(start, "the line has no colon after its field", _ADD_COLON)
    remedy = "begin it in the column of the field above, or put the value above in double quotes if this is part of it"
    return _Diagnosis(text_start(text, stop), "a field is indented below the value of another", remedy)


def _comment_in_brackets(text: str, complaint: Complaint) -> _Diagnosis | None:
    """The diagnosis of a `#` that makes a comment of the end of a list or mapping in brackets."""
    start = complaint.bracket
    end = line_end(text, start)
    if start >= 0 and (comment := _COMMENT.search(text, start, end)):
        closing = "]" if text[start] == "[" else "}"
        if closing in text[comment.end() : end]:
            remedy = "put the entry in double quotes, because # begins a comment"
            return _Diagnosis(comment.end() - 1, complaint.reason, remedy)
    return None


def _in_brackets(text: str, complaint: Complaint) -> _Diagnosis | None:
    reason, stop, bracket = complaint.reason, complaint.stop, max(complaint.bracket, 0)
    indent = text_start(text, bracket) - line_start(text, bracket)
    if stop >= len(text.rstrip()) or has_field(text, bracket, stop, indent=indent):
        return _Diagnosis(bracket, reason, _CLOSE_BRACKET)
    return None if "flow node" in reason else _Diagnosis(stop, reason, _CLOSE_BRACKET)


def _list_in_brackets(text: str, complaint: Complaint) -> _Diagnosis | None:
    if 0 <= complaint.bracket < line_start(text, complaint.stop):
        return _Diagnosis(complaint.bracket, complaint.reason, _CLOSE_BRACKET)
    return None


def _indented_root(text: str, _complaint: Complaint) -> _Diagnosis | None:
    first = _FIRST.match(text)
    if first and first[1]:
        return _Diagnosis(first.end(1), "the first field is indented", "begin each field at the start of its line")
    return None


def _after_a_value(text: str, complaint: Complaint) -> _Diagnosis | None:
    """The diagnosis of text that follows a value on its line."""
    reason, _, stop, scalar, _ = complaint
    if text_start(text, stop) == stop:
        return None
    remedy = "indent fields of one mapping alike, and write one value a field"
    if not text[scalar.stop : stop].strip(" ") and text[scalar.start] == '"':
        remedy = 'put no double quotes within double quotes: write \\" there, or single quotes around the value'
    elif not text[scalar.stop : stop].strip(" ") and text[scalar.start] == "'":
        remedy = "write '' for an apostrophe within single quotes, or put the value in double quotes"
    elif text[:stop].rstrip(" ").endswith(("]", "}")):
        remedy = "put the value in double quotes, because it begins with a bracket"
    return _Diagnosis(stop, reason, remedy)


_FINDERS: tuple[tuple[str, Callable[[str, Complaint], _Diagnosis | None]], ...] = (
    ("", _quotes_around_fields),
    ("quoted scalar", _in_quotes),
    ("could not find expected ':'", _no_colon),
    ("mapping values", _colon),
    ("", _comment_in_brackets),
    ("flow node", _in_brackets),
    ("expected ',' or", _in_brackets),
    ("block sequence entries", _list_in_brackets),
    ("<document start>", _indented_root),
    ("expected key", _after_a_value),
)
