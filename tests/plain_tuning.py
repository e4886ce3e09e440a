"""The score of an article besides its words, as simply as it can be said, and its parts."""

from datetime import timedelta

from indexer.article import Article
from indexer.search.ranking import WORDS_ALONE, Ranking, Tuning
from indexer.search.requests import Explanation, SearchRequest
from tests.replacing import replace

_OTHERS = {"recency": ("quality", "heat"), "quality": ("recency", "heat"), "heat": ("recency", "quality")}


def plain_explanation(article: Article, request: SearchRequest, score: float | None) -> Explanation | None:
    """The parts of a score; all words count as if they were in the title."""
    if score is None or not is_tuned(request):
        return None if score is None else Explanation(score=score, title=score)
    parts = {
        name: tuned_score(article, replace(request, tuning=_without(request.tuning, others)), text=0.0)
        for name, others in _OTHERS.items()
    }
    return Explanation(score=score, title=score - sum(parts.values()), **parts)


def is_tuned(request: SearchRequest) -> bool:
    return request.ranking is Ranking.RELEVANCE and request.tuning != WORDS_ALONE


def tuned_score(article: Article, request: SearchRequest, *, text: float) -> float:
    """The score when `request` is tuned; `text` is that of the words."""
    tuning = request.tuning
    hours = max((request.now - article.published_date_time) / timedelta(hours=1), 0.0)
    quality, heat = max(article.quality or 0, 0), max(article.heat or 0, 0)
    return (
        tuning.text * text / (text + 1)
        + tuning.recency * 0.5 ** (hours / tuning.half_life_hours)
        + tuning.quality * min(quality / 100, 1.0)
        + tuning.heat * heat / (heat + 100)
    )


def _without(tuning: Tuning, names: tuple[str, ...]) -> Tuning:
    return replace(tuning, **dict.fromkeys(names, 0.0))
