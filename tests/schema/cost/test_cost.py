"""The cost of operations, rule by rule, and that an answer never has more objects than it cost."""

import math
import re
from pathlib import Path

import orjson
import pytest
from graphql import (
    DocumentNode,
    SelectionSetNode,
    Visitor,
    get_introspection_query,
    get_operation_ast,
    parse,
    visit,
)
from graphql.execution.values import VariableValues
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.compiler.resolving import graphql_schema
from schema.compiler.variables import Variables
from schema.cost.cost import MOST, Cost, too_dear
from schema.cost.prices import DOCUMENT, PRICES, TOKEN
from schema.execution.executor import Execution, Executor
from schema.execution.request import GraphQLRequest
from schema.limits.limits import Limits, Switch
from schema.schema import build_schema
from tests.plain_engine import PlainEngine
from tests.samples import NOW, full, plain
from tests.schema.client import Client
from tests.schema.compiler.operations import documents, values
from tests.schema.engines import CountingEngine

README = Path(__file__).parents[3] / "README.md"
SCHEMA = graphql_schema(build_schema())
ENGINE = PlainEngine([full("a"), *map(plain, "bcd")])
UNLIMITED = Limits(
    max_depth=100, max_aliases=10_000, max_tokens=100_000, max_fields=10_000, max_cost=MOST, development=Switch.ON
)


def cost(query: str, **variables: object) -> int:
    return cost_of(parse(query), variables)


def cost_of(document: DocumentNode, variables: dict[str, object]) -> int:
    node = get_operation_ast(document)
    assert node
    coerced = Variables(SCHEMA, node).coerced(variables)
    assert isinstance(coerced, VariableValues)
    return priced(document).of(coerced.coerced)


def priced(document: DocumentNode) -> Cost:
    node = get_operation_ast(document)
    assert node
    return Cost(SCHEMA, node, document, longest_text=500)


NOTHING = cost("{ __typename }")
LIST = cost("{ articles(first: 0) { nodes { key } } }")
ENTRY = cost("{ articles(first: 1) { nodes { key } } }") - LIST
PROVIDER = 2  # the lookup of its newest article


def test_an_answer_without_anything_in_it_costs_one():
    assert NOTHING == 1


@pytest.mark.parametrize(
    ("arguments", "entries"),
    [
        ("", 20),
        ("(first: 3)", 3),
        ("(last: 3)", 3),
        ("(first: null)", 20),
        ("(first: null, last: 4)", 4),
        ("(first: 2, last: 4)", 4),
        ("(first: -1)", 0),
        ("(first: 2000000000)", 100),
    ],
)
def test_a_page_costs_as_many_entries_as_it_may_have(arguments: str, entries: int):
    assert cost(f"{{ articles{arguments} {{ nodes {{ key }} }} }}") == LIST + entries * ENTRY


@pytest.mark.parametrize(
    ("query", "entries"),
    [
        ('{ suggest(prefix: "") { text } }', 8),
        ('{ suggest(prefix: "", first: null) { text } }', 8),
        ('{ article(key: "a") { relatedBy { key } } }', 20),
        ('{ article(key: "a") { similar { key } } }', 6),
        ("{ articles(first: 0) { facets { topics { values { count } } } } }", 10),
        ("{ articles(first: 0) { facets { months { values { count } } } } }", 12),
        ("{ articles(first: 90) { facets { topics(first: 4) { values { count } } } } }", 4),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 3),
    ],
)
def test_sizes_are_those_of_the_nearest_field_that_has_any(query: str, entries: int):
    """One more scalar than those that an object has for nothing shows how many objects there are."""
    name = query[:-1].rstrip("} ").split()[-1]
    more = query.replace(f"{{ {name} }}", "{ " + " ".join(f"a{number}: {name}" for number in range(6)) + " }")
    assert cost(more) - cost(query) == entries


