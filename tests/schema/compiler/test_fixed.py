"""Which objects are the same whoever asks and whenever."""

import pytest
from graphql import GraphQLObjectType, get_operation_ast, parse, validate

from schema.compiler.fixed import is_fixed
from schema.compiler.resolving import graphql_schema
from schema.compiler.selection import Selections, fragments_of
from schema.schema import build_schema

SCHEMA = graphql_schema(build_schema())


def fixed(selected: str, *, fragments: str = "", **conditions: bool) -> bool:
    """Whether an article of which this is selected is fixed."""
    declared = ", ".join(f"${name}: Boolean!" for name in conditions)
    head = f"query ({declared})" if declared else "query"
    document = parse(f'{head} {{ article(key: "a") {{ {selected} }} }} {fragments}')
    assert not validate(SCHEMA, document)
    operation = get_operation_ast(document)
    assert operation is not None
    selections = Selections(schema=SCHEMA, operation=operation, fragments=fragments_of(document), conditions=conditions)
    article = SCHEMA.get_type("Article")
    assert isinstance(article, GraphQLObjectType)
    [nodes] = selections.root(SCHEMA.query_type).values()
    return is_fixed(article, selections.within(article, nodes), selections)


@pytest.mark.parametrize(
    "selected",
    [
        "key",
        "__typename id title excerpt body category type quality heat publishedDateTime webUrl ampWebUrl cdnAmpWebUrl",
        "a: topics b: topics",
        "images { url width height title __typename }",
        "provider { id name domain images { url } }",
        "related { title excerpt publishedDateTime webUrl type quality provider { id name } images { url } }",
        "... { key ... on Node { id } ... on Article { title } }",
    ],
)
def test_what_is_read_from_the_article_itself_is_fixed(selected: str) -> None:
    assert fixed(selected)


@pytest.mark.parametrize(
    "selected",
    [
        "provider { articleCount }",
        "provider { articles { nodes { key } } }",
        "related { article { key } }",
        "related { title provider { domain articleCount } }",
        "relatedBy { key }",
        "similar { key }",
        "similar(first: 1) { key }",
        'whyNot(search: "a") { rank }',
        "key ... { title ... on Node { ... on Article { provider { n: articleCount } } } }",
    ],
)
def test_what_the_index_knows_is_not(selected: str) -> None:
    assert not fixed(selected)
    assert not fixed(f"key {selected} title")


def test_a_fragment_counts_for_what_it_selects() -> None:
    assert fixed("...Card", fragments="fragment Card on Article { key provider { name } }")
    assert not fixed("...Card", fragments="fragment Card on Article { key provider { articleCount } }")


@pytest.mark.parametrize("wanted", [True, False])
def test_what_a_condition_leaves_out_does_not_count(wanted: bool) -> None:  # noqa: FBT001 - the variable's value
    assert fixed("key similar @include(if: $wanted) { key }", wanted=wanted) is not wanted
    assert fixed("key provider { articleCount @skip(if: $wanted) name }", wanted=wanted) is wanted


def test_nodes_of_one_field_count_together() -> None:
    assert not fixed("provider { name } ... { provider { articleCount } }")
