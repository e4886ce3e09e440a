"""Orders of articles, and the pages cut from them."""

from dataclasses import dataclass
from enum import StrEnum

from msgspec import Struct


class Ranking(StrEnum):
    """The order of a list of articles. Last of all, the key breaks ties.

    RELEVANCE without words to look for is NEWEST, unless it is tuned. QUALITY, HEAT and TRENDING put the newer of two
    equals first, and articles without a quality or heat last. TRENDING is heat halved for every 24 hours of age.
    """

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    QUALITY = "quality"
    HEAT = "heat"
    TRENDING = "trending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """The weights of RELEVANCE, by default of the words alone.

    Otherwise a score is the sum of four parts, each a weight times a number from 0 to about 1: the score of the words,
    as a share of the highest possible; newness, halved every `half_life_hours`; quality, of 100; and heat, of which 100
    counts half. With `max_per_provider`, that many articles of each provider come before any further ones of the same;
    as other articles come, an article may then move from one turn to another.
    """

    text: float = 1.0
    recency: float = 0.0
    quality: float = 0.0
    heat: float = 0.0
    half_life_hours: float = 72.0
    max_per_provider: int | None = None


WORDS_ALONE = Tuning()


class End(StrEnum):
    """The end of a list from which a page is taken."""

    START = "start"
    FINISH = "finish"


class Position(Struct, frozen=True, gc=False):
    """The position of an article in one ranking: the whole sort tuple, which never compares equal for two articles.

    `values` are numbers that sort descending; `key` breaks their ties, ascending.
    """

    values: tuple[float, ...]
    key: str


class Window(Struct, frozen=True, kw_only=True, gc=False):
    """A page of a ranked list: `size` entries from one end of the stretch between two positions.

    Both positions are exclusive, and need not be those of an article that still exists. The first `offset` entries from
    that end are passed over. A page without entries lies at the end it is taken from, behind those.
    """

    size: int = 20
    offset: int = 0
    after: Position | None = None
    before: Position | None = None
    end: End = End.START


FIRST_PAGE = Window()


def order_of(ranking: Ranking | None, text: str, tuning: Tuning = WORDS_ALONE) -> Ranking:
    """The order of a list: by default RELEVANCE where there is something to weigh, else NEWEST."""
    if ranking is None or ranking is Ranking.RELEVANCE:
        return Ranking.RELEVANCE if text or tuning != WORDS_ALONE else Ranking.NEWEST
    return ranking
