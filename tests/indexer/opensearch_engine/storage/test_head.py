"""The head of an index."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from indexer.errors import ContentProblem, IndexMissing, IndexUnreadable
from indexer.opensearch_engine.storage.address import Address
from indexer.opensearch_engine.storage.head import KEPT, Commit, Head, articles_index, number_of, readable
from indexer.opensearch_engine.storage.mapping import VERSION
from indexer.search.build_problems import BuildProblems

ADDRESS = Address((("one", 9200),), "news")
BUILT = datetime(2026, 2, 3, 4, 5, 6, 7, tzinfo=UTC)
HEAD = Head(
    version=VERSION,
    language="german",
    has_bodies=True,
    history=(Commit(3, BUILT, "news-articles-1"), Commit(4, BUILT + KEPT, "news-articles-4")),
    state=("state-a", "state-b", "state-a"),
    problems=BuildProblems.of([ContentProblem(path="b.md", reason="is blank", remedy="write one")]),
)


def test_a_head_comes_back_from_its_document() -> None:
    assert readable(orjson.loads(HEAD.encoded()), ADDRESS) == HEAD
    assert HEAD.commit.generation == 4


def test_an_index_without_a_head_is_missing_and_one_of_another_version_says_how_to_mend_it() -> None:
    with pytest.raises(IndexMissing, match="newsstand index"):
        readable(None, ADDRESS)
    other = {"version": VERSION + 1, "whatever": "it has"}
    with pytest.raises(IndexUnreadable, match=f"format {VERSION + 1}, now {VERSION}.*build it anew"):
        readable(other, ADDRESS)


@pytest.mark.parametrize("damage", [{"history": "x"}, {"problems": "!"}, {"state": None}, {"has_bodies": ...}])
def test_a_damaged_head_is_said_to_be_one(damage: dict[str, object]) -> None:
    fields = {**orjson.loads(HEAD.encoded()), **damage}
    if fields["has_bodies"] is ...:
        del fields["has_bodies"]
    with pytest.raises(IndexUnreadable, match="damaged"):
        readable(fields, ADDRESS)


def test_commits_are_forgotten_some_time_after_the_next_one() -> None:
    assert HEAD.without_old(BUILT + 2 * KEPT) == HEAD
    later = HEAD.without_old(BUILT + 2 * KEPT + timedelta(seconds=1))
    assert [commit.generation for commit in later.history] == [4]
    assert later.without_old(BUILT + 100 * KEPT) == later


def test_only_indices_of_articles_of_the_same_name_are_taken_for_such() -> None:
    assert number_of("news", articles_index("news", 12)) == 12
    for other in ("news", "news-articles-", "news-articles-1x", "other-news-articles-1", "news-archive-articles-1"):
        assert number_of("news", other) is None
