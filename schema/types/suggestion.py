"""The GraphQL type `Suggestion`, and the field `suggest`."""

from collections.abc import Awaitable, Sequence
from typing import Annotated

import strawberry

from indexer.search import suggestions as seam
from indexer.search.filters import EVERYTHING, AllOf, Filter, TermField
from indexer.search.suggestions import SuggestionKind
from indexer.text.ranges import Span, TextUnit
from schema.inputs.bad_input import BadUserInput, check_length
from schema.inputs.enums import declare_enum
from schema.inputs.filters import among
from schema.limits.limits import MAX_SUGGESTIONS
from schema.loading.context import Info, RequestContext
from schema.types.article import Article
from schema.types.highlights import TextRange, Unit, text_ranges

DEFAULT_SUGGESTIONS = 8

Prefix = Annotated[
    str,
    strawberry.argument(
        name="prefix",
        description="What has been typed so far. The last word is the beginning of one, unless a space follows it; the "
        "words before it are whole. Case and accents are ignored. Do not trim it: the space counts.",
    ),
]
InTopics = Annotated[
    list[str] | None,
    strawberry.argument(
        name="topic",
        description='Only from articles with one of these topics, case ignored: `["ai", "5g"]`.',
    ),
]
OfProviders = Annotated[
    list[str] | None,
    strawberry.argument(name="provider", description="Only from articles of one of these providers, by domain."),
]
FirstSuggestions = Annotated[
    int | None,
    strawberry.argument(name="first", description="How many suggestions at most; 0 to 20."),
]


declare_enum(
    SuggestionKind,
    "Where a suggestion comes from, and so what can be done with it.",
    {
        SuggestionKind.TITLE: "The title of an article, which `article` is.",
        SuggestionKind.TOPIC: "The name of a topic: pass it as `topic` to `articles`.",
        SuggestionKind.PROVIDER: "The name of a provider, or its domain.",
        SuggestionKind.WORD: "A frequent word: pass it as `search` to `articles`.",
    },
)


def _ranges(parent: strawberry.Parent[seam.Suggestion], unit: Unit = TextUnit.CODE_POINTS) -> list[Span]:
    return text_ranges(parent.text, parent.ranges, unit)


@strawberry.type(description="A completion of what is being typed. It leads to at least one article.")
class Suggestion:
    """Resolves from `indexer.search.suggestions.Suggestion`."""

    kind: SuggestionKind = strawberry.field(description="Where it comes from.")
    text: str = strawberry.field(description="The completed text, such as `Machine Learning` for `mach`.")
    ranges = strawberry.field(
        resolver=_ranges,
        graphql_type=list[TextRange],
        description="The parts of `text` that were typed, in order and apart from each other; the rest was completed. "
        "With a typing error, the parts that were meant. Offsets count code points by default.",
    )
    count: int = strawberry.field(
        description="How many articles it leads to: those with the title, topic or provider, or those that a search "
        "for the word finds. At least 1."
    )
    article: Article | None = strawberry.field(
        description="For a title, the newest article that has it; null for all other kinds."
    )


def suggest(
    info: Info,
    prefix: Prefix,
    first: FirstSuggestions = DEFAULT_SUGGESTIONS,
    topic: InTopics = None,
    provider: OfProviders = None,
) -> Awaitable[Sequence[seam.Suggestion]]:
    """Suggestions for a prefix. Raises `BadUserInput` where a text is too long, or `first` out of range."""
    narrowing = ((TermField.TOPIC, "topic", topic), (TermField.PROVIDER, "provider", provider))
    conditions = tuple(among(field, name, names) for field, name, names in narrowing if names is not None)
    condition = AllOf(conditions) if conditions else EVERYTHING
    return suggestions(prefix, first, condition=condition, context=info.context)


def suggestions(
    prefix: str, first: int | None, *, argument: str = "prefix", condition: Filter = EVERYTHING, context: RequestContext
) -> Awaitable[Sequence[seam.Suggestion]]:
    """Suggestions from the articles that meet a condition. Raises as `suggest`, with the prefix under its name."""
    size = DEFAULT_SUGGESTIONS if first is None else first
    check_length(prefix, context.limits, argument=argument, remedy="send the last words only")
    if not 0 <= size <= MAX_SUGGESTIONS:
        raise BadUserInput("first", f"{size} is out of range; ask for 0 to {MAX_SUGGESTIONS} suggestions")
    return context.engine.suggest(seam.SuggestRequest(now=context.now, prefix=prefix, size=size, filter=condition))
