"""The GraphQL type `IndexStatus`."""

from datetime import datetime

import strawberry


@strawberry.type(description="What is being served.")
class IndexStatus:
    """Resolves from `indexer.search.engine.IndexStatus`."""

    generation: int = strawberry.field(
        description="The number of the build that is being served. Another number than before means other articles."
    )
    built_at: datetime = strawberry.field(description="When that build was made.")
    article_count: int = strawberry.field(description="How many articles there are.")
