"""A feed as JSON Feed, version 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from gateway.lists.feed import Feed, FeedItem
from schema.inputs.scalars import write_instant
from schema.limits.answer_size import written

MEDIA_TYPE = "application/feed+json"


def encode(feed: Feed, *, most: int) -> bytes:
    """The feed as a JSON document of at most `most` bytes. On every page, `feed_url` is the address of the first.

    Raises `AnswerTooLarge`.
    """
    document: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home_url,
        "feed_url": feed.first_url,
        "authors": [{"name": feed.publisher}],
        "items": [_item(item) for item in feed.items],
    }
    if feed.next_url:
        document["next_url"] = feed.next_url
    return written(document, most=most, pieces=len(feed.items))


def _item(item: FeedItem) -> dict[str, object]:
    encoded: dict[str, object] = {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_text": item.summary or item.title,  # an item must have content
        "date_published": write_instant(item.published),
        "authors": [{"name": author} for author in item.authors],
        "tags": item.topics,
    }
    if item.image:
        encoded["image"] = item.image
    if item.updated != item.published:
        encoded["date_modified"] = write_instant(item.updated)
    if item.language:
        encoded["language"] = item.language.replace("_", "-")
    return encoded
