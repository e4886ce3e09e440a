"""Articles that have a URL."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.canonical import canonical_url
from indexer.columns.values import urls_of
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.whoosh_engine.segment import arrays_file
from indexer.whoosh_engine.segment.url_index import Addresses
from tests.indexer.whoosh_engine.segments import write_segments
from tests.replacing import replace
from tests.samples import NOW, full, plain
from tests.strategies import URLS

urls = st.lists(st.sampled_from([canonical_url(url) for url in URLS]), unique=True, max_size=3)


@given(st.lists(urls, max_size=8))
def test_the_documents_with_a_url_are_among_its_candidates(documents: list[Sequence[str]]) -> None:
    addresses = Addresses.of_documents(documents)
    again = Addresses.of_arrays(dict(addresses.arrays()))
    for url in map(canonical_url, (*URLS, "https://nobody.example/")):
        expected = [number for number, own in enumerate(documents) if url in own]
        assert addresses.candidates(url) == again.candidates(url) == expected


def test_documents_whose_urls_share_a_hash_are_all_candidates() -> None:
    [alone] = Addresses.of_documents([["https://daily.example/a"]]).hashes.tolist()
    hashes = np.array([alone - 1, alone, alone, alone, alone + 1], dtype=np.uint64)
    addresses = Addresses(hashes, np.array([4, 3, 0, 2, 1], dtype=np.int32))
    assert addresses.candidates("https://daily.example/a") == [0, 2, 3]


def arrays_of(folder: Path) -> Path:
    """The file of the only segment's arrays."""
    [file] = folder.glob("*.arrays")
    return file


async def test_a_shared_hash_never_leads_to_another_article(tmp_path: Path) -> None:
    # No two URLs are known to share one, so the index is told that all do.
    articles = [plain("a"), full("b"), replace(plain("c"), amp_web_url="https://daily.example/b")]
    write_segments(tmp_path, [articles])
    file = arrays_of(tmp_path)
    arrays = dict(arrays_file.load(file) or {})
    sought = ["https://daily.example/a", "https://daily.example/b", "https://daily.example/nobody"]
    for url, expected in zip(sought, (articles[0], articles[2], None), strict=True):
        [shared] = Addresses.of_documents([[url]]).hashes.tolist()
        arrays["addresses.hashes"] = np.full(len(arrays["addresses.documents"]), shared, dtype=np.uint64)
        arrays_file.save(file, arrays)
        engine = await WhooshEngine.open(tmp_path)
        assert await engine.fetch_by_url([url], now=NOW) == [expected]
        await engine.close()


def test_an_article_is_found_by_each_of_its_urls_once() -> None:
    assert urls_of(full("a")) == [
        *("https://cdn.example/a", "https://naive.example/a", "https://naive.example/amp/a"),
    ]
    same = replace(plain("a"), amp_web_url="http://Daily.example/a/", cdn_amp_web_url=None)
    assert urls_of(same) == ["https://daily.example/a"]
