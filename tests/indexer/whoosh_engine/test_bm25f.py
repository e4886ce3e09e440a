"""Scores, against the formula written out for one document after another."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace
from statistics import fmean
from typing import Any

import numpy as np
import pytest
import Stemmer
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.analysis import terms
from indexer.article import Article
from indexer.errors import RequestError
from indexer.language import parse
from indexer.query import Every, Phrase, Prefix, Query, Some, TextField, Without, Word
from indexer.search import Ranking, SearchRequest
from indexer.whoosh_engine.bm25f import FIELD_WEIGHTS, OTHER_FORM, SATURATION, Statistics, normalised, saturated
from indexer.whoosh_engine.engine import WhooshEngine
from tests.asking import ALL, ask
from tests.indexer.whoosh_engine.segments import split, write_segments
from tests.indexer.whoosh_engine.typed import searches
from tests.samples import NOW, plain
from tests.strategies import corpora

WITH_LENGTH = (TextField.TITLE, TextField.EXCERPT)


class PlainBm25f:
    """BM25F of Robertson, Zaragoza and Taylor, with `OTHER_FORM` for other forms of a word."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self.mean_lengths = {
            field: fmean(len(words_of(article, field)) for article in articles) if articles else 0.0
            for field in WITH_LENGTH
        }

    def score(self, article: Article, query: Query) -> float | None:
        """How well the article matches; None where it does not."""
        match query:
            case Word() | Prefix():
                frequency = self.frequency(article, query)
                return self.rarity(query) * frequency / (SATURATION + frequency) if frequency else None
            case Phrase():
                parts = [self.score(article, word) for word in query.words()]
                return sum(part or 0.0 for part in parts) if has_phrase(article, query) else None
            case Some(queries):
                matched = [part for one in queries if (part := self.score(article, one)) is not None]
                return sum(matched) if matched else None
            case Every(queries):
                required = [self.score(article, one) for one in queries]
                return None if None in required else sum(part or 0.0 for part in required)
            case Without(part):
                return 0.0 if self.score(article, part) is None else None

    def frequency(self, article: Article, leaf: Word | Prefix) -> float:
        total = 0.0
        for field in leaf.fields:
            words, weight = words_of(article, field), FIELD_WEIGHTS[field]
            count = sum(worth(word, leaf) for word in words)
            if count and field in WITH_LENGTH:
                count /= 1 - weight.length_penalty + weight.length_penalty * len(words) / self.mean_lengths[field]
            total += weight.weight * count
        return total

    def rarity(self, leaf: Word | Prefix) -> float:
        count = sum(self.frequency(article, leaf) > 0 for article in self.articles)
        return math.log(1 + (len(self.articles) - count + 0.5) / (count + 0.5))


def words_of(article: Article, field: TextField) -> list[str]:
    return [word for text in texts_of(article, field) for word in terms(text)]


def texts_of(article: Article, field: TextField) -> tuple[str, ...]:
    return {
        TextField.TITLE: (article.title,),
        TextField.EXCERPT: (article.excerpt or "",),
        TextField.TOPIC: article.topics,
        TextField.PROVIDER: (f"{article.provider.name or ''} {article.provider.domain}",),
    }[field]


def stem(word: str) -> str:
    return Stemmer.Stemmer("english").stemWord(word) if word.isalpha() else word


def worth(word: str, leaf: Word | Prefix) -> float:
    """What an occurrence of `word` counts for what is looked for."""
    if isinstance(leaf, Prefix):
        return float(word.startswith(leaf.prefix))
    if word == leaf.term:
        return 1.0
    return OTHER_FORM if stem(word) == stem(leaf.term) else 0.0


def has_phrase(article: Article, phrase: Phrase) -> bool:
    wanted = [stem(term) for term in phrase.terms]
    for text in (text for field in phrase.fields for text in texts_of(article, field)):
        stems = [stem(word) for word in terms(text)]
        if any(stems[start : start + len(wanted)] == wanted for start in range(len(stems))):
            return True
    return False


