"""Articles in pages: the newest ones, and those that were found."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from gateway.lists.search_json import body_fragment, marked_html
from gateway.pages.charts import search_for
from gateway.pages.html import Content, Html, element
from indexer.article import Article
from indexer.query.tree import TextField
from schema.inputs.scalars import write_instant
from schema.results.article_page import ArticleEdge

_TOPICS = 4


def newest_articles(articles: Sequence[Article], *, has_pictures: bool) -> Html:
    """The newest article as the lead, and the others beside it. With `has_pictures`, the lead may show its own."""
    lead, *others = articles
    return element(
        "div",
        element(
            "div",
            _picture(lead) if has_pictures else None,
            _article(lead, lead.title, lead.summary, level="h3"),
            class_="lead",
        ),
        element(
            "ol", [element("li", _article(each, each.title, None, level="h3")) for each in others], class_="articles"
        ),
        class_="newest",
    )


def hits(edges: Iterable[ArticleEdge]) -> Html:
    """The articles of a page of a list, with what was looked for marked in them."""
    return element("ol", [element("li", _hit(edge)) for edge in edges], class_="hits")


def day(instant: datetime) -> Html:
    """The day of an instant, in UTC: `6 Feb 2020`."""
    return element("time", f"{instant.day} {instant:%b} {instant.year}", datetime=write_instant(instant))


def _picture(article: Article) -> Html | None:
    """The first picture that the server itself has: a page shows none from elsewhere."""
    own = next((image for image in article.images if image.url.startswith("/assets/")), None)
    return element("img", src=own.url.removeprefix("/"), alt=own.title or "", width=600, height=400) if own else None


def _hit(edge: ArticleEdge) -> Html:
    article, highlighter = edge.node, edge.highlighter
    excerpt = article.summary and marked_html(article.summary, TextField.EXCERPT, highlighter)
    shown = body_fragment(article.text, highlighter) or excerpt
    title = marked_html(article.title, TextField.TITLE, highlighter)
    return _article(article, Html(title), Html(shown) if shown else None, level="h2")


def _article(article: Article, title: Content, excerpt: Content, *, level: str) -> Html:
    provider = article.provider
    byline = [
        element("a", provider.name or provider.domain, href=search_for(provider=provider.domain), dir="auto"),
        " · ",
        day(article.published_date_time),
    ]
    topics = [
        element("li", element("a", topic, href=search_for(topic=topic), dir="auto"))
        for topic in article.topics[:_TOPICS]
    ]
    return element(
        "article",
        element(level, element("a", title, href=article.web_url, rel="external"), dir="auto"),
        element("p", excerpt, class_="excerpt", dir="auto") if excerpt else None,
        element("p", byline, class_="byline"),
        element("ul", topics, class_="topics", aria_label="Topics") if topics else None,
        lang=article.language and article.language.replace("_", "-"),
    )
