"""The page for people: GraphiQL, from our own files."""

from html import escape
from string import Template

from starlette.responses import HTMLResponse

from gateway.http.negotiation import VARY

GRAPHIQL = "static/graphiql/5.4.0"

FIRST_QUERY = """\
# Welcome to Newsstand! Run this with Ctrl+Enter.
# What else can be asked is in the book on the left.

query FirstPage {
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

NO_ARTICLES = """\
# There are no articles yet.
#
# newsstand init                            writes three to start from;
# newsstand index --content FOLDER          indexes a folder of Markdown files;
# newsstand serve --content ~/blog/_posts --site https://me.example
#                                           serves the posts of a blog.

"""

# GraphiQL's editor writes style elements, and draws some of its icons from data.
_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "Vary": VARY,
}

# Every address is relative, so that the page works below any prefix.
_PAGE = Template("""\
<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Newsstand</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="$graphiql/graphiql.css">
    <script type="module" src="$graphiql/graphiql.js"></script>
  </head>
  <body>
    <div id="graphiql" data-endpoint="graphql" data-query="$query"></div>
    <noscript>GraphiQL needs JavaScript. The API itself does not: POST a query to this address.</noscript>
  </body>
</html>
""")


def graphiql(*, is_empty: bool = False) -> HTMLResponse:
    """GraphiQL, set up for the endpoint that this page is served at.

    It starts with `FIRST_QUERY`, below the way to some articles where the index is empty.
    """
    query = escape(f"{NO_ARTICLES}{FIRST_QUERY}" if is_empty else FIRST_QUERY)
    return HTMLResponse(_PAGE.substitute(graphiql=GRAPHIQL, query=query), headers=_HEADERS)
