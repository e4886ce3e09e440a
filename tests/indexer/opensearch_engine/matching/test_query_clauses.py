"""Query trees as clauses. That they match the same articles is proven in a cluster, by the contract of engines."""

import orjson
from hypothesis import given

from indexer.columns.stems import Stems
from indexer.opensearch_engine.matching.query_clauses import QueryClauses
from indexer.opensearch_engine.matching.view import EVERYTHING, NOTHING
from indexer.query.tree import SEARCHED, Every, Phrase, Prefix, Query, Some, TextField, Without, Word
from tests.indexer.whoosh_engine.queries import queries

CLAUSES = QueryClauses(Stems("english"))
TITLE = (TextField.TITLE,)


def test_a_word_is_its_stem_in_any_field() -> None:
    assert CLAUSES.clause(Word("running", TITLE)) == {"term": {"title_stems": "run"}}
    both = [{"term": {"title_stems": "run"}}, {"term": {"excerpt_stems": "run"}}]
    assert CLAUSES.clause(Word("running")) == {"bool": {"should": both, "minimum_should_match": 1}}


def test_a_prefix_is_a_term_of_the_field_of_beginnings() -> None:
    assert CLAUSES.clause(Prefix("runn", TITLE)) == {"term": {"title.prefixes": "runn"}}


def test_a_phrase_is_one_of_stems_and_an_open_one_ends_in_the_field_of_beginnings() -> None:
    closed = CLAUSES.clause(Phrase(("long", "running"), TITLE))
    assert closed == {"match_phrase": {"title_stems": "long run"}}
    rules = [{"match": {"query": "long"}}, {"match": {"query": "ru", "use_field": "title.prefixes"}}]
    assert CLAUSES.clause(Phrase(("long", "ru"), TITLE, is_open=True)) == {
        "intervals": {"title_stems": {"all_of": {"mode": "ordered", "max_gaps": 0, "intervals": rules}}}
    }


def test_nothing_required_is_everything_and_no_alternative_is_nothing() -> None:
    assert CLAUSES.clause(Every()) == EVERYTHING
    assert CLAUSES.clause(Some(())) == NOTHING
    assert CLAUSES.clause(Without(Word("owl", TITLE))) == {"bool": {"must_not": [{"term": {"title_stems": "owl"}}]}}


def test_a_very_long_term_is_as_short_as_it_is_stored() -> None:
    clause = CLAUSES.clause(Word("a" * 5_000, TITLE))
    assert len(clause["term"]["title_stems"]) == 200


def test_half_a_character_is_a_word_that_no_article_has() -> None:
    assert CLAUSES.clause(Word("a\ud800", TITLE)) == {"term": {"title_stems": "a?"}}


@given(queries)
def test_every_query_can_be_sent(query: Query) -> None:
    clause = CLAUSES.clause(query)
    assert orjson.loads(orjson.dumps(clause)) == clause


def test_words_in_fields_of_their_own_do_not_look_elsewhere() -> None:
    for field in TextField:
        assert f"{field}_stems" in str(CLAUSES.clause(Word("owl", (field,))))
    assert "body" not in str(CLAUSES.clause(Word("owl", SEARCHED)))
