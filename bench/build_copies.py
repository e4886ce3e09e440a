"""Writes the articles of an index again and again into another one; a process that `many.py` starts.

python bench/build_copies.py INDEX FOLDER NUMBER
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from corpora.corpus import articles_of
from msgspec import structs

from indexer.article import Article
from indexer.engines import open_writer


def copies(articles: Sequence[Article]) -> Iterator[Article]:
    """The articles by turns, for ever, each time with keys and addresses of their own."""
    for turn in count():
        for article in articles:
            own = {"key": f"{turn}/{article.key}", "web_url": f"{article.web_url}?copy={turn}"}
            yield structs.replace(article, **own, amp_web_url=None, cdn_amp_web_url=None)


def main() -> None:
    """Write so many articles."""
    index, folder, number = sys.argv[1:]
    with open_writer(folder) as writer:
        writer.add(islice(copies(asyncio.run(articles_of(Path(index)))), int(number)))
        writer.commit(b"")


if __name__ == "__main__":
    main()
