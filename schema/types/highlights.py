"""The GraphQL types of highlights, and the field `highlights` of an edge."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from indexer.query.marked_text import MarkedRange
from indexer.text.ranges import Span, TextUnit, spans
from schema.inputs.bad_input import BadUserInput
from schema.inputs.enums import declare_enum
from schema.results.article_page import ArticleEdge
from schema.results.marked_article import MarkedArticle, MarkedField, MarkedFragment

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


declare_enum(
    TextUnit,
    "What the offsets in a text count.",
    {
        TextUnit.CODE_POINTS: "Unicode code points, as strings of Python do. An emoji is one or more.",
        TextUnit.UTF16: "UTF-16 units, as strings of JavaScript, Java and C# do: "
        "`text.slice(start, end)` is the part. Code points from U+10000 on, as those of emoji, are two.",
    },
)

Unit = Annotated[TextUnit | None, strawberry.argument(name="unit", description="What the offsets count.")]


@strawberry.type(description="A part of a text.")
class TextRange:
    """Resolves from `indexer.text.ranges.Span`."""

    start: int = strawberry.field(description="Where it starts, from 0.")
    end: int = strawberry.field(description="Where it ends: the offset of what comes after it.")


def text_ranges(text: str, ranges: Sequence[tuple[int, int]], unit: TextUnit | None) -> list[Span]:
    """Ranges of a text in the unit that was asked for, code points by default."""
    return spans(text, ranges, unit or TextUnit.CODE_POINTS)


def _extents(ranges: Sequence[MarkedRange]) -> list[tuple[int, int]]:
    return [(each.start, each.end) for each in ranges]


def _ranges(parent: strawberry.Parent[MarkedField], unit: Unit = TextUnit.CODE_POINTS) -> list[Span]:
    return text_ranges(parent.text.text, _extents(parent.ranges), unit)


def _ranges_within(parent: strawberry.Parent[MarkedFragment], unit: Unit = TextUnit.CODE_POINTS) -> list[Span]:
    return text_ranges(parent.fragment.text, _extents(parent.ranges), unit)


def _start(parent: strawberry.Parent[MarkedFragment], unit: Unit = TextUnit.CODE_POINTS) -> int:
    return _extent(parent, unit).start


def _end(parent: strawberry.Parent[MarkedFragment], unit: Unit = TextUnit.CODE_POINTS) -> int:
    return _extent(parent, unit).end


def _extent(parent: MarkedFragment, unit: TextUnit | None) -> Span:
    [extent] = text_ranges(parent.fragment.text, [(parent.start, parent.end)], unit)
    return extent


@strawberry.type(
    description="A part of a text, cut between words where the most different words of the search stand together."
)
class HighlightFragment:
    """Resolves from `schema.results.marked_article.MarkedFragment`."""

    start = strawberry.field(
        resolver=_start, graphql_type=int, description="Where it starts in the whole text, in code points by default."
    )
    end = strawberry.field(
        resolver=_end, graphql_type=int, description="Where it ends in the whole text, in code points by default."
    )
    ranges = strawberry.field(
        resolver=_ranges_within,
        graphql_type=list[TextRange],
        description="The matches within it. Their offsets, too, count from the start of the whole text, in code points "
        "by default.",
    )
    html: str = strawberry.field(
        description="The fragment as HTML, with `…` before and after it where words were left out: "
        "`…will <mark>recognise</mark> faces…`. Everything but the marks is escaped."
    )


@strawberry.type(description="A text with what the search found marked in it.")
class Highlight:
    """Resolves from `schema.results.marked_article.MarkedField`."""

    ranges = strawberry.field(
        resolver=_ranges,
        graphql_type=list[TextRange],
        description="The matches in the text as the article has it, in order and apart from each other. Words match in "
        "all their forms, and a phrase is one range. No character is parted from its accents. Offsets count code "
        "points by default: `ranges(unit: UTF16) { start end }` is for JavaScript.",
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
