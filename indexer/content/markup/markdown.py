"""The Markdown of a body as plain text, as people read it: without code, addresses, tags and marks."""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import islice, pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import EnvType

from indexer.content.markup.page import HIDDEN, HIDDEN_IN_LEADS, TAG, WITHIN_WORDS, joined, outside_tags, page_text

_MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_BLOCKS = MarkdownIt("commonmark").enable("table")
_BLOCKS.core.ruler.enableOnly(["normalize", "block"])

_DEEPEST = _MARKDOWN.options.maxNesting  # blocks within blocks; of a line that is deeper, the parser drops the rest
_NESTING = re.compile(r"^(?:[ \t]|[>*+-]|\d{1,9}[.)](?=[ \t]))+", re.MULTILINE)

_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[^\n]*", re.MULTILINE)
_MOST_DEFINITIONS = 1_000

_MOST = 100_000
"""Characters of a body that are read as Markdown, which takes up to 30 microseconds for each."""
_BEGINNINGS = (1_000, 10_000)
"""Characters of a body in which its first paragraph is looked for: in the second where the first are too few."""


def plain_text(markdown: str) -> str:
    """The text of all blocks, a line each; that of an image is what describes it.

    Behind 100,000 characters only tags and addresses are taken out, so that no word is lost there.

    >>> plain_text("- They [see](https://owl.example) in the *dark*.")
    'They see in the dark.'
    """
    beginning = _beginning(markdown, _MOST)
    blocks = map(_text, _parsed(_MARKDOWN, beginning))
    return "\n".join(filter(None, (*blocks, page_text(markdown[len(beginning) :]))))


def first_paragraph(markdown: str) -> str | None:
    """The text of the first paragraph that has more than images and code; None where there is none.

    Its code is text as well, so that a sentence has no gap. It is looked for in the first 10,000 characters, and ends
    with them.
    """
    for size in _BEGINNINGS:
        beginning = _beginning(markdown, size)
        for paragraph in _paragraphs(_parsed(_BLOCKS, beginning)):
            _, end = paragraph.map or (0, 0)
            is_whole = len(beginning) == len(markdown) or end <= beginning.count("\n")
            text = _paragraph_text(paragraph, markdown)
            if text and (is_whole or size == _BEGINNINGS[-1]):
                return text
            if not is_whole:
                break
        if len(beginning) == len(markdown):
            break
    return None


def _parsed(parser: MarkdownIt, markdown: str) -> list[Token]:
    """The blocks, those in lists and quotations side by side where they are nested too deep."""
    blocks = parser.parse(markdown)
    if any(block.level >= _DEEPEST - 1 for block in blocks):
        return parser.parse(_NESTING.sub("", markdown))
    return blocks


def _beginning(markdown: str, size: int) -> str:
    """At most so many characters, cut behind a line, or else a word."""
    if len(markdown) <= size:
        return markdown
    cuts = (markdown.rfind(blank, 1, size) for blank in "\n ")
    return markdown[: next((cut for cut in cuts if cut > 0), size)]


def _paragraphs(blocks: Sequence[Token]) -> Iterator[Token]:
    """The content of each paragraph that stands in no list and no quotation."""
    for opening, content in pairwise(blocks):
        if opening.type == "paragraph_open" and opening.level == 0:
            yield content


def _paragraph_text(paragraph: Token, markdown: str) -> str:
    """The text of a paragraph; empty where it has only images and code. Links may be defined anywhere below it."""
    environment: EnvType = {}
    if "[" in paragraph.content:
        definitions = [match[0] for match in islice(_DEFINITION.finditer(markdown), _MOST_DEFINITIONS)]
        _BLOCKS.parse("\n".join(definitions), environment)
    [inline] = _MARKDOWN.parseInline(paragraph.content, environment)
    tokens = inline.children or []
    without_images = [token for token in tokens if token.type != "image"]
    return joined(_written(tokens, HIDDEN_IN_LEADS)) if joined(_written(without_images)) else ""


def _text(token: Token) -> str:
    """The text of one block; empty for code and for what only holds other blocks."""
    match token.type:
        case "inline":
            return joined(_written(token.children or ()))
        case "html_block":
            return joined(outside_tags(token.content))
        case _:
            return ""


def _written(tokens: Sequence[Token], hidden: Collection[str] = HIDDEN) -> Iterator[str]:
    """The text of what stands in a line, without elements of these names and links that are their own text."""
    skipped = ""  # the element that goes on, at most to the end of the block
    for token in tokens:
        tag = TAG.match(token.content) if token.type == "html_inline" else None
        name = (tag["name"] or "").lower() if tag else ""
        if skipped:
            is_end = token.type == "link_close" if skipped == "<>" else bool(tag and tag["slash"] and name == skipped)
            skipped = "" if is_end else skipped
        elif token.type == "link_open" and token.info == "auto":
            skipped = "<>"
        elif tag and name in hidden and not tag["slash"]:
            skipped = name
        elif token.type == "text" or (token.type == "code_inline" and "code" not in hidden):
            yield token.content
        elif token.type == "image":
            yield from _written(token.children or (), hidden)
        elif token.type in {"softbreak", "hardbreak"} or (tag and name not in WITHIN_WORDS):
            yield " "