@pytest.mark.parametrize(("variables", "entries"), [({"n": 3}, 3), ({}, 20), ({"n": None}, 20)])
def test_sizes_are_read_from_variables(variables: dict[str, object], entries: int):
    query = "query ($n: Int) { articles(first: $n) { nodes { key } } }"
    assert cost(query, **variables) == LIST + entries * ENTRY
    assert cost(query.replace("$n: Int", "$n: Int = 7")) == LIST + 7 * ENTRY


def test_ids_are_counted_in_variables():
    one, three = (cost("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["a"] * count) for count in (1, 3))
    assert one == cost('{ nodes(ids: "a") { id } }')
    assert three == cost('query ($id: ID! = "a") { nodes(ids: [$id, "b", $id]) { id } }')
    assert three - NOTHING == 3 * (one - NOTHING)


def test_pages_within_pages_multiply():
    within = cost("{ articles(first: 10) { nodes { provider { articles(first: 10) { nodes { key } } } } } }")
    assert within > 100 * ENTRY
    assert within == LIST + 10 * (ENTRY + PROVIDER + 1 + (LIST - NOTHING) + 10 * ENTRY)


def test_lists_that_the_content_decides_on_have_a_size_that_is_assumed():
    without = cost('{ article(key: "a") { key } }')
    assert cost('{ article(key: "a") { key related { title images { url } } } }') == without + 3 * (1 + 1)


def test_five_scalars_of_an_object_cost_nothing():
    scalars = [f"a{number}: key" for number in range(11)]
    costs = [cost(f'{{ article(key: "a") {{ {" ".join(scalars[:count])} }} }}') for count in (1, 5, 6, 10, 11)]
    assert [each - costs[0] for each in costs] == [0, 0, 1, 1, 2]


@pytest.mark.parametrize(
    "dear",
    [
        "nodes { similar(first: 0) { key } }",
        "nodes { relatedBy(first: 0) { key } }",
        'nodes { whyNot(search: "a") { rank } }',
        "edges { highlights { title { html } } }",
        "edges { explain { score } }",
        "totalCount",
        "facets { topics(first: 0) { totalCount } }",
        "facets { quality { mean } }",
    ],
)
def test_what_takes_long_has_a_price_of_its_own(dear: str):
    scalar = cost("{ articles(first: 1) { nodes { key } edges { cursor node { key } } facets { __typename } } }")
    assert cost(f"{{ articles(first: 1) {{ {dear} nodes {{ key }} edges {{ cursor node {{ key }} }} }} }}") > scalar


def test_a_search_costs_more_the_longer_it_is():
    query = "query ($text: String) { articles(search: $text, first: 0) { nodes { key } } }"
    costs = [cost(query, text=text) for text in (None, "", "a", "a" * 10, "a" * 11, "a" * 500, "a" * 10_000)]
    assert costs[0] == costs[1] == LIST
    assert LIST < costs[2] == costs[3] < costs[4] < costs[5]
    assert costs[6] == costs[5], "what is too long is refused when it is looked at, with a better message"
    assert cost(query) == LIST


def test_entries_that_are_passed_over_cost_by_the_hundred():
    query = "query ($n: Int) { articles(offset: $n, first: 0) { nodes { key } } }"
    price = PRICES["Query.articles"].passed
    for offset, hundreds in ((None, 0), (0, 0), (1, 1), (100, 1), (101, 2), (10_000, 100)):
        assert cost(query, n=offset) == LIST + hundreds * price
        written = query.replace("query ($n: Int) ", "").replace("$n", "null" if offset is None else str(offset))
        assert cost(written) == LIST + hundreds * price
    assert cost(query, n=2**31 - 1) == LIST + 100 * price, "what is refused costs no more"
    assert cost(query, n=-(2**31)) == LIST


@pytest.mark.parametrize("names", ["topic: $n", "provider: $n", "topic: $n, provider: $n"])
def test_suggestions_from_some_articles_cost_more(names: str):
    query = f'query ($n: [String!]) {{ suggest(prefix: "a", {names}) {{ text }} }}'
    price, times = PRICES["Query.suggest"], names.count("$n")
    everywhere = cost(query, n=None)
    assert everywhere == cost('{ suggest(prefix: "a") { text } }')
    assert cost(query, n="a") == cost(query, n=["a"]) == everywhere + price.filtered + times * price.condition
    assert cost(query, n=["a", "b"]) == everywhere + price.filtered + 2 * times * price.condition


def test_a_filter_costs_as_much_as_it_has_values():
    query = "query ($f: ArticleFilter) { articles(filter: $f, first: 0) { nodes { key } } }"
    assert cost(query) == LIST
    one = PRICES["Query.articles"].condition
    three = LIST + PRICES["Query.articles"].filtered + 3 * one
    assert cost(query, f={"qualityAtLeast": 1, "topics": {"any": ["a", "b"], "none": None}}) == three
    assert cost(query, f={"qualityAtLeast": 1, "and": [{}, {"topics": {"any": None}}]}) == three
    empty = "{qualityAtLeast: 1, and: [{}, {topics: {any: null}}]}"
    assert cost(f"{{ articles(filter: {empty}, first: 0) {{ nodes {{ key }} }} }}") == three
    written = '{qualityAtLeast: 1, or: [{topics: {any: ["a", $t], all: null}}]}'
    assert (
        cost(f"query ($t: String!) {{ articles(filter: {written}, first: 0) {{ nodes {{ key }} }} }}", t="b") == three
    )


@pytest.mark.parametrize(
    "condition", ["@skip(if: true)", "@include(if: false)", "@skip(if: $yes)", "@include(if: $no)"]
)
def test_what_is_left_out_costs_nothing(condition: str):
    query = f"""query ($yes: Boolean!, $no: Boolean = false) {{
      articles(first: 0) {{ nodes {{ key }} }}
      ... {condition} {{ index {{ generation }} }} index {condition} {{ generation }} ...F {condition}
    }} fragment F on Query {{ index {{ generation }} }}"""
    assert cost(query, yes=True) == LIST
    swapped = {
        "true": "false",
        "false": "true",
        "skip(if: $yes)": "include(if: $yes)",
        "include(if: $no)": "skip(if: $no)",
    }
    kept = next(query.replace(old, new) for old, new in swapped.items() if old in condition)
    assert cost(kept, yes=True) > LIST


def test_a_condition_that_is_null_leaves_nothing_out():
    """Its value is an error, but one that comes late."""
    query = "query ($no: Boolean = false) { index @include(if: $no) { generation } __typename }"
    assert cost(query, no=None) > cost(query)


def test_each_alias_is_an_object_of_its_own_and_one_name_is_one_object():
    named = "articles(first: 5) { nodes { provider { name } } }"
    fragment = "fragment A on ArticleConnection { nodes { provider { name } } }"
    one = cost(f"{{ {named} }}")
    assert cost(f"{{ a: {named} b: {named} }}") == one + one - NOTHING
    two = cost("{ articles(first: 5) { nodes { provider { name } p: provider { name } } } }")
    assert two == one + 5 * (PROVIDER + 1)
    assert cost("{ articles(first: 5) { nodes { provider { name } provider { domain } } } }") == one
    assert cost(f"{{ articles(first: 5) {{ ...A ...A }} }} {fragment}") == one


def test_of_several_types_the_dearest_is_paid():
    similar, images = "... on Article { similar { key } }", "... on Provider { images { url } }"
    both, first, second = (
        cost(f'{{ node(id: "a") {{ {selected} }} }}') for selected in (f"{similar} {images}", similar, images)
    )
    assert both == first > second > cost('{ node(id: "a") { id } }')


def test_fragments_within_fragments_are_reckoned_fast():
    """Each of forty is spread twice in the one before, under two names: there are a trillion ways through them."""
    inner = "{{ articles(first: 1) {{ nodes {{ ...F{0} }} }} }}"
    twice = f"a: provider {inner} b: provider {inner}"
    fragments = (f"fragment F{number} on Article {{ {twice.format(number + 1)} }}" for number in range(40))
    document = "{ articles { nodes { ...F0 } } } fragment F40 on Article { key } " + " ".join(fragments)
    assert cost(document) == MOST


def test_questions_about_the_schema_cost_as_much_as_the_schema_is_big():
    types = "{ __schema { types { name fields { name args { name } type { name } } } } }"
    one = cost(types)
    assert one > len(SCHEMA.type_map)
    aliases = " ".join(f"a{number}: {types[1:-1]}" for number in range(30))
    assert cost(f"{{ {aliases} }}") == 30 * (one - NOTHING) + NOTHING > Limits().max_cost


ALL = """query ($first: Int, $text: String = "facial recognition") { articles(search: $text, first: $first) {
  totalCount pageInfo { hasNextPage endCursor } search { didYouMean relaxed leftOut words { word match found } }
  facets {
    topics { values { value name count } } providers { values { value name count } } months { values { value count } }
    categories { values { value name count } } types { values { value name count } }
    quality { min max mean count } heat { min max mean count }
  }
  edges {
    cursor score
    highlights { title { html ranges { start end } } excerpt { html fragment { html ranges { start end } } } }
    node {
      id key title excerpt body category type quality heat publishedDateTime webUrl ampWebUrl cdnAmpWebUrl topics
      provider { id name domain images { url width height title } } images { url width height title }
      related { title excerpt publishedDateTime webUrl type quality provider { name domain } images { url } }
    }
  }
} }"""


@pytest.mark.parametrize("query", [ALL, get_introspection_query(input_value_deprecation=True)], ids=["all", "graphiql"])
def test_what_clients_ask_for_costs_less_than_half_of_what_is_allowed(query: str):
    assert 2 * (priced(parse(query)).reading + cost(query, first=100)) < Limits().max_cost


@pytest.mark.parametrize("query", re.findall(r"```graphql\n(.*?)```", README.read_text("utf-8"), re.DOTALL))
def test_the_examples_of_the_readme_cost_little(query: str):
    assert 20 * cost(query) < Limits().max_cost


def test_the_readme_names_the_refusal_as_it_is():
    query = "{ articles(first: 100) { nodes { provider { articles(first: 100) { nodes { key } } } } } }"
    error = too_dear(priced(parse(query)).reading + cost(query), most=Limits().max_cost)
    assert error
    assert f'"message": "{error.message}"' in README.read_text("utf-8")


def test_a_document_costs_by_its_words_and_signs():
    query = "{ articles(first: 3) { ...A } } fragment A on ArticleConnection { nodes { key } }"
    tokens = re.findall(r"\.\.\.|\w+|[^\s\w]", query)
    assert priced(parse(query)).reading == DOCUMENT + math.ceil(TOKEN * len(tokens))
    assert priced(parse(f"{' ' * 999}\n,,{query}")).reading == priced(parse(query)).reading


def test_a_cost_that_is_known_is_not_reckoned_again():
    document = parse("query ($n: Int, $text: String) { articles(first: $n, search: $text) { nodes { key } } }")
    price = priced(document)
    costs = [price.of({"n": number % 100, "text": "a" * (number % 7)}) for number in range(300)]
    assert costs == [price.of({"n": number % 100, "text": "a" * (number % 7)}) for number in range(300)]
    assert len(set(costs)) > 100


@pytest.mark.parametrize("execution", Execution)
@pytest.mark.parametrize("padding", ["", "#" + " " * 30_000])
async def test_what_costs_too_much_is_refused_before_anything_is_executed(execution: Execution, padding: str):
    """However it would be executed, and whether the document is remembered or too long for that."""
    engine = CountingEngine(ENGINE)
    query = padding + "\nquery Q($n: Int = 4) { articles(first: $n) { nodes { key } } }"
    most = priced(parse(query)).reading + LIST + 3 * ENTRY
    client = Client(engine, limits=Limits(max_cost=most), execution=execution)
    (error,) = await client.errors(query)
    assert engine.calls == []
    assert error["message"] == (
        f"The query costs {most + ENTRY}, and at most {most} is allowed. "
        "Ask for smaller pages, for fewer lists within lists, or for less in each entry."
    )
    assert error["extensions"] == {
        "code": "OPERATION_TOO_COSTLY",
        "cost": most + ENTRY,
        "maxCost": most,
    }
    answer = await client.answer(query)
    assert (answer.executed, answer.operation, answer.error_codes) == (False, "Q", ("OPERATION_TOO_COSTLY",))
    assert len((await client.data(query, n=3))["articles"]["nodes"]) == 3


@pytest.mark.parametrize("execution", Execution)
async def test_variables_that_do_not_fit_are_reported_first(execution: Execution):
    client = Client(ENGINE, limits=Limits(max_cost=1), execution=execution)
    query = "query ($n: Int!) { articles(first: $n) { nodes { key } } }"
    assert (await client.refusal(query)).startswith("Variable '$n' has invalid value")
    assert (await client.refusal(query, n="x")).startswith("Variable '$n' has invalid value")
    assert "costs" in (await client.errors(query, n=1))[0]["message"]


async def test_only_the_operation_that_is_executed_has_to_be_paid():
    query = "query Dear { articles { nodes { key } } } query Cheap { __typename }"
    most = Cost(SCHEMA, parse("{ __typename }").definitions[0], parse(query), longest_text=500).reading + 5
    executor = Executor(
        ENGINE, schema=build_schema(), limits=Limits(max_cost=most), asset_base_url=None, clock=lambda: NOW
    )
    for name, codes in (("Dear", ("OPERATION_TOO_COSTLY",)), ("Cheap", ())):
        answer = await executor.execute(GraphQLRequest(query=query, operation_name=name))
        assert (answer.operation, answer.error_codes) == (name, codes)


EXECUTOR = Executor(ENGINE, schema=build_schema(), limits=UNLIMITED, asset_base_url=None, clock=lambda: NOW)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), values)
async def test_an_answer_has_no_more_objects_than_it_cost(query: str, variables: dict[str, object]) -> None:
    answer = await EXECUTOR.execute(GraphQLRequest(query=query, variables=variables))
    data = orjson.loads(answer.body).get("data")
    if data is not None:
        assert objects(data) <= cost(query, **variables)


