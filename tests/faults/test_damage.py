"""Index files with other bytes, or cut short: the answers are those of the whole index, or there is none."""

import random
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from indexer.engines import index_secret
from indexer.errors import IndexMissing, IndexUnreadable, SearchIndexError
from indexer.search.facets import FacetRequest
from indexer.search.filters import TermField
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest
from indexer.search.suggestions import SuggestRequest
from indexer.text.language import Language
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.writing.writer import WhooshWriter
from tests.asking import ALL, ask
from tests.indexer.whoosh_engine.segments import split, write_segments
from tests.library import LIBRARY
from tests.samples import NOW, full

pytestmark = pytest.mark.faults

ARTICLES = [*LIBRARY, full("full")]
KEYS = [article.key for article in ARTICLES]
URLS = [article.web_url for article in ARTICLES]
FACETS = tuple(FacetRequest(field=field) for field in TermField)
SEARCH = SearchRequest(now=NOW, text="dail* OR running", window=ALL, total=True)

Damage = Callable[[bytes, random.Random], bytes]


def turned(data: bytes, drawn: random.Random) -> bytes:
    """One to eight bytes are others."""
    changed = bytearray(data)
    for place in drawn.sample(range(len(data)), min(len(data), drawn.randint(1, 8))):
        changed[place] ^= drawn.randint(1, 255)
    return bytes(changed)


def cut(data: bytes, drawn: random.Random) -> bytes:
    """Fewer bytes, perhaps none."""
    return data[: drawn.randrange(len(data))]


def zeroed(data: bytes, drawn: random.Random) -> bytes:
    """Zeros from somewhere on, as a disk that lost its power leaves."""
    start = drawn.randrange(len(data))
    return data[:start] + bytes(len(data) - start)


DAMAGES: list[Damage] = [turned, cut, zeroed]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An index of two segments with a deleted article, and its secret."""
    index = write_segments(tmp_path / "index", split(ARTICLES, 2), without=[KEYS[5]])
    index_secret(str(index))
    return index


async def answers(engine: WhooshEngine) -> list[object]:
    """Answers that read all arrays and all articles; the message in the place of each that is refused."""
    requests = [
        SEARCH,
        *(SearchRequest(now=NOW, ranking=ranking, window=ALL, total=True) for ranking in Ranking),
        SearchRequest(now=NOW, text="topic:ai provider:daily", facets=FACETS, window=ALL),
    ]
    calls = [
        *(lambda request=request: ask(engine, request) for request in requests),
        *(lambda key=key: engine.fetch([key], now=NOW) for key in KEYS),
        lambda: engine.fetch_by_url(URLS, now=NOW),
        lambda: engine.similar(KEYS[:5], size=5, now=NOW),
        lambda: engine.why_not(KEYS[1], SEARCH),
        lambda: engine.suggest(SuggestRequest(now=NOW, prefix="da", size=20)),
        lambda: engine.status(now=NOW),
    ]
    given: list[object] = []
    for call in calls:
        try:
            given.append(await call())
        except IndexUnreadable as refusal:
            given.append(str(refusal))
    return given


def assert_none_is_wrong(given: list[object], whole: list[object]) -> None:
    """Each answer is that of the whole index, or a refusal with the remedy."""
    others = [one for one, other in zip(given, whole, strict=True) if one != other]
    assert [one for one in others if not re.search(r"is damaged \(.*; build it anew with `newsstand", str(one))] == []


def content_of(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in sorted(folder.iterdir())}


def is_replaced(folder: Path) -> bool:
    """True if a build would make the index anew; it would not fail."""
    with WhooshWriter(folder, language=Language.ENGLISH) as writer:
        return bool(writer.replaces)


async def test_before_it_is_served(folder: Path, faults: int) -> None:
    drawn, counts = random.Random(1), dict.fromkeys(("refused", "equal", "replaced"), 0)  # noqa: S311
    remedies: set[str] = set()
    engine = await WhooshEngine.open(folder)
    whole = await answers(engine)
    await engine.close()
    assert str not in set(map(type, whole))
    copies = content_of(folder)
    damaged = [file for file, data in copies.items() if data]
    assert len(damaged) >= 40
    for file in damaged * max(1, faults // 20):
        for damage in DAMAGES:
            data = damage(copies[file], drawn)
            if data == copies[file]:
                continue
            file.write_bytes(data)
            try:
                engine = await WhooshEngine.open(folder)
            except (IndexUnreadable, IndexMissing) as refusal:
                remedies.add(str(refusal).rpartition("; ")[2])
                counts["refused"] += 1
            else:
                given = await answers(engine)
                await engine.close()
                assert_none_is_wrong(given, whole)
                counts["equal" if given == whole else "refused"] += 1
            # Arrays are made anew by whoever opens the index. The lock and the secret are no part of a generation.
            is_needed = file.suffix not in {".arrays", ".secret"}
            assert is_replaced(folder) is is_needed, (file.name, damage.__name__)
            counts["replaced"] += is_needed
            for path, content in copies.items():
                if not path.exists() or path.read_bytes() != content:
                    path.write_bytes(content)
    assert min(counts.values()) > 10, counts
    assert {re.sub(" anew| --full", "", remedy) for remedy in remedies} == {"build it with `newsstand index`"}
    assert not is_replaced(folder)


async def test_while_it_is_served(folder: Path, faults: int) -> None:
    drawn, counts = random.Random(2), dict.fromkeys(("refused", "equal"), 0)  # noqa: S311
    engine = await WhooshEngine.open(folder)
    whole = await answers(engine)
    await engine.close()
    copies = content_of(folder)
    for file in [file for file, data in copies.items() if data] * max(1, faults // 20):
        for damage in DAMAGES:
            engine = await WhooshEngine.open(folder)
            with file.open("r+b") as opened:  # the file that the engine has open, not another in its place
                data = damage(copies[file], drawn)
                opened.write(data)
                opened.truncate(len(data))
            given = await answers(engine)
            with suppress(SearchIndexError):
                await engine.refresh()
            again = await answers(engine)
            await engine.close()
            file.write_bytes(copies[file])
            assert_none_is_wrong(given, whole)
            assert_none_is_wrong(again, whole)
            is_read = file.name.endswith(".article.col")  # all else is in memory
            assert is_read or given == whole, file.name
            counts["equal" if given == whole else "refused"] += 1
    assert min(counts.values()) > 1, counts
