"""Suggestions from several segments: as if they were one."""

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Provider
from indexer.memory import Memory
from indexer.query.tree import WITH_BODY
from indexer.search.suggestions import SuggestionKind, SuggestRequest
from indexer.whoosh_engine.completing.suggester import Suggester, Suggesting
from indexer.whoosh_engine.matching.searchable_segment import SearchableSegment
from tests.indexer.whoosh_engine.segments import STEMS, collection_at, open_segments, write_segments
from tests.plain_filter import is_visible
from tests.plain_suggest import exact_suggestions
from tests.replacing import replace
from tests.samples import DAY, NOW
from tests.strategies import CLOCKS, TOPICS, WORDS, corpora
from tests.titled import titled


def suggesting_of(suggester: Suggester, segments: list[SearchableSegment], request: SuggestRequest) -> Suggesting:
    return suggester.suggest(request, collection_at(request.now, segments))


prefixes = st.tuples(st.sampled_from((*WORDS, *TOPICS, "the daily", "daily.ex", "run the")), st.integers(1, 9)).map(
    lambda one: one[0][: one[1]]
)


@given(
    corpora(max_size=12),
    st.lists(st.tuples(prefixes, st.sampled_from((1, 4, 8)), st.sampled_from(CLOCKS)), min_size=1, max_size=8),
    st.data(),
)
def test_suggestions_of_segments_are_those_of_all_their_articles(
    tmp_path_factory: pytest.TempPathFactory,
    articles: list[Article],
    asked: list[tuple[str, int, datetime]],
    data: st.DataObject,
):
    gone = {article.key for article in articles if data.draw(st.sampled_from((True, False, False, False)))}
    batches = [articles[start::3] for start in range(3)]
    folder = write_segments(tmp_path_factory.mktemp("index"), filter(None, batches), without=gone)
    with open_segments(folder) as stored:
        segments = [SearchableSegment(one, STEMS, Memory()) for one in stored]
        suggester = Suggester(segments, STEMS, Memory(), WITH_BODY)  # the segments have all text
        for prefix, size, now in asked:
            visible = [article for article in articles if article.key not in gone and is_visible(article, now)]
            request = SuggestRequest(now=now, prefix=prefix, size=size)
            assert suggesting_of(suggester, segments, request).exact == exact_suggestions(prefix, visible, size)


def test_counts_of_all_segments_add_up_and_the_newest_article_is_taken(tmp_path: Path):
    batches = [[titled("a", "Robots"), titled("b", "Other")], [titled("c", "ROBOTS")], [titled("d", "More")]]
    with open_segments(write_segments(tmp_path / "index", batches)) as stored:
        segments = [SearchableSegment(one, STEMS, Memory()) for one in stored]
        suggester = Suggester(segments, STEMS, Memory())
        [title, word] = suggesting_of(suggester, segments, SuggestRequest(now=NOW, prefix="rob")).exact
    assert (title.kind, title.text, title.count) == (SuggestionKind.TITLE, "Robots", 2)
    assert (word.kind, word.text, word.count) == (SuggestionKind.WORD, "robots", 2)


def test_what_stands_at_a_moment_is_kept_until_something_becomes_visible(tmp_path: Path):
    soon = titled("b", "Robots soon", days=-2)
    with open_segments(write_segments(tmp_path / "index", [[titled("a", "Robots now"), soon]])) as stored:
        segments = [SearchableSegment(one, STEMS, Memory()) for one in stored]
        suggester = Suggester(segments, STEMS, Memory())
        for days, expected in ((0, 1), (1, 1), (2, 2), (3, 2), (0, 1)):
            found = suggesting_of(suggester, segments, SuggestRequest(now=NOW + days * DAY, prefix="robots ")).exact
            assert len(found) == expected


def test_of_two_ways_to_a_provider_or_a_word_one_is_taken(tmp_path: Path):
    # Both the name and the domain, and both forms of the word, are near to what was typed.
    provider = Provider(domain="harbour.example", name="Harbours")
    articles = [replace(titled(key, "Other"), excerpt="Harbour, harbours", provider=provider) for key in "ab"]
    with open_segments(write_segments(tmp_path / "index", [articles])) as stored:
        segments = [SearchableSegment(one, STEMS, Memory()) for one in stored]
        suggester = Suggester(segments, STEMS, Memory())
        suggesting = suggesting_of(suggester, segments, SuggestRequest(now=NOW, prefix="harbuor"))
        assert not suggesting.is_enough
        assert [found.kind for found in suggesting.forgiving()] == [SuggestionKind.PROVIDER, SuggestionKind.WORD]
