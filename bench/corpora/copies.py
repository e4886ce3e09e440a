"""An index of many articles: those of another one again and again, each time with keys and addresses of their own.

    python -m corpora.copies INDEX FOLDER NUMBER

The words are those of the index, and have so many times as many articles. Files are not read, as a build would.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from measures.measure import run, table
from msgspec import structs

from corpora.corpus import Corpus, articles_of, made, size_of
from indexer.article import Article
from indexer.engines import open_writer


def copies_of(corpus: Corpus, number: int) -> Path:
    """The folder of an index with so many articles, which is written in a process of its own, unless it is there."""

    def write(folder: Path) -> None:
        command = [sys.executable, "-m", "corpora.copies", corpus.index.resolve(), folder.resolve(), str(number)]
        taken = run(command, folder=Path(__file__).parents[1])
        print(f"{number:,} articles written, their reading from the other index included\n")
        row = [taken.seconds, 1000 * taken.seconds / number, taken.megabytes, size_of(folder)]
        table(["seconds", "ms an article", "peak MB", "index MB"], [row])
        print()

    return made(corpus.folder / f"copies-{number}", write)


def _copies(articles: Sequence[Article]) -> Iterator[Article]:
    for turn in count():
        for article in articles:
            own = {"key": f"{turn}/{article.key}", "web_url": f"{article.web_url}?copy={turn}"}
            yield structs.replace(article, **own, amp_web_url=None, cdn_amp_web_url=None)


def _main(index: str, folder: str, number: str) -> None:
    with open_writer(folder) as writer:
        writer.add(islice(_copies(asyncio.run(articles_of(Path(index)))), int(number)))
        writer.commit(b"")


if __name__ == "__main__":
    _main(*sys.argv[1:])
