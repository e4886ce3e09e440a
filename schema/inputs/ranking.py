"""The argument `ranking`: the order in which articles are listed."""

from typing import Annotated

import strawberry

from indexer.search.ranking import Ranking
from schema.inputs.enums import declare_enum

declare_enum(
    Ranking,
    "The order of a list of articles. Where two articles are equal, their keys decide.",
    {
        Ranking.RELEVANCE: "Best match of `search` first; the default with `search`. Without words to look for it is "
        "NEWEST.",
        Ranking.NEWEST: "Newest first; the default without `search`.",
        Ranking.OLDEST: "Oldest first.",
        Ranking.QUALITY: "Highest quality first, the newer of two equals first; articles without quality last.",
        Ranking.HEAT: "Highest heat first, the newer of two equals first; articles without heat last.",
        Ranking.TRENDING: "Highest heat first, halved for every 24 hours of age; articles without heat last.",
    },
)

Ranked = Annotated[
    Ranking | None,
    strawberry.argument(
        name="ranking",
        description="The order of the list. By default RELEVANCE with `search`, else NEWEST; RELEVANCE without "
        "`search` or `tuning` is NEWEST.",
    ),
]
