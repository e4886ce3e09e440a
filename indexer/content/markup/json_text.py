"""Front matter in JSON, which YAML includes, but for the escapes of characters beyond the first 65,536."""

import json
import re

from indexer.content.markup.lines import position
from indexer.content.markup.mistakes import FrontMatterError, Mistake
from indexer.content.markup.nodes import MAX_DEPTH, Form
from indexer.content.markup.yaml_text import YamlText, read_yaml

_OBJECT = re.compile(r"\s*\{\s*[\"}]")
_PAIR = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


def begins_json(text: str) -> bool:
    """Tell whether a text begins with a JSON object, as `{{ x }}` and `{% x %}` do not."""
    return text.startswith("{") and bool(_OBJECT.match(text))


def read_json(text: str, form: Form) -> tuple[YamlText, int]:
    """The object at the beginning of a text, and the index of its end. Raises FrontMatterError."""
    start = len(text) - len(text.lstrip())
    try:
        _, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except json.JSONDecodeError as error:
        remedy = "mend the JSON here; names and texts stand in double quotes, and no comma follows the last field"
        reason = f"not JSON: {error.msg[0].lower()}{error.msg[1:]}"
        raise FrontMatterError(Mistake(reason, remedy, error.lineno, error.colno)) from error
    except RecursionError:
        line, column = position(text, start)
        raise FrontMatterError(
            Mistake(f"nested more than {MAX_DEPTH} levels deep", "flatten it", line, column)
        ) from None
    except ValueError as error:  # an integer of thousands of digits
        raise FrontMatterError(
            Mistake("not JSON: a number is too long", "write it as text, in double quotes")
        ) from error
    return read_yaml(_PAIR.sub(_character, text[:end]), form), end


def _character(pair: re.Match[str]) -> str:
    return f"\\U{ord(bytes.fromhex(pair[1] + pair[2]).decode('utf-16-be')):08X}"
