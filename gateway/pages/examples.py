"""Queries to begin with, about what is really in the index: for the tour of GraphiQL, and for the home page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import fill
from urllib.parse import urlencode

import orjson

from gateway.pages.overview import Overview

_WORD = re.compile(r"[^\W\d_]{4,}")
_WIDTH = 56  # characters of a comment, as a narrow editor shows them
_TYPED = 4  # letters of a word that is being typed


@dataclass(frozen=True, slots=True)
class Example:
    """A query with its variables. `purpose` says what it is for, and `hint` what to try with it."""

    title: str
    purpose: str
    hint: str
    query: str
    variables: Mapping[str, object]

    @property
    def document(self) -> str:
        """The query, below a comment that says what to try."""
        comment = "\n".join(
            fill(text, _WIDTH, initial_indent="# ", subsequent_indent="# ") for text in (self.purpose, self.hint)
        )
        return f"{comment}\n{self.query}"

    @property
    def variables_text(self) -> str:
        """The variables as indented JSON; empty where there are none."""
        return orjson.dumps(self.variables, option=orjson.OPT_INDENT_2).decode() if self.variables else ""

    @property
    def address(self) -> str:
        """The address that opens it in GraphiQL, relative to the home page."""
        variables = {"variables": self.variables_text} if self.variables else {}
        return f"graphql?{urlencode({'query': self.document, **variables})}"


def examples(overview: Overview | None) -> list[Example]:
    """The tour. Words, topics and articles in it are those of the index; without articles, there is the feed alone."""
    if overview is None or not overview.newest:
        return [_feed()]
    newest = overview.newest[0]
    word = telling_word(overview)
    topic = overview.topics.values[0].name if overview.topics.values else "news"
    return [
        _feed(),
        Example(
            "Search with highlights",
            "Search titles and excerpts as people type: all words, in all their forms.",
            'Try a typing error, "a phrase", -word or word*, and look at what "search" tells.',
            _SEARCH,
            {"text": word},
        ),
        Example(
            "Suggest",
            "Completions for a search box, while somebody types.",
            "Try a topic, a publisher, or a typing error.",
            _SUGGEST,
            {"typed": word[:_TYPED]},
        ),
        Example(
            "Facets",
            "What the articles of a list are about, who published them, and when.",
            "Try a filter by provider: the providers still show what else could be chosen.",
            _FACETS,
            {"topic": topic},
        ),
        Example(
            "Paging",
            "A page of a list that holds still while articles are published.",
            'Pass "endCursor" as "after" for the next page.',
            _PAGING,
            {"first": 5, "after": None},
        ),
        Example(
            "Why not",
            "Why an article is not in a list: every word and condition that keeps it out, with a remedy.",
            'Try a word of its title: "rank" is its place then.',
            _WHY_NOT,
            {"key": newest.key, "text": f"{word} unicorns"},
        ),
        Example(
            "Follow changes",
            "Every article that enters, changes in or leaves a search, as it happens.",
            "Run it, then save a file while the server watches its content.",
            _CHANGES,
            {"topic": topic},
        ),
    ]


def telling_word(overview: Overview) -> str:
    """A word that finds something: the longest in the newest titles that has one."""
    titles = (_WORD.findall(article.title) for article in overview.newest)
    return max(next(filter(None, titles), ["news"]), key=len).lower()


def _feed() -> Example:
    return Example(
        "Feed",
        "The newest articles. Run it with Ctrl+Enter.",
        "Try ranking: TRENDING, or more fields: Ctrl+Space lists them.",
        _FEED,
        {},
    )


_FEED = """\
query Feed {
  articles(first: 10) {
    nodes {
      title
      excerpt
      publishedDateTime
      webUrl
      topics
      provider {
        name
        domain
      }
      images {
        url
        title
      }
      related {
        title
        webUrl
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
"""

_SEARCH = """\
query Search($text: String!) {
  articles(search: $text, first: 10) {
    totalCount
    edges {
      score
      node {
        webUrl
      }
      highlights {
        title {
          html
        }
        excerpt {
          fragment {
            html
          }
        }
      }
    }
    search {
      didYouMean
      relaxed
      leftOut
      words {
        word
        match
        found
      }
    }
  }
}
"""

_SUGGEST = """\
query Suggest($typed: String!) {
  suggest(prefix: $typed) {
    kind
    text
    count
    ranges {
      start
      end
    }
    article {
      webUrl
    }
  }
}
"""

_FACETS = """\
query Facets($topic: String) {
  articles(topic: $topic, first: 0) {
    totalCount
    facets {
      topics(first: 5) {
        totalCount
        values {
          name
          count
        }
      }
      providers(first: 5) {
        values {
          name
          count
        }
      }
      months(first: 6) {
        values {
          value
          count
        }
      }
      quality {
        min
        max
        mean
      }
    }
  }
}
"""

_PAGING = """\
query Paging($first: Int, $after: String) {
  articles(first: $first, after: $after) {
    edges {
      cursor
      node {
        key
        title
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
"""

_WHY_NOT = """\
query WhyNot($key: String!, $text: String!) {
  article(key: $key) {
    title
    whyNot(search: $text) {
      rank
      reasons {
        kind
        what
        message
      }
    }
    similar(first: 3) {
      title
    }
  }
}
"""

_CHANGES = """\
subscription Changes($topic: String) {
  articleChanges(topic: $topic) {
    change
    article {
      title
    }
    generation
  }
}
"""
