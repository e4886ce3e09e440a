"""Misspelt queries, and the share of them that still finds the article that was looked for.

    python bench/typos.py INDEX-or-CONTENT [--count 1000] [--seed 1] [--cache FOLDER]

Queries are one to five words of an article, each of four letters or more. What the query as typed lists first is
the article sought. Then one word gets one random error: two neighbours swapped, a letter dropped, added or replaced.
Printed is how often the article is among the first 10, by the number of words and by the error, and how often the first
10 of queries without errors are the same whether errors are forgiven or not.
"""

import asyncio
import random
import string
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from corpora.corpus import prepared
from corpora.documents import read_documents
from corpora.options import corpus_options
from corpora.queries import drawn_words
from measures.measure import table

from indexer.engines import open_engine
from indexer.search.engine import SearchEngine
from indexer.search.ranking import Ranking, Window
from indexer.search.requests import SearchRequest

_SIZE = 10
_MOST_WORDS = 5

Words = Sequence[str]


def main() -> None:
    """Ask, and print tables."""
    parser = corpus_options(__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many queries")
    arguments = parser.parse_args()
    corpus = prepared(arguments.source, arguments.cache)
    source = random.Random(arguments.seed)  # noqa: S311  # a fixed log, no secret
    documents = list(read_documents(corpus.documents))
    log = [drawn_words(documents, 1 + number % _MOST_WORDS, source) for number in range(arguments.count)]
    asyncio.run(_compare(corpus.index, log, source))


async def _compare(index: Path, log: Sequence[Words], source: random.Random) -> None:
    engine = await open_engine(str(index))
    found: dict[str, list[bool]] = defaultdict(list)
    unharmed = []
    for words in log:
        exact = await _keys(engine, words, forgiving=False)
        unharmed.append(exact == await _keys(engine, words, forgiving=True))
        error = source.choice(list(_ERRORS))
        is_found = exact[0] in await _keys(engine, _misspelt(words, _ERRORS[error], source), forgiving=True)
        for kind in ("all", f"{len(words)} words", error):
            found[kind].append(is_found)
    print(f"{len(log):,} queries; the same first {_SIZE} without errors: {_share(unharmed)}\n")
    table(["queries", "asked", f"sought article in first {_SIZE}"], _rows(found))
    await engine.close()


def _rows(found: Mapping[str, Sequence[bool]]) -> list[list[object]]:
    return [[kind, len(one), _share(one)] for kind, one in sorted(found.items())]


def _share(truths: Sequence[bool]) -> str:
    return f"{100 * sum(truths) / len(truths):.1f} %"


async def _keys(engine: SearchEngine, words: Words, *, forgiving: bool) -> list[str]:
    request = SearchRequest(
        now=datetime.now(UTC),
        text=" ".join(words),
        ranking=Ranking.RELEVANCE,
        window=Window(size=_SIZE),
        forgiving=forgiving,
    )
    [result] = await engine.search([request])
    return [hit.article.key for hit in result.hits]


def _misspelt(words: Words, error: Callable[[str, random.Random], str], source: random.Random) -> Words:
    place = source.randrange(len(words))
    return [error(word, source) if number == place else word for number, word in enumerate(words)]


def _swapped(word: str, source: random.Random) -> str:
    """Two neighbours that differ; a word of nothing but one letter has none."""
    places = [place for place in range(len(word) - 1) if word[place] != word[place + 1]]
    place = source.choice(places)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _dropped(word: str, source: random.Random) -> str:
    place = source.randrange(len(word))
    return word[:place] + word[place + 1 :]


def _added(word: str, source: random.Random) -> str:
    place = source.randrange(len(word) + 1)
    return word[:place] + source.choice(string.ascii_lowercase) + word[place:]


def _replaced(word: str, source: random.Random) -> str:
    place = source.randrange(len(word))
    return word[:place] + source.choice(string.ascii_lowercase.replace(word[place], "")) + word[place + 1 :]


_ERRORS = {"swapped": _swapped, "dropped": _dropped, "added": _added, "replaced": _replaced}


if __name__ == "__main__":
    main()