@settings(max_examples=60)
@given(st.data())
async def test_scores_are_those_of_the_formula_in_any_number_of_segments(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    articles = data.draw(corpora())
    gone = {article.key for article in articles if data.draw(st.sampled_from((True, False, False, False)))}
    batches = split(articles, data.draw(st.integers(1, 3)))
    engine = await WhooshEngine.open(write_segments(tmp_path_factory.mktemp("index"), batches, without=gone))
    live = [article for article in articles if article.key not in gone]
    oracle = PlainBm25f(live)
    for text in data.draw(searches(articles)):
        result = await ask(engine, SearchRequest(now=NOW, text=text, ranking=Ranking.RELEVANCE, window=ALL))
        expected = {article.key: oracle.score(article, parse(text)) for article in live if article.is_visible(NOW)}
        assert {hit.article.key for hit in result.hits} == {key for key, s in expected.items() if s is not None}
        for hit in result.hits:
            if hit.score is not None:
                assert hit.score == pytest.approx(expected[hit.article.key], abs=1e-9)
    await engine.close()


async def test_a_long_text_counts_less_and_the_typed_form_more(tmp_path_factory: pytest.TempPathFactory) -> None:
    titles = {"b": "runs", "a": "running", "c": "a marathon that runs on", "d": "rested", "e": "slept"}
    articles = [replace(plain(key), title=title) for key, title in titles.items()]
    engine = await WhooshEngine.open(write_segments(tmp_path_factory.mktemp("index"), [articles]))
    result = await ask(engine, SearchRequest(now=NOW, text="runs", ranking=Ranking.RELEVANCE, window=ALL))
    assert [hit.article.key for hit in result.hits] == ["b", "a", "c"]
    await engine.close()


def test_one_word_twice_is_less_than_two_words() -> None:
    once, twice = saturated(np.array([1.0, 2.0]), 1.0)
    assert once < twice < 2 * once
    assert saturated(np.array([1e9]), 3.0)[0] == pytest.approx(3.0)


def test_without_a_mean_length_no_length_is_held_against_anyone() -> None:
    counts, lengths = np.array([1.0, 2.0]), np.array([1, 100])
    assert list(normalised(TextField.TITLE, counts, lengths, 0.0)) == [3.0, 6.0]
    assert list(normalised(TextField.TOPIC, counts, None, 0.0)) == [1.0, 2.0]


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
statistics = st.builds(
    Statistics,
    st.integers(100, 10**6),
    st.dictionaries(words, st.floats(0, 1e6)),
    st.dictionaries(words, st.integers(0, 100)),
)


@given(statistics)
def test_statistics_come_back_from_their_text(original: Statistics) -> None:
    assert Statistics.decoded(original.encoded()) == original


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(("nan", "inf", "-1", "x"))
values = st.recursive(
    st.none() | st.booleans() | numbers, lambda inner: st.lists(inner) | st.dictionaries(words, inner)
)
tampered = st.tuples(
    values | numbers, st.dictionaries(words, numbers) | values, st.dictionaries(words, numbers) | values
)


@given(tampered.map(json.dumps) | values.map(json.dumps) | st.text())
@example('[-1, {}, {"w": 0}]')
@example('[1, {"title": "nan"}, {}]')
@example("[1, {}, {}")
@example("\ud800")
def test_statistics_that_a_client_made_up_are_refused_or_harmless(text: str) -> None:
    # They come back with a cursor, from anyone.
    try:
        made_up = Statistics.decoded(text)
    except RequestError:
        return
    assert all(math.isfinite(length) and length >= 0 for length in made_up.mean_lengths.values())
    assert all(made_up.rarity(word) > 0 for word in (*made_up.document_frequencies, "unknown"))


def test_a_rare_word_weighs_more() -> None:
    known: dict[str, Any] = {"rare": 1, "common": 90, "everywhere": 100}
    rarities = [Statistics(100, {}, known).rarity(word) for word in ("unknown", *known)]
    assert rarities == sorted(rarities, reverse=True)
    assert rarities[-1] > 0
