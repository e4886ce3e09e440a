"""The status of the index, and the problems of content files, which a server in development mode tells."""

import pytest

from indexer.errors import ContentProblem, Severity
from indexer.search.build_problems import BuildProblems
from schema.execution.executor import Execution
from schema.limits.error_codes import Code
from schema.limits.limits import Limits, Switch
from tests.plain_engine import PlainEngine
from tests.plain_index import PlainIndex
from tests.samples import plain
from tests.schema.client import Client

FIRST = ContentProblem(path="a.md", line=3, column=9, field="title", reason="is blank", remedy="write one")
SECOND = ContentProblem(path="b.md", reason="is odd", remedy="mend it", severity=Severity.WARNING)
ALL = "{ index { problemCount problems { path line column field reason remedy severity } } }"


def engine() -> PlainEngine:
    index = PlainIndex()
    with index.open_writer() as writer:
        writer.add([plain("a")])
        writer.commit(b"", BuildProblems.of([FIRST, SECOND]))
    return PlainEngine(index=index)


def in_development(execution: Execution = Execution.COMPILED) -> Client:
    return Client(engine(), limits=Limits(development=Switch.ON), execution=execution)


@pytest.mark.parametrize("execution", Execution)
async def test_the_problems_of_the_last_build_are_listed_and_counted(execution: Execution):
    assert await in_development(execution).data(ALL) == {
        "index": {
            "problemCount": 2,
            "problems": [
                {
                    "path": "a.md",
                    "line": 3,
                    "column": 9,
                    "field": "title",
                    "reason": "is blank",
                    "remedy": "write one",
                    "severity": "ERROR",
                },
                {
                    "path": "b.md",
                    "line": 1,
                    "column": 1,
                    "field": "",
                    "reason": "is odd",
                    "remedy": "mend it",
                    "severity": "WARNING",
                },
            ],
        }
    }


@pytest.mark.parametrize(
    ("first", "paths"), [(0, []), (1, ["a.md"]), (None, ["a.md", "b.md"]), (100, ["a.md", "b.md"])]
)
async def test_as_many_are_listed_as_are_asked_for(first: int | None, paths: list[str]):
    query = "query ($n: Int) { index { problems(first: $n) { path } } }"
    data = await in_development().data(query, n=first)
    assert [problem["path"] for problem in data["index"]["problems"]] == paths


@pytest.mark.parametrize("first", [-1, 101])
async def test_no_page_holds_fewer_than_none_or_more_than_a_hundred(first: int):
    message = await in_development().refusal(f"{{ index {{ problems(first: {first}) {{ path }} }} }}")
    assert message.startswith(f"first: {first} is")


@pytest.mark.parametrize("execution", Execution)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("{ index { problems { path } } }", "problems"),
        ("{ index { generation count: problemCount } }", "problemCount"),
        ("{ ...A } fragment A on Query { index { ... on IndexStatus { problemCount } } }", "problemCount"),
    ],
)
async def test_without_development_mode_they_are_refused_with_the_remedy(execution: Execution, query: str, field: str):
    client = Client(engine(), execution=execution)
    assert await client.refusal(query, code=Code.DEVELOPMENT_ONLY) == (
        f"'{field}' is answered in development mode only. "
        "Start the server with --development or NEWSSTAND_DEVELOPMENT=on."
    )


async def test_without_development_mode_the_rest_is_told():
    assert await Client(engine()).data("{ index { generation articleCount } }") == {
        "index": {"generation": 1, "articleCount": 1}
    }
