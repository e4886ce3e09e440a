"""Operations for GraphQL servers: the pages of a news site, in the shapes that Relay and Apollo send."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote

import orjson

from load.request import Request

PATH = "/graphql"

_ALL = """fragment All on Article {
  __typename id key title excerpt category type quality heat publishedDateTime webUrl ampWebUrl cdnAmpWebUrl topics
  provider { __typename name domain images { __typename url width height } }
  images { __typename url width height title }
  related { __typename title excerpt publishedDateTime webUrl type quality provider { __typename name domain }
            images { __typename url width height } }
}"""
_PAGE = """totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ...All } }"""
FEED = f"query Feed($first: Int) {{ articles(first: $first) {{ {_PAGE} }} }}\n{_ALL}"
TOPIC = """query Topic($topic: String) { articles(topic: $topic, first: 20, ranking: QUALITY) { totalCount edges {
  node { id key title webUrl publishedDateTime category }
} } }"""
SEARCH = f"query Search($text: String) {{ articles(search: $text, first: 20) {{ {_PAGE} }} }}\n{_ALL}"
BOX = """query Box($text: String) { articles(search: $text, first: 8) { totalCount edges { node {
  id title webUrl publishedDateTime category
} } } }"""
DEEP = """{ articles(first: 5) { nodes { title topics provider { name articles(first: 3) { nodes {
  title related { title provider { name } images { url } }
} } } } } }"""

FEED_PAGE = "feed page"
TOPIC_PAGE = "topic page"
SEARCH_PAGE = "search page"
SEARCH_BOX = "search box"
NEW_SEARCH = "new search"
DEEP_PAGE = "deep"
NEVER_SEEN = "never seen"
REVALIDATION = "revalidation"

ABOUT: Mapping[str, str] = {
    FEED_PAGE: "20 articles with all their parts and their cursors, and how many there are",
    TOPIC_PAGE: "the 20 best articles of one topic, a few fields of each, and how many there are",
    SEARCH_PAGE: "the feed page of what a search finds, by turns for each text",
    NEW_SEARCH: "the same, each time for a text that nobody has searched for yet",
    SEARCH_BOX: "8 titles of what a search finds, and how many there are, by turns for each text",
    DEEP_PAGE: "articles of the providers of articles, with what they refer to",
    NEVER_SEEN: "the feed page, its operation with another name each time",
    REVALIDATION: "a GET of the feed page by a client that has it; the answer is 304",
}
SEARCHES = frozenset({SEARCH_PAGE, SEARCH_BOX, NEW_SEARCH})

_NAMES = 20_000  # many more than any server remembers documents


class Operation(NamedTuple):
    """Requests that are sent by turns, again and again, or each of them `once`."""

    name: str
    requests: Sequence[Request]
    once: bool = False

    @property
    def slug(self) -> str:
        """The name as a part of a path."""
        return self.name.replace(" ", "-")


def first_request() -> Request:
    """The request by which a server shows that it is ready."""
    return _post(FEED, first=20)


def box(text: str) -> Request:
    """The request of a search box."""
    return _post(BOX, text=text)


def operations(*, topic: str, texts: Sequence[str], new: Sequence[str]) -> list[Operation]:
    """All that servers are asked by POST, about this topic, and for texts: some that come again, and many new ones."""
    return [
        Operation(FEED_PAGE, [_post(FEED, first=20)]),
        Operation(TOPIC_PAGE, [_post(TOPIC, topic=topic)]),
        Operation(SEARCH_PAGE, [_post(SEARCH, text=text) for text in texts]),
        Operation(SEARCH_BOX, [box(text) for text in texts]),
        Operation(NEW_SEARCH, [_post(SEARCH, text=text) for text in new], once=True),
        Operation(DEEP_PAGE, [_post(DEEP)]),
        Operation(
            NEVER_SEEN, [_post(FEED.replace("Feed", f"N{number}", 1), first=20) for number in range(_NAMES)], once=True
        ),
    ]


def revalidation(etag: str = "") -> Operation:
    """The feed page by GET, for who has the version with this tag."""
    variables = quote(orjson.dumps({"first": 20}))
    return Operation(REVALIDATION, [Request(f"{PATH}?query={quote(FEED)}&variables={variables}", etag=etag)])


def _post(query: str, **variables: object) -> Request:
    return Request(PATH, orjson.dumps({"query": query, "variables": variables} if variables else {"query": query}))
