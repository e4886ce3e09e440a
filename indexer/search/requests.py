"""Questions to an index, and their answers, as values."""

from dataclasses import dataclass
from datetime import datetime

from msgspec import Struct

from indexer.article import Article
from indexer.query.understanding import Understanding
from indexer.search.facets import Facet, FacetRequest, Spread, SpreadRequest
from indexer.search.filters import EVERYTHING, Filter
from indexer.search.ranking import FIRST_PAGE, WORDS_ALONE, Position, Ranking, Tuning, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The parts of a score, which add up to it: those of the words by field, and those of other weights.

    `nearness` is for words of the query that stand near each other. A score is a sum in single precision, so that the
    parts may miss it in the sixth digit.
    """

    score: float
    title: float = 0.0
    excerpt: float = 0.0
    body: float = 0.0
    topic: float = 0.0
    provider: float = 0.0
    nearness: float = 0.0
    recency: float = 0.0
    quality: float = 0.0
    heat: float = 0.0


class SearchRequest(Struct, frozen=True, kw_only=True, gc=False):
    """One question to the index.

    `text` is as a person typed it; empty means every article. `now` is the clock: drafts and articles published later
    than `now` never match. `total` asks for the number of all matches, `understanding` for a report how the text was
    understood, `scores` for the scores of hits in orders other than by score, `explanations` for the parts of each.
    `statistics` is that of an earlier result for the same text, so that later pages are scored as the first was.
    `tuning` is for RELEVANCE. `forgiving` tolerates typing errors, and gives words up where nothing matches all of
    them; without it, words are meant as typed. While a person is `typing`, the last word matches what begins so, too.
    """

    now: datetime
    text: str = ""
    filter: Filter = EVERYTHING
    ranking: Ranking = Ranking.NEWEST
    tuning: Tuning = WORDS_ALONE
    window: Window = FIRST_PAGE
    total: bool = False
    facets: tuple[FacetRequest, ...] = ()
    spreads: tuple[SpreadRequest, ...] = ()
    statistics: bytes = b""
    forgiving: bool = False
    typing: bool = False
    understanding: bool = False
    scores: bool = False
    explanations: bool = False

    @property
    def asks_for_scores(self) -> bool:
        """True where hits have their scores, if there are any: asked for, or because the order is by them."""
        return self.scores or self.explanations or self.ranking is Ranking.RELEVANCE


class Hit(Struct, frozen=True, kw_only=True, gc=False):
    """A match with its article. `score` is 0 or more, the higher the better.

    It is None without words to look for, and where the request does not ask for scores. `explanation` is None unless
    asked for, and where there is no score.
    """

    article: Article
    position: Position
    score: float | None = None
    explanation: Explanation | None = None


class SearchResult(Struct, frozen=True, kw_only=True, gc=False):
    """The answer to a search: `hits` in ranked order, whichever end the window was taken from.

    `has_previous` and `has_next` are true if further matches lie before the first and after the last hit, also outside
    the window. `total` and `understanding` are None unless asked for. `facets` and `spreads` answer the request's, in
    its order; a spread is None where no article has a number.
    """

    hits: tuple[Hit, ...]
    has_previous: bool
    has_next: bool
    total: int | None = None
    facets: tuple[Facet, ...] = ()
    spreads: tuple[Spread | None, ...] = ()
    statistics: bytes = b""
    understanding: Understanding | None = None
