"""Articles taken apart, against doing so in the plainest way."""

from hypothesis import given

from indexer.article import Article
from indexer.columns.values import urls_of
from tests.indexer.whoosh_engine.gathered import assert_same, contents_of
from tests.indexer.whoosh_engine.segments import taken
from tests.samples import full, plain
from tests.strategies import corpora


@given(corpora())
def test_a_builder_collects_all_that_articles_hold(articles: list[Article]) -> None:
    builder = taken(articles)
    assert len(builder) == len(articles)
    assert_same(builder.contents(), contents_of(articles))


def test_a_builder_knows_articles_with_everything_and_with_nothing() -> None:
    articles = [full("b"), plain("a"), full("c")]
    builder = taken(articles)
    assert_same(builder.contents(), contents_of(articles))
    for number, article in enumerate(articles):
        assert all(number in builder.addresses().candidates(url) for url in urls_of(article))


def test_what_was_taken_out_of_a_builder_does_not_grow_with_it() -> None:
    # The writer goes on with a new one, but what is being written must not depend on that.
    builder = taken([plain("a")])
    assert [*builder.contents().keys] == ["a"]
    builder.add(plain("b"))
    assert_same(builder.contents(), contents_of([plain("a"), plain("b")]))
