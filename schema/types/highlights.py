"""The GraphQL types of highlights, and the field `highlights` of an edge."""

from typing import Annotated

import strawberry

from schema.inputs.bad_input import BadUserInput
from schema.results.article_page import ArticleEdge
from schema.results.marked_article import MarkedArticle

DEFAULT_LENGTH = 200
LONGEST = 2000
DEFAULT_MARK = "mark"
LONGEST_MARK = 20

# Elements whose content a browser runs, hides, or does not read as HTML text.
_NO_MARKS = frozenset(
    {
        *("script", "style", "template", "textarea", "title", "select", "iframe", "object", "svg", "math"),
        *("xmp", "plaintext", "noembed", "noframes", "noscript"),
    }
)

FragmentLength = Annotated[
    int | None,
    strawberry.argument(
        description="How long the fragment of an excerpt or body may be, in code points without the ellipses; 1 to "
        "2000. A match that is longer is kept whole.",
    ),
]
Mark = Annotated[
    str | None,
    strawberry.argument(
        description="The name of the element around each match, of letters: `em` makes `<em>word</em>`. Elements that "
        "do not show their text, such as `script`, are refused.",
    ),
]


@strawberry.type(description="A part of a text. Offsets count Unicode code points, not UTF-16 units and not bytes.")
class TextRange:
    """Resolves from `indexer.query.marked_text.MarkedRange`."""

    start: int = strawberry.field(description="Where it starts, from 0.")
    end: int = strawberry.field(description="Where it ends: the offset of the first code point after it.")


@strawberry.type(
    description="A part of a text, cut between words where the most different words of the search stand together."
)
class HighlightFragment:
    """Resolves from `schema.results.marked_article.MarkedFragment`."""

    start: int = strawberry.field(description="Where it starts in the whole text, in code points.")
    end: int = strawberry.field(description="Where it ends in the whole text, in code points.")
    ranges: list[TextRange] = strawberry.field(
        description="The matches within it. Their offsets, too, count from the start of the whole text."
    )
    html: str = strawberry.field(
        description="The fragment as HTML, with `…` before and after it where words were left out: "
        "`…will <mark>recognise</mark> faces…`. Everything but the marks is escaped."
    )


@strawberry.type(description="A text with what the search found marked in it.")
class Highlight:
    """Resolves from `schema.results.marked_article.MarkedField`."""

    ranges: list[TextRange] = strawberry.field(
        description="The matches in the text as the article has it, in order and apart from each other. Words match in "
        "all their forms, and a phrase is one range. No character is parted from its accents."
    )
    html: str = strawberry.field(
        description="The whole text as HTML: `Q&amp;A on <mark>robots</mark>`. Everything but the marks is escaped."
    )


@strawberry.type(description="A long text with what the search found marked in it.")
class ExcerptHighlight(Highlight):
    """Resolves from `schema.results.marked_article.MarkedField`."""

    fragment: HighlightFragment = strawberry.field(description="The part of the text that shows best why it was found.")


@strawberry.type(
    description="A body, as plain text without code and addresses, with what the search found marked in it."
)
class BodyHighlight:
    """Resolves from `schema.results.marked_article.MarkedField`."""

    fragment: HighlightFragment = strawberry.field(
        description="The part that shows best why it was found. Its offsets count in the plain text."
    )


@strawberry.type(description="Where an article has what the search looked for.")
class Highlights:
    """Resolves from `schema.results.marked_article.MarkedArticle`."""

    title: Highlight | None = strawberry.field(description="The title; null where nothing in it matches.")
    excerpt: ExcerptHighlight | None = strawberry.field(
        description="The excerpt, or the first paragraph of the body that stands in for it, as plain text; null where "
        "nothing in it matches."
    )
    body: BodyHighlight | None = strawberry.field(
        description="The body; null where nothing in it matches, and where the index was built without bodies."
    )


def highlight_edge(
    parent: strawberry.Parent[ArticleEdge],
    fragment_length: FragmentLength = DEFAULT_LENGTH,
    mark: Mark = DEFAULT_MARK,
) -> MarkedArticle | None:
    """The article of an edge with its matches. Raises `BadUserInput` for a length or mark without sense."""
    length = DEFAULT_LENGTH if fragment_length is None else fragment_length
    name = DEFAULT_MARK if mark is None else mark
    if not 1 <= length <= LONGEST:
        raise BadUserInput("fragmentLength", f"{length} is out of range; ask for 1 to {LONGEST} code points")
    if not (name.isascii() and name.isalpha() and len(name) <= LONGEST_MARK) or name.lower() in _NO_MARKS:
        problem = f"{name[:LONGEST_MARK]!r} cannot mark text; give an element's name in letters, such as mark or em"
        raise BadUserInput("mark", problem)
    if parent.highlighter is None:
        return None
    return MarkedArticle(article=parent.node, highlighter=parent.highlighter, mark=name, length=length)
