"""Suggestions of Newsstand on every prefix of some titles, beside prefix queries of Tantivy, on the same articles.

    python bench/suggest.py INDEX-or-CONTENT [--titles 200] [--rounds 3] [--seed 1] [--cache FOLDER]

Titles are typed letter by letter, from the first on. Newsstand answers with 8 suggestions: titles with their whole
articles, each title once, topics, providers and words, with counts and marked ranges. Tantivy looks for articles whose
title has all words typed, the last one as a prefix, and fetches the keys of the best 8. Both take turns title by title
in one process, in other orders each round. In the first round a prefix is new to both; times of later rounds are
medians.
"""

import asyncio
import gc
import random
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from corpora.corpus import prepared
from corpora.documents import Document, read_documents
from corpora.options import corpus_options
from measures.measure import table, versions

from indexer.engines import open_engine
from indexer.search.engine import SearchEngine
from indexer.search.suggestions import SuggestRequest

_SIZE = 8
_SHARE = 0.6  # of its letters, after which a title should be among the suggestions
_WORD = re.compile(r"\w+")

Ask = Callable[[str], Awaitable[object]]


def main() -> None:
    """Compare, and print tables."""
    parser = corpus_options(__doc__)
    parser.add_argument("--titles", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    corpus = prepared(arguments.source, arguments.cache)
    documents = list(read_documents(corpus.documents))
    source = random.Random(arguments.seed)  # noqa: S311  # a fixed choice, no secret
    titles = source.sample(sorted({document.title for document in documents}), arguments.titles)
    versions("numpy", *(["tantivy"] if find_spec("tantivy") else []))
    print(f"{corpus.count:,} articles, every prefix of {len(titles)} titles, {arguments.rounds} rounds\n")
    asyncio.run(_compare(corpus.index, documents, titles, rounds=arguments.rounds, source=source))


async def _compare(
    place: Path, documents: Sequence[Document], titles: Sequence[str], *, rounds: int, source: random.Random
) -> None:
    engine = await open_engine(str(place))
    await _suggest(engine, "a")  # makes what is made once for each moment
    peers: dict[str, Ask] = {"Newsstand": lambda typed: _suggest(engine, typed)}
    with tempfile.TemporaryDirectory() as folder:
        if find_spec("tantivy"):
            peers["Tantivy"] = _tantivy(documents, folder)
        gc.collect()
        gc.freeze()  # the articles that were read for the comparison are not part of it
        _print_times([await _round(peers, titles, source) for _ in range(rounds)])
    await _print_letters(engine, titles)
    await engine.close()


async def _suggest(engine: SearchEngine, typed: str) -> Sequence[str]:
    request = SuggestRequest(now=datetime.now(UTC), prefix=typed, size=_SIZE)
    return [suggestion.text for suggestion in await engine.suggest(request)]


def _tantivy(documents: Sequence[Document], folder: str) -> Ask:
    """Tantivy on the titles as they are, without stems, since beginnings of words are looked for."""
    import tantivy  # noqa: PLC0415  # the comparison goes on without it

    builder = tantivy.SchemaBuilder().add_text_field("key", stored=True, tokenizer_name="raw")
    schema = builder.add_text_field("title", tokenizer_name="default").build()
    index = tantivy.Index(schema, path=folder)
    writer = index.writer()
    for document in documents:
        writer.add_document(tantivy.Document(key=document.key, title=document.title))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    async def ask(typed: str) -> Sequence[str]:
        words = _WORD.findall(typed.lower())
        if not words:
            return []
        parts = [tantivy.Query.term_query(schema, "title", word) for word in words[:-1]]
        parts.append(tantivy.Query.regex_query(schema, "title", f"{words[-1]}.*"))
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])
        found = searcher.search(query, _SIZE, count=False)
        return [searcher.doc(address).get_first("key") for _, address in found.hits]

    return ask


async def _round(peers: dict[str, Ask], titles: Sequence[str], source: random.Random) -> dict[str, list[float]]:
    """The milliseconds that each prefix of each title took each peer."""
    times: dict[str, dict[str, list[float]]] = {name: {} for name in peers}
    for title in source.sample(titles, len(titles)):
        for name in source.sample(list(peers), len(peers)):
            times[name][title] = []
            for end in range(1, len(title) + 1):
                started = time.perf_counter()
                await peers[name](title[:end])
                times[name][title].append(1000 * (time.perf_counter() - started))
    return {name: [each for title in titles for each in by_title[title]] for name, by_title in times.items()}


def _print_times(rounds: Sequence[dict[str, list[float]]]) -> None:
    first, *later = rounds
    rows: list[list[object]] = []
    for name, own in first.items():
        passes = {"first": own}
        if later:
            passes["later"] = [statistics.median(each) for each in zip(*(one[name] for one in later), strict=True)]
        for which, each in passes.items():
            rows.append([name, which, len(each), *(_percentile(each, share) for share in (0.5, 0.95, 0.99)), max(each)])
    table(["engine", "round", "prefixes", "p50 ms", "p95 ms", "p99 ms", "slowest ms"], rows)


async def _print_letters(engine: SearchEngine, titles: Sequence[str]) -> None:
    shares = [await _letters_needed(engine, title) / len(title) for title in titles]
    early = sum(share <= _SHARE for share in shares)
    print(f"\nA title is among the first {_SIZE} after {statistics.median(shares):.0%} of its letters (median);")
    print(f"after {_SHARE:.0%} of its letters at most: {early} of {len(titles)} titles")


async def _letters_needed(engine: SearchEngine, title: str) -> int:
    """The number of letters of a title that have to be typed; one more than it has, where that is not enough."""
    for end in range(1, len(title) + 1):
        if title in await _suggest(engine, title[:end]):
            return end
    return len(title) + 1


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
