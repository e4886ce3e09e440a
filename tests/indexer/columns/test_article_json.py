"""Articles stored as bytes."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Image, Provider
from indexer.columns.article_json import decoded, encoded
from tests.replacing import replace
from tests.samples import full, plain
from tests.strategies import articles

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(articles, texts, st.none() | texts, st.integers(0, 999_999))
def test_an_article_comes_back_as_it_was(article: Article, title: str, body: str | None, microseconds: int) -> None:
    moment = article.published_date_time + timedelta(microseconds=microseconds)
    article = replace(article, title=title, body=body, published_date_time=moment)
    assert decoded(encoded(article)) == article


def test_an_article_with_everything_and_one_with_nothing_come_back() -> None:
    for article in (full("a"), plain("b")):
        assert decoded(encoded(article)) == article


def test_times_come_back_in_utc_and_lists_as_tuples() -> None:
    # Equal times may be of different zones, and what is served is written as it stands.
    article = decoded(encoded(full("a")))
    quoted = article.related[0]
    assert quoted.published_date_time
    assert {article.published_date_time.tzname(), quoted.published_date_time.tzname()} == {"UTC"}
    parts = (article.topics, article.images, article.related, quoted.images, article.provider.images)
    assert {type(part) for part in parts} == {tuple}
    assert {type(part) for part in (article.provider, quoted.provider)} == {Provider}
    assert isinstance(article.images[0], Image)
    hash(article)
