"""Failures, as clients and as the log are told of them."""

import re
from pathlib import Path

import orjson
import pytest
import structlog

from indexer.errors import DeadlineExceeded, IndexDamaged, IndexMissing, IndexUnreachable, RequestError
from schema.execution.error_answers import UNREACHABLE
from schema.execution.executor import Execution
from schema.limits.error_codes import Code
from tests.plain_engine import PlainEngine
from tests.samples import plain
from tests.schema.client import Client
from tests.schema.engines import BrokenEngine

README = Path(__file__).parents[3] / "README.md"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (IndexMissing("no index at /srv/secret"), "INDEX_UNAVAILABLE"),
        (IndexDamaged("/srv/secret", "secret"), "INDEX_UNAVAILABLE"),
        (RuntimeError("secret"), "INTERNAL"),
        (KeyError("secret"), "INTERNAL"),
    ],
)
async def test_a_failure_of_the_server_is_masked_and_logged_under_its_id(error: Exception, code: str):
    client = Client(BrokenEngine(PlainEngine([plain("a")]), error))
    with structlog.testing.capture_logs() as logs:
        answer = await client.answer("query Front { articles { nodes { key } totalCount } }")
    body = orjson.loads(answer.body)
    assert body["data"] == {"articles": None}
    assert b"secret" not in answer.body
    (logged,) = logs
    assert (logged["log_level"], logged["operation"], logged["exc_info"]) == ("error", "Front", error)
    for masked in body["errors"]:
        assert masked["extensions"] == {"code": code, "id": logged["error_id"]}
        assert logged["error_id"] in masked["message"]


async def test_a_failure_costs_only_the_fields_that_need_what_failed():
    client = Client(BrokenEngine(PlainEngine([plain("a")]), IndexMissing("gone")))
    with structlog.testing.capture_logs():
        answer = await client.answer('{ article(key: "a") { key } provider(domain: "daily.example") { name } }')
    body = orjson.loads(answer.body)
    assert body["data"] == {"article": {"key": "a"}, "provider": None}
    assert (answer.executed, answer.error_codes) == (True, ("INDEX_UNAVAILABLE",))


@pytest.mark.parametrize("execution", Execution)
async def test_while_an_index_is_out_of_reach_nothing_is_logged_for_each_field_and_no_place_is_named(
    execution: Execution,
) -> None:
    client = Client(BrokenEngine(PlainEngine([plain("a")]), IndexUnreachable("no node at secret")), execution=execution)
    with structlog.testing.capture_logs() as logs:
        answers = [await client.answer("{ articles { nodes { key } totalCount } }") for _ in range(2)]
    for answer in answers:
        assert set(answer.error_codes) == {"INDEX_UNREACHABLE"}
        assert b"secret" not in answer.body
        assert {each["message"] for each in orjson.loads(answer.body)["errors"]} == {UNREACHABLE}
    assert logs == []


async def test_what_the_engine_refuses_is_the_clients_fault():
    client = Client(BrokenEngine(PlainEngine(), RequestError("no such position")))
    with structlog.testing.capture_logs() as logs:
        assert await client.refusal("{ articles { totalCount } }") == "no such position"
    assert logs == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", Code.GRAPHQL_PARSE_FAILED),
        ("{", Code.GRAPHQL_PARSE_FAILED),
        ("\ud800", Code.GRAPHQL_PARSE_FAILED),
        ("{ articles }", Code.GRAPHQL_VALIDATION_FAILED),
        ("{ nothing }", Code.GRAPHQL_VALIDATION_FAILED),
        ("mutation { drop }", Code.GRAPHQL_VALIDATION_FAILED),
        ("subscription { articles }", Code.GRAPHQL_VALIDATION_FAILED),
        ("query ($x: Int!) { __typename @include(if: $x) }", Code.GRAPHQL_VALIDATION_FAILED),
        ("{ articles(ranking: BEST) { totalCount } }", Code.GRAPHQL_VALIDATION_FAILED),
        ("type A { b: Int }", Code.GRAPHQL_VALIDATION_FAILED),
        ("query A { __typename } query B { __typename }", Code.OPERATION_RESOLUTION_FAILURE),
        ("fragment A on Query { __typename }", Code.GRAPHQL_VALIDATION_FAILED),
        ("query ($x: Int!) { articles(first: $x) { totalCount } }", Code.BAD_USER_INPUT),
        ('query ($n: String = "x") { topic(name: $n) { name } }', Code.BAD_USER_INPUT),
        ("{ articles(first: 1000) { totalCount } }", Code.BAD_USER_INPUT),
    ],
)
async def test_whatever_is_wrong_with_a_request_is_the_clients_fault(query: str, code: Code):
    answer = await Client(PlainEngine()).answer(query, n=None)
    assert set(answer.error_codes) == {code}
    assert orjson.loads(answer.body)["errors"]


async def test_a_list_that_fails_leaves_the_others_as_they_are():
    client = Client(PlainEngine([plain("a")]))
    query = "{ bad: articles(first: 1000) { totalCount } good: articles { totalCount } }"
    assert orjson.loads((await client.answer(query)).body)["data"] == {"bad": None, "good": {"totalCount": 1}}


def test_the_readme_lists_every_code():
    assert {f"`{code}`" for code in Code} <= set(re.findall("`[A-Z_]+`", README.read_text("utf-8")))


async def test_a_message_quotes_only_so_much_of_what_the_client_sent():
    message = await Client(PlainEngine()).refusal(f"{{ {'x' * 5000} }}", code=Code.GRAPHQL_VALIDATION_FAILED)
    assert message.startswith("Cannot query field 'xxx")
    assert (len(message), message[-1]) == (1000, "…")


async def test_work_that_was_given_up_has_a_code_of_its_own_and_is_no_failure():
    client = Client(BrokenEngine(PlainEngine(), DeadlineExceeded("The request took too long")))
    with structlog.testing.capture_logs() as logs:
        answer = await client.answer("{ articles { totalCount } }")
    [error] = orjson.loads(answer.body)["errors"]
    assert (error["message"], error["path"]) == ("The request took too long", ["articles", "totalCount"])
    assert (answer.executed, answer.error_codes) == (True, ("DEADLINE_EXCEEDED",))
    assert logs == []
