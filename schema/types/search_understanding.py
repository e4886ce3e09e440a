"""The GraphQL types of the understanding of a search's text."""

from collections.abc import Sequence

import strawberry

from indexer.query.tree import Prefix
from indexer.query.understanding import Match, Understanding, UnderstoodWord
from schema.inputs.enums import declare_enum

declare_enum(
    Match,
    "How a word of `search` was found in the articles.",
    {
        Match.EXACT: "As typed, and perhaps in other forms too.",
        Match.STEM: "In other forms only: `run` for `running`.",
        Match.PREFIX: "As the beginning of words.",
        Match.FUZZY: "As a word that is nearly the same: a typing error is assumed.",
        Match.SYNONYM: "Not typed; it means the same as a word that was.",
        Match.NONE: "In no article. So are all words after `body:` where the index was built without bodies.",
    },
    name="WordMatch",
)


def _word(parent: strawberry.Parent[UnderstoodWord]) -> str:
    return parent.leaf.prefix if isinstance(parent.leaf, Prefix) else parent.leaf.term


def _found(parent: strawberry.Parent[UnderstoodWord]) -> Sequence[str]:
    return parent.terms


def _relaxed(parent: strawberry.Parent[Understanding]) -> bool:
    return bool(parent.left_out)


@strawberry.type(description="One word that was looked for.")
class SearchedWord:
    """Resolves from `indexer.query.understanding.UnderstoodWord`."""

    word: str = strawberry.field(resolver=_word, description="The word, in lower case and without accents.")
    match: Match = strawberry.field(description="How it was found.")
    found = strawberry.field(
        resolver=_found,
        graphql_type=list[str],
        description="The words of the articles that it stands for, 50 at most for the beginning of a word.",
    )


@strawberry.type(
    description="How the text of a search was understood: "
    "`search { didYouMean relaxed leftOut words { word match found } }`."
)
class SearchUnderstanding:
    """Resolves from `indexer.query.understanding.Understanding`."""

    words: list[SearchedWord] = strawberry.field(
        description="Every word that was looked for, or was left out, each once; excluded ones are not among them."
    )
    did_you_mean: str | None = strawberry.field(
        description="The text with typing errors corrected, where there seem to be any. It is sure to find something."
    )
    relaxed: bool = strawberry.field(
        resolver=_relaxed,
        description="Whether nothing matches all words, so that articles are listed which match the rarest of them.",
    )
    left_out: list[str] = strawberry.field(description="The words and phrases that were given up for that.")
