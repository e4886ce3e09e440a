"""Overviews of articles in memory."""

from gateway.pages.overview import Overview
from indexer.article import Article
from tests.gateway.desk import Desk


async def overview_of(*articles: Article) -> Overview:
    """The overview of an index of these articles."""
    desk = Desk(articles)
    await desk.index.refresh()
    moment = await desk.index.moment()
    return await Overview.of(moment, desk.index.context(moment.clock))
