"""One segment, as searches in the event loop and in a thread share it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.indexer.whoosh_engine.segments import open_segment
from tests.samples import plain

_ARTICLES = 2000


def test_threads_that_read_articles_at_the_same_time_get_the_right_ones(tmp_path: Path):
    articles = [plain(f"{number:04}") for number in range(_ARTICLES)]
    with open_segment(tmp_path / "index", articles) as stored, ThreadPoolExecutor(4) as threads:
        orders = [range(start, _ARTICLES, step) for start, step in ((0, 1), (1, 2), (0, 3), (2, 5))]
        read = threads.map(lambda order: [stored.segment.article(number) for number in order], orders)
        for order, found in zip(orders, read, strict=True):
            assert found == [articles[number] for number in order]