def objects(value: object) -> int:
    if isinstance(value, dict):
        return 1 + sum(map(objects, value.values()))
    return sum(map(objects, value)) if isinstance(value, list) else 0


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(documents(), st.data())
def test_to_select_less_never_costs_more(query: str, data: st.DataObject) -> None:
    variables: dict[str, object] = {"yes": True, "no": False, "first": 2, "text": "ran", "key": "a"}
    document = parse(query)
    sets = SelectionSets()
    visit(document, sets)
    place = data.draw(st.integers(0, len(sets.sizes) - 1))
    less = visit(document, Without(place, data.draw(st.integers(0, sets.sizes[place] - 1))))
    assert cost_of(less, variables) <= cost_of(document, variables)


class SelectionSets(Visitor):
    """The amount that each set selects, in the order in which they end."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def leave_selection_set(self, node: SelectionSetNode, *_args: object) -> SelectionSetNode | None:
        self.sizes.append(len(node.selections))
        return None


class Without(SelectionSets):
    """Leaves one selection of one set out."""

    def __init__(self, place: int, number: int) -> None:
        super().__init__()
        self._place = place
        self._number = number

    def leave_selection_set(self, node: SelectionSetNode, *args: object) -> SelectionSetNode | None:
        super().leave_selection_set(node, *args)
        if len(self.sizes) != self._place + 1:
            return None
        rest = (*node.selections[: self._number], *node.selections[self._number + 1 :])
        return SelectionSetNode(selections=rest)


def test_what_is_tuned_costs_more_than_what_is_not():
    """All matches are weighed and sorted, whatever the page is."""
    plain, tuned = "{ articles { totalCount } }", "{ articles(tuning: { maxPerProvider: 1 }) { totalCount } }"
    assert cost(tuned) - cost(plain) == 400
    assert cost(tuned.replace("{ maxPerProvider: 1 }", "{}")) == cost(plain)
    given = "query ($tuning: RankingTuning) { articles(tuning: $tuning) { totalCount } }"
    assert cost(given, tuning={"maxPerProvider": 1}) == cost(tuned)
    assert cost(given, tuning=None) == cost(plain)
