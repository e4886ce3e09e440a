"""Parts of a query and of a filter that keep an article out."""

from hypothesis import given

from indexer.article import Article
from indexer.query.parser import parse
from indexer.query.tree import Every, Phrase, Query, Some, TextField, Without, Word
from indexer.search.filters import AllOf, Among, AnyOf, AtLeast, Filter, HasImage, Not, NumberField, TermField
from indexer.search.why_not import Unmatched, failed, unmatched
from tests.indexer.whoosh_engine.queries import queries
from tests.plain_filter import matches
from tests.plain_text import plain_match
from tests.samples import full
from tests.strategies import articles, filters

ARTICLE = full("a")  # C++ café opens in 東京. Runners ran.\nThey run\tagain: <b>A.I.</b> & GPT-4


def parts(text: str) -> list[Unmatched]:
    return [*unmatched(parse(text), lambda query: plain_match(ARTICLE, query))]


def conditions(condition: Filter) -> list[Filter]:
    return [*failed(condition, lambda part: matches(ARTICLE, part))]


def test_each_word_that_is_missing_is_named() -> None:
    assert parts("run cafe") == []
    assert parts("run owl cafe mill*") == [Unmatched(parse("owl")), Unmatched(parse("mill*"))]


def test_a_word_that_another_field_has_is_named_with_that_field() -> None:
    assert parts("machine") == [Unmatched(Word("machine"), (TextField.TOPIC,))]
    assert parts("title:run") == [Unmatched(Word("run", (TextField.TITLE,)), (TextField.EXCERPT,))]


def test_a_phrase_is_told_from_its_words() -> None:
    assert parts('"run ran"') == [Unmatched(Phrase(("run", "ran")), is_scattered=True)]
    assert parts('"run owl"') == [Unmatched(Phrase(("run", "owl")))]


def test_of_several_alternatives_each_is_named_with_the_others() -> None:
    owl, mill = Word("owl"), Word("mill")
    assert parts("owl OR mill") == [Unmatched(owl, others=(mill,)), Unmatched(mill, others=(owl,))]
    assert parts("owl OR run") == []


def test_spellings_of_one_word_are_named_once() -> None:
    assert parts("wi-fi") == [Unmatched(Phrase(("wi", "fi")))]
    assert parts("mp3") == [Unmatched(Word("mp3"))]


def test_an_excluded_word_is_named_as_such() -> None:
    assert parts("-run") == [Unmatched(Without(Word("run")))]
    assert parts('-"they run"') == [Unmatched(Without(Phrase(("they", "run"))))]
    assert parts("-GPT-4") == [Unmatched(Without(Phrase(("gpt", "4"))))]
    assert parts("-owl") == []


def test_what_was_not_typed_but_meant_besides_would_do_as_well() -> None:
    owl, synonym = Word("owl"), Word("strix", weight=0.5)
    holds = {True: [], False: [Unmatched(owl, others=(synonym,))]}
    for is_there, expected in holds.items():
        assert [*unmatched(Some((owl, synonym)), lambda _, answer=is_there: answer)] == expected
    only = [*unmatched(Some((synonym,)), lambda _: False)]
    assert [one.query for one in only] == [synonym]


@given(articles, queries)
def test_something_is_named_exactly_where_a_query_does_not_match(article: Article, query: Query) -> None:
    def holds(part: Query) -> bool:
        return plain_match(article, part)

    found = [*unmatched(query, holds)]
    assert bool(found) is not holds(query)
    assert not any(holds(one.query) for one in found)
    assert not any(isinstance(one.query, Every) and one.query.queries for one in found)


def test_the_innermost_condition_is_named() -> None:
    good, heat = AtLeast(NumberField.QUALITY, 50), AtLeast(NumberField.HEAT, 1)
    sport = Among(TermField.TOPIC, frozenset({"sport"}))
    assert conditions(AllOf((heat, AllOf((good, heat)), sport))) == [good, sport]
    assert conditions(Not(AllOf((heat,)))) == [Not(heat)]
    assert conditions(Not(AnyOf((good, heat, HasImage())))) == [Not(heat), Not(HasImage())]
    assert conditions(Not(Not(good))) == [good]


def test_of_conditions_of_which_one_is_enough_all_are_named() -> None:
    good, sport = AtLeast(NumberField.QUALITY, 50), Among(TermField.TOPIC, frozenset({"sport"}))
    assert conditions(AnyOf((good, AllOf((sport, HasImage()))))) == [good, sport]
    assert conditions(Not(AllOf((HasImage(), AtLeast(NumberField.HEAT, 1))))) == [
        Not(HasImage()),
        Not(AtLeast(NumberField.HEAT, 1)),
    ]


def test_what_is_empty_is_named_as_it_is() -> None:
    assert conditions(AllOf((HasImage(), AnyOf()))) == [AnyOf()]
    assert conditions(Not(AllOf())) == [Not(AllOf())]


@given(articles, filters)
def test_a_condition_is_named_exactly_where_a_filter_does_not_match(article: Article, condition: Filter) -> None:
    def holds(part: Filter) -> bool:
        return matches(article, part)

    found = [*failed(condition, holds)]
    assert bool(found) is not holds(condition)
    assert not any(holds(one) for one in found)
    assert not any(isinstance(one, AllOf | AnyOf) and one.filters for one in found)


def test_some_is_no_reason_by_itself() -> None:
    assert not any(isinstance(one.query, Some) for one in parts("owl OR mill OR gpt-5"))
