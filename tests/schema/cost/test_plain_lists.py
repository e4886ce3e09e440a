"""A list costs the same in GraphQL and without it."""

import pytest
from graphql import get_operation_ast, parse
from graphql.execution.values import VariableValues

from gateway.lists.facets import SPREADS, VALUES
from indexer.errors import RequestError
from schema.compiler.resolving import graphql_schema
from schema.compiler.variables import Variables
from schema.cost.cost import Cost
from schema.cost.plain_lists import check_cost, cost_of_list, cost_of_suggestions
from schema.limits.limits import Limits
from schema.schema import build_schema

SCHEMA = graphql_schema(build_schema())
SHOWN = """query ($text: String, $filter: ArticleFilter, $size: Int, $offset: Int) {
  articles(search: $text, filter: $filter, first: $size, offset: $offset) {
    FACETS
    totalCount pageInfo { hasNextPage endCursor } search { didYouMean leftOut }
    edges {
      score highlights { title { html } excerpt { fragment { html } } }
      node {
        key title excerpt publishedDateTime webUrl topics
        provider { name domain } images { url width height title }
      }
    }
  }
}"""
"""All that `/search.json` shows of a list; feeds show less."""


SUGGESTED = """query ($size: Int, $topic: [String!]) {
  suggest(prefix: "a", first: $size, topic: $topic) {
    kind text count ranges { start end } article { key publishedDateTime webUrl }
  }
}"""
"""All that `/suggest.json` shows."""


def in_graphql(query: str, **variables: object) -> int:
    document = parse(query)
    node = get_operation_ast(document)
    assert node
    coerced = Variables(SCHEMA, node).coerced(variables)
    assert isinstance(coerced, VariableValues)
    return Cost(SCHEMA, node, document, longest_text=500).of(coerced.coerced)


@pytest.mark.parametrize("size", [0, 1, 20, 100])
@pytest.mark.parametrize("text", ["", "apples", "x" * 500])
@pytest.mark.parametrize("topics", [(), ("a",), tuple("abc")])
@pytest.mark.parametrize("offset", [0, 40, 10_000])
def test_a_list_costs_what_it_does_in_graphql(text: str, topics: tuple[str, ...], size: int, offset: int):
    condition, shown = {"topics": {"any": list(topics)}}, SHOWN.replace("FACETS", "")
    cost = in_graphql(shown, text=text, filter=condition, size=size, offset=offset)
    assert cost_of_list(text=text, conditions=len(topics), size=size, offset=offset) == cost


@pytest.mark.parametrize("names", [("topics",), ("months", "heat"), (*VALUES, *SPREADS)])
def test_facets_of_a_list_cost_what_they_do_in_graphql(names: tuple[str, ...]):
    counted = " ".join(
        f"{name} {{ {'values { value name count } totalCount' if name in VALUES else 'min max mean count'} }}"
        for name in names
    )
    values = sum(VALUES[name].size for name in names if name in VALUES)
    cost = in_graphql(SHOWN.replace("FACETS", f"facets {{ {counted} }}"), size=20)
    assert cost_of_list(text="", conditions=0, size=20, values=values, facets=len(names)) == cost


@pytest.mark.parametrize("size", [0, 8, 20])
@pytest.mark.parametrize("topics", [[], ["a"], ["a", "b"]])
def test_suggestions_cost_what_they_do_in_graphql(size: int, topics: list[str]):
    cost = in_graphql(SUGGESTED, size=size, topic=topics or None)
    assert cost_of_suggestions(conditions=len(topics), size=size) == cost - 1  # that of the object around all fields


def test_a_list_may_cost_as_much_as_is_allowed_and_no_more():
    check_cost(10, Limits(max_cost=10))
    with pytest.raises(RequestError, match="costs 11, and at most 10 is allowed"):
        check_cost(11, Limits(max_cost=10))
