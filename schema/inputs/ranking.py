"""The orders in which articles can be listed, as clients name them."""

from enum import Enum

import strawberry


@strawberry.enum(description="The order of a list of articles. Where two articles are equal, their keys decide.")
class Ranking(Enum):
    """The same names as in `indexer/search/ranking.py`."""

    RELEVANCE = strawberry.enum_value(
        "relevance",
        description="Best match of `search` first; the default with `search`. Without words to look for it is NEWEST.",
    )
    NEWEST = strawberry.enum_value("newest", description="Newest first; the default without `search`.")
    OLDEST = strawberry.enum_value("oldest", description="Oldest first.")
    QUALITY = strawberry.enum_value(
        "quality", description="Highest quality first, the newer of two equals first; articles without quality last."
    )
    HEAT = strawberry.enum_value(
        "heat", description="Highest heat first, the newer of two equals first; articles without heat last."
    )
    TRENDING = strawberry.enum_value(
        "trending", description="Highest heat first, halved for every 24 hours of age; articles without heat last."
    )
