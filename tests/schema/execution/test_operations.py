"""Operations are remembered, and names that no operation has are not."""

import sys

from graphql import parse

from indexer.memory import Memory
from schema.compiler.resolving import graphql_schema
from schema.execution.executor import Executor
from schema.execution.operations import Operations
from schema.execution.request import GraphQLRequest
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.plain_engine import PlainEngine

TEXT = "query Here { __typename }"


def test_an_operation_is_found_again():
    operations = Operations(graphql_schema(build_schema()), Limits(), Memory())
    first = operations.find(TEXT, parse(TEXT), "Here")
    assert first is not None
    assert operations.find(TEXT, parse(TEXT), "Here") is first


def test_a_name_that_no_operation_has_is_not_kept():
    """Clients can make up any number of names, each as long as they like."""
    operations = Operations(graphql_schema(build_schema()), Limits(), Memory())
    document = parse(TEXT)
    name = "Nowhere" * 20
    before = sys.getrefcount(name)
    assert operations.find(TEXT, document, name) is None
    assert sys.getrefcount(name) == before


async def test_a_request_for_an_operation_with_a_long_name_is_refused():
    executor = Executor(PlainEngine(), schema=build_schema(), limits=Limits(), asset_base_url=None)
    answer = await executor.execute(GraphQLRequest(query=TEXT, operation_name="x" * 201))
    assert not answer.executed
    assert b"The name of the operation has 201 characters, and at most 200 are allowed." in answer.body
