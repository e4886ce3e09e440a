"""A list costs the same in GraphQL and without it."""

import pytest
from graphql import get_operation_ast, parse
from graphql.execution.values import VariableValues

from indexer.errors import RequestError
from schema.compiler.resolving import graphql_schema
from schema.compiler.variables import Variables
from schema.cost.cost import Cost
from schema.cost.plain_lists import check_cost, cost_of_list
from schema.limits.limits import Limits
from schema.schema import build_schema

SCHEMA = graphql_schema(build_schema())
SHOWN = """query ($text: String, $filter: ArticleFilter, $size: Int) {
  articles(search: $text, filter: $filter, first: $size) {
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


@pytest.mark.parametrize("size", [0, 1, 20, 100])
@pytest.mark.parametrize("text", ["", "apples", "x" * 500])
@pytest.mark.parametrize("topics", [(), ("a",), tuple("abc")])
def test_a_list_costs_what_it_does_in_graphql(text: str, topics: tuple[str, ...], size: int):
    document = parse(SHOWN)
    node = get_operation_ast(document)
    assert node
    values = {"text": text, "filter": {"topics": {"any": list(topics)}}, "size": size}
    coerced = Variables(SCHEMA, node).coerced(values)
    assert isinstance(coerced, VariableValues)
    cost = Cost(SCHEMA, node, document, longest_text=500).of(coerced.coerced)
    assert cost_of_list(text=text, conditions=len(topics), size=size) == cost


def test_a_list_may_cost_as_much_as_is_allowed_and_no_more():
    check_cost(10, Limits(max_cost=10))
    with pytest.raises(RequestError, match="costs 11, and at most 10 is allowed"):
        check_cost(11, Limits(max_cost=10))
