"""The GraphQL types of how the text of a search was understood."""

from enum import Enum

import strawberry

from schema.results import search_report


@strawberry.enum(description="How a word of `search` was found in the articles.")
class WordMatch(Enum):
    """The same names as `indexer.query.understanding.Match`."""

    EXACT = strawberry.enum_value("exact", description="As typed, and perhaps in other forms too.")
    STEM = strawberry.enum_value("stem", description="In other forms only: `run` for `running`.")
    PREFIX = strawberry.enum_value("prefix", description="As the beginning of words.")
    FUZZY = strawberry.enum_value("fuzzy", description="As a word that is nearly the same: a typing error is assumed.")
    SYNONYM = strawberry.enum_value("synonym", description="Not typed; it means the same as a word that was.")
    NONE = strawberry.enum_value("none", description="In no article.")


def _match(parent: strawberry.Parent[search_report.SearchedWord]) -> WordMatch:
    return WordMatch[parent.match.name]


@strawberry.type(description="One word that was looked for.")
class SearchedWord:
    """Resolves from `schema.results.search_report.SearchedWord`."""

    word: str = strawberry.field(description="The word, in lower case and without accents.")
    match: WordMatch = strawberry.field(resolver=_match, description="How it was found.")
    found: list[str] = strawberry.field(
        description="The words of the articles that it stands for, 50 at most for the beginning of a word."
    )


@strawberry.type(
    description="How the text of a search was understood: "
    "`search { didYouMean relaxed leftOut words { word match found } }`."
)
class SearchUnderstanding:
    """Resolves from `schema.results.search_report.SearchReport`."""

    words: list[SearchedWord] = strawberry.field(
        description="Every word that was looked for, or was left out, each once; excluded ones are not among them."
    )
    did_you_mean: str | None = strawberry.field(
        description="The text with typing errors corrected, where there seem to be any. It is sure to find something."
    )
    relaxed: bool = strawberry.field(
        description="Whether nothing matches all words, so that articles are listed which match the rarest of them."
    )
    left_out: list[str] = strawberry.field(description="The words and phrases that were given up for that.")
