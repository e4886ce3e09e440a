"""/search.json: a search as plain JSON, for a search box without a GraphQL client."""

import asyncio
from html import escape
from typing import Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response

from gateway.http.error_responses import JSON
from gateway.lists.question import read_question
from indexer.article import Article, Image
from indexer.query.highlight import Highlighter
from indexer.query.tree import TextField
from schema.inputs.scalars import write_instant
from schema.loading.context import RequestContext
from schema.results.article_page import ArticleEdge
from schema.results.search_report import SearchReport
from schema.types.highlights import DEFAULT_LENGTH, DEFAULT_MARK
from schema.types.image import image_url


class OpensContext(Protocol):
    """What has an index to answer from."""

    def context(self) -> RequestContext:
        """The way to the index for one request that arrives now. Raises `SearchIndexError` where there is none."""


class SearchJson:
    """Answers searches over `index`.

    What it finds, its limits and its cursors are those of the GraphQL field `articles`.
    """

    def __init__(self, index: OpensContext) -> None:
        self._index = index

    async def answer(self, request: Request) -> Response:
        """The articles found. Raises `RequestError` for a question without sense, `SearchIndexError` without index."""
        question = read_question(request.scope["query_string"])
        context = self._index.context()
        page = question.page(context)
        # Asked for before any is awaited, they are answered together; those of equal requests are one search.
        edges, total, place, report = await asyncio.gather(page.edges, page.total_count, page.page_info, page.search)
        body = {
            "query": page.request.text,
            "total": total,
            "hits": [_hit(edge, context.asset_base_url) for edge in edges],
            "next": place.end_cursor if place.has_next_page else None,
            **_outlook(report),
        }
        return Response(orjson.dumps(body), headers={"Cache-Control": "no-cache"}, media_type=JSON)


def _hit(edge: ArticleEdge, asset_base_url: str | None) -> dict[str, object]:
    article = edge.node
    return {
        "key": article.key,
        "title": article.title,
        "excerpt": article.excerpt,
        "publishedDateTime": write_instant(article.published_date_time),
        "webUrl": article.web_url,
        "topics": article.topics,
        "provider": {"name": article.provider.name, "domain": article.provider.domain},
        "image": _image(article, asset_base_url),
        "score": edge.score,
        "highlights": {
            "title": _html(article.title, TextField.TITLE, edge.highlighter),
            "excerpt": None if article.excerpt is None else _html(article.excerpt, TextField.EXCERPT, edge.highlighter),
        },
    }


def _html(text: str, where: TextField, highlighter: Highlighter | None) -> str:
    """The text as HTML, with matches marked; of an excerpt that has any, the part that shows them best."""
    marked = highlighter.mark(text, where) if highlighter else None
    if marked is None:
        return escape(text)
    return marked.html(DEFAULT_MARK) if where is TextField.TITLE else marked.fragment(DEFAULT_LENGTH).html(DEFAULT_MARK)


def _outlook(report: SearchReport | None) -> dict[str, object]:
    """What else a search box may want to say: a better text, and which words were given up."""
    if report is None:
        return {"didYouMean": None, "relaxed": False, "leftOut": ()}
    return {"didYouMean": report.did_you_mean, "relaxed": report.relaxed, "leftOut": report.left_out}


def _image(article: Article, asset_base_url: str | None) -> dict[str, object] | None:
    if not article.images:
        return None
    image: Image = article.images[0]
    return {
        "url": image_url(image, asset_base_url),
        "width": image.width,
        "height": image.height,
        "title": image.title,
    }
