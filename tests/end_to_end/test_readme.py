import json
import re
from pathlib import Path

import pytest
from graphql import get_introspection_query

from indexer.memory import Memory
from schema.compiler.resolving import graphql_schema
from schema.execution.documents import Documents
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.end_to_end.conftest import Ask

README = Path(__file__).parents[2] / "README.md"


async def test_the_first_query_of_the_readme_has_the_answer_shown_there(ask: Ask) -> None:
    readme = README.read_text(encoding="utf-8")
    sent = re.search(r"curl .*? -d '(.*?)'\n```", readme, re.DOTALL)
    shown = re.search(r"```json\n(.*?)```", readme, re.DOTALL)
    assert sent
    assert shown
    assert await ask(json.loads(sent[1])["query"]) == json.loads(shown[1])


async def test_the_paging_query_of_the_readme_runs(ask: Ask) -> None:
    shown = re.search(r"```graphql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert shown
    answer = await ask(shown[1])
    assert "errors" not in answer
    assert answer["data"]["articles"]["nodes"]


@pytest.mark.parametrize("query", re.findall(r"```graphql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL))
def test_the_queries_of_the_readme_are_valid_and_far_below_the_limits(query: str) -> None:
    limits = Limits(
        max_query_length=1000,
        max_tokens=100,
        max_depth=6,
        max_fields=25,
        max_aliases=0,
        max_directives=0,
        max_comparisons=0,
    )
    documents = Documents(graphql_schema(build_schema()), limits, Memory())
    assert documents.read(query).errors == ()


def test_the_query_that_graphiql_begins_with_is_far_below_the_limits() -> None:
    query = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, input_value_deprecation=True)
    limits = Limits(max_query_length=5000, max_tokens=500, max_fields=250, max_comparisons=0)
    documents = Documents(graphql_schema(build_schema()), limits, Memory())
    assert documents.read(query).errors == ()
