"""/search.json: a search as plain JSON, for a search box without a GraphQL client."""

import asyncio
from html import escape

from starlette.requests import Request
from starlette.responses import Response

from gateway.http.error_responses import JSON
from gateway.http.host import ServerUrl
from gateway.http.served import Served
from gateway.http.validators import Freshness, fingerprint
from gateway.lists.facets import counted
from gateway.lists.question import SEARCH_PARAMETERS, read_question
from indexer.article import Article, Provider
from indexer.query.highlight import Highlighter
from indexer.query.tree import TextField
from indexer.query.understanding import Understanding
from schema.inputs.scalars import write_instant
from schema.limits.answer_size import written
from schema.limits.limits import Limits
from schema.loading.context import RequestContext
from schema.loading.loaders import all_of, awaited
from schema.results.article_page import ArticleEdge
from schema.types.highlights import DEFAULT_LENGTH, DEFAULT_MARK
from schema.types.image import image_url


class SearchJson:
    """Answers searches over `index`, with the results, `limits` and cursors of the GraphQL field `articles`.

    All answers of a moment have its clock and one tag, the same in all processes of one `edition`. A client that has it
    is told so without a search.
    """

    def __init__(self, index: Served, limits: Limits, *, edition: str, server_url: ServerUrl) -> None:
        self._index = index
        self._server_url = server_url
        self._limits = limits
        self._edition = edition

    async def answer(self, request: Request) -> Response:
        """The articles found. Raises `RequestError` for a question without sense, `SearchIndexError` without index."""
        query_string, hints = request.scope["query_string"], self._limits.schema_hints
        question = read_question(query_string, names=SEARCH_PARAMETERS, hints=hints)
        moment = await self._index.moment()
        context = self._index.context(moment.clock, server_url=self._server_url.of(request.scope))
        page = question.page(context, is_scored=True)
        depends_on = (moment.identity, question.parameters, context.asset_base_url)
        version = Freshness(tag=fingerprint(self._edition, *depends_on))
        if version.is_known(request.headers):
            return Response(status_code=304, headers=version.headers)
        # Gathered, so that equal requests become one search.
        edges, total, page_info, understanding, facets = await asyncio.gather(
            awaited(page.edges),
            awaited(page.total_count),
            awaited(page.page_info),
            awaited(page.search),
            counted(question.facets, page.facets),
        )
        providers = await all_of([context.newest.provider_of(edge.node) for edge in edges])
        body = {
            "query": page.request.text.strip(),
            "total": total,
            "hits": [_hit(edge, provider, context) for edge, provider in zip(edges, providers, strict=True)],
            "next": page_info.end_cursor if page_info.has_next_page else None,
            **_remarks(understanding),
            **({"facets": facets} if question.facets else {}),
        }
        # Another generation may have come in between.
        headers = version.headers if await self._index.moment() == moment else {"Cache-Control": "no-store"}
        content = written(body, most=self._limits.max_answer_bytes, pieces=len(edges))
        return Response(content, headers=headers, media_type=JSON)


def _hit(edge: ArticleEdge, provider: Provider, context: RequestContext) -> dict[str, object]:
    article = edge.node
    return {
        "key": article.key,
        "title": article.title,
        "excerpt": article.summary,
        "publishedDateTime": write_instant(article.published_date_time),
        "webUrl": article.web_url,
        "topics": article.topics,
        "authors": article.authors,
        "provider": {"name": provider.name, "domain": provider.domain},
        "image": _image(article, context.asset_base_url),
        "score": edge.score,
        "highlights": {
            "title": marked_html(article.title, TextField.TITLE, edge.highlighter),
            "body": body_fragment(article.text, edge.highlighter),
            "excerpt": article.summary and marked_html(article.summary, TextField.EXCERPT, edge.highlighter),
        },
    }


def marked_html(text: str, field: TextField, highlighter: Highlighter | None) -> str:
    """The text as HTML, with matches marked; an excerpt with matches is cut to the fragment that shows them best."""
    marked = highlighter.mark(text, field) if highlighter else None
    if marked is None:
        return escape(text)
    return marked.html(DEFAULT_MARK) if field is TextField.TITLE else marked.fragment(DEFAULT_LENGTH).html(DEFAULT_MARK)


def body_fragment(body: str | None, highlighter: Highlighter | None) -> str | None:
    """The fragment of a body that shows best what was found in it, as HTML; None where nothing was."""
    marked = highlighter.mark_stretch(body, TextField.BODY) if body and highlighter else None
    return marked.fragment(DEFAULT_LENGTH).html(DEFAULT_MARK) if marked else None


def _remarks(understanding: Understanding | None) -> dict[str, object]:
    """Remarks for a search box to show: a better text, and the words that were given up."""
    left_out = understanding.left_out if understanding else ()
    did_you_mean = understanding.did_you_mean if understanding else None
    return {"didYouMean": did_you_mean, "relaxed": bool(left_out), "leftOut": left_out}


def _image(article: Article, asset_base_url: str) -> dict[str, object] | None:
    if not article.images:
        return None
    image = article.images[0]
    url = image_url(image, asset_base_url)
    return {"url": url, "width": image.width, "height": image.height, "title": image.title}
