"""The GraphQL type `WhyNot`, and the field `whyNot` of an article."""

from collections.abc import Awaitable
from dataclasses import dataclass

import strawberry

from indexer import article as content
from schema.inputs.enums import declare_enum
from schema.inputs.ranking import Ranked
from schema.inputs.tuning import Tuned
from schema.loading.context import Info
from schema.loading.loaders import then
from schema.results.exclusion_reasons import Reason, ReasonKind, reasons
from schema.types.article_lists import InTopic, Matching, Search, Typing, list_articles

declare_enum(
    ReasonKind,
    "What kind of thing keeps an article out of a list.",
    {
        ReasonKind.WORD: "A word of `search` that the article does not have.",
        ReasonKind.PHRASE: "A phrase of `search` that the article does not have.",
        ReasonKind.EXCLUDED_WORD: "A word or phrase that `search` excludes, and the article has.",
        ReasonKind.TOPIC: "The topic of the list, which the article does not have.",
        ReasonKind.FILTER: "A condition of `filter` that does not hold.",
    },
    name="WhyNotKind",
)


@strawberry.type(description="One thing that keeps an article out of a list; there may be others.")
class WhyNotReason:
    """Resolves from `schema.results.exclusion_reasons.Reason`."""

    kind: ReasonKind = strawberry.field(description="What kind of thing it is.")
    what: str = strawberry.field(
        description="The word or phrase as one would type it, the topic, or the field of `filter`: `qualityAtLeast`."
    )
    message: str = strawberry.field(description="The same for people to read, with a remedy where there is one.")


@strawberry.type(description="Why an article is not in a list, or where it stands there.")
class WhyNot:
    """Resolves from `Answer`."""

    rank: int | None = strawberry.field(
        description="The article's place in the whole list, the first being 1. Null where it is not in the list."
    )
    reasons: list[WhyNotReason] = strawberry.field(
        description="What keeps the article out: first words, then conditions. Empty where nothing does."
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """An article's rank in a list, or the reasons for its absence."""

    rank: int | None
    reasons: list[Reason]


def why_not(  # noqa: PLR0913 - the arguments of the GraphQL field
    parent: strawberry.Parent[content.Article],
    info: Info,
    *,
    search: Search = None,
    typing: Typing = False,
    topic: InTopic = None,
    matching: Matching = None,
    ranking: Ranked = None,
    tuning: Tuned = None,
) -> Awaitable[Answer | None]:
    """The answer for the list `articles` with the same arguments; None if the article has gone meanwhile."""
    listed = list_articles(
        None,
        info,
        search=search,
        typing=typing,
        topic=topic,
        matching=matching,
        ranking=ranking,
        tuning=tuning,
        first=0,
    )
    return then(
        info.context.engine.why_not(parent.key, listed.request),
        lambda result: Answer(result.rank, [*reasons(result, parent, topic=topic)]) if result else None,
    )
