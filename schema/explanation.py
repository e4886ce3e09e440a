"""The GraphQL type `ScoreExplanation`."""

import strawberry


@strawberry.type(
    description="What an article's score is made of. The parts add up to `score`; those that a list does not weigh are "
    "0. A word that stands in several fields counts once, and is shared among them."
)
class ScoreExplanation:
    """Resolves from `indexer.explanation.Explanation`."""

    score: float = strawberry.field(description="The score, as the edge has it.")
    title: float = strawberry.field(description="What words of `search` count in the title.")
    excerpt: float = strawberry.field(description="What words of `search` count in the excerpt.")
    topic: float = strawberry.field(description="What words after `topic:` count.")
    provider: float = strawberry.field(description="What words after `provider:` count.")
    nearness: float = strawberry.field(description="What it counts that words stand near each other, as in `search`.")
    recency: float = strawberry.field(description="What it counts how new the article is, weighed by `tuning`.")
    quality: float = strawberry.field(description="What the quality counts, weighed by `tuning`.")
    heat: float = strawberry.field(description="What the heat counts, weighed by `tuning`.")
