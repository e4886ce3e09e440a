"""No request makes the engine take more steps than its cost allows, whatever it asks for, in whatever script.

A step is what lies between two looks at the work of a request (`indexer/work.py`): a word matched or scored, corrected
or counted in one segment, a reading or a similar article tried. None takes longer than a few units of cost stand for.
"""

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from graphql import get_operation_ast, parse
from graphql.execution.values import VariableValues
from hypothesis import HealthCheck, given, settings, target
from hypothesis import strategies as st

from indexer import work
from indexer.whoosh_engine.engine import WhooshEngine
from indexer.work import Work
from schema.compiler.resolving import graphql_schema
from schema.compiler.variables import Variables
from schema.cost.cost import Cost
from schema.limits.limits import Limits
from schema.schema import build_schema
from tests.indexer.whoosh_engine.segments import write_segments
from tests.library import LIBRARY
from tests.schema.client import Client
from tests.strategies import CATEGORIES, PROVIDERS, TOPICS, WORDS

SEGMENTS = 3
MOST = 2
"""Steps that one unit of cost pays for, in all these segments together."""
SCHEMA = graphql_schema(build_schema())
LISTED = "search: $search, filter: $filter, ranking: $ranking, tuning: $tuning"
DOCUMENTS = {
    "page": f"articles({LISTED}, first: $first) {{ edges {{ score explain {{ score }} node {{ key }} }} }}",
    "counts": f"articles({LISTED}, first: 0) {{ totalCount facets {{ topics {{ totalCount }} quality {{ min }} }} }}",
    "highlights": f"articles({LISTED}, first: $first) {{ edges {{ highlights {{ title {{ html }} }} }} }}",
    "understanding": f"articles({LISTED}, first: 1) {{ search {{ didYouMean leftOut words {{ found }} }} }}",
    "topics": f"topics(first: $first) {{ nodes {{ articles({LISTED}, first: 1) {{ totalCount }} }} }}",
    "whyNot": f"articles(first: $first) {{ nodes {{ whyNot({LISTED}) {{ rank }} }} }}",
    "similar": "articles(first: 3) { nodes { similar(first: $first) { key } relatedBy(first: $first) { key } } }",
    "suggest": "suggest(prefix: $prefix, first: $first) { text count }",
}
DECLARED = {
    "search": "String",
    "filter": "ArticleFilter",
    "ranking": "Ranking",
    "tuning": "RankingTuning",
    "first": "Int",
    "prefix": "String!",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_segments(tmp_path_factory.mktemp("index"), [LIBRARY[number::SEGMENTS] for number in range(SEGMENTS)])


def misspelt(word: str) -> str:
    return f"{word[:2]}x{word[3:]}"


words = st.sampled_from(WORDS) | st.sampled_from(WORDS).map(misspelt)
pieces = st.one_of(
    words,
    words.map(lambda word: f"{word[:2]}*"),
    words.map(lambda word: f"-{word}"),
    st.lists(words, min_size=2, max_size=3).map(lambda some: f'"{" ".join(some)}"'),
    st.sampled_from(
        ["OR", "title:", "topic:AI", "a", "b", "京", "\U0001f469\u200d\U0001f4bb", "e\u0301", "ครู", "ab" * 30]
    ),
    st.text(st.characters(categories=["L", "N", "M", "P", "S"]), max_size=8),
)
texts = st.lists(pieces, max_size=60).map(" ".join).map(lambda text: text[:500])


def inputs(inner: st.SearchStrategy[dict[str, object]]) -> st.SearchStrategy[dict[str, object]]:
    values = {"any": st.lists(st.sampled_from([*TOPICS, *CATEGORIES]), max_size=5)}
    some = st.fixed_dictionaries({}, optional=values)
    return st.fixed_dictionaries(
        {},
        optional={
            "topics": some,
            "category": some,
            "provider": st.just({"none": [PROVIDERS[0].domain]}),
            "qualityAtLeast": st.integers(0, 100),
            "publishedAfter": st.just("2020-02-06"),
            "hasImage": st.booleans(),
            "and": st.lists(inner, max_size=3),
            "or": st.lists(inner, max_size=3),
            "not": inner,
        },
    )


filters = st.recursive(st.just(dict[str, object]()), inputs, max_leaves=8)
weights = st.sampled_from([0, 0.5, 1])
tunings = st.fixed_dictionaries(
    {}, optional={"text": weights, "recency": weights, "heat": weights, "maxPerProvider": st.integers(1, 3)}
)
requests = st.fixed_dictionaries(
    {"prefix": texts, "first": st.integers(0, 20)},
    optional={
        "search": texts,
        "filter": filters,
        "tuning": tunings,
        "ranking": st.sampled_from(["RELEVANCE", "NEWEST", "TRENDING"]),
    },
)


@pytest.fixture(autouse=True)
def _back_to_none() -> Iterator[None]:
    yield
    work.begin(Work())


class Steps:
    """Counts the steps of a request."""

    count = 0

    def __call__(self) -> bool:
        self.count += 1
        return False


def cost(query: str, variables: dict[str, object]) -> int:
    document = parse(query)
    node = get_operation_ast(document)
    assert node
    values = Variables(SCHEMA, node).coerced(variables)
    assert isinstance(values, VariableValues)
    return Cost(SCHEMA, node, document, longest_text=500).of(values.coerced)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([*DOCUMENTS]), variables=requests)
async def test_a_request_takes_no_more_steps_than_its_cost_allows(
    folder: Path, name: str, variables: dict[str, object]
):
    selected = DOCUMENTS[name]
    used = {each: value for each, value in variables.items() if f"${each}" in selected}
    declared = ", ".join(f"${each}: {type_}" for each, type_ in DECLARED.items() if f"${each}" in selected)
    query = f"query ({declared}) {{ {selected} }}"
    engine = await WhooshEngine.open(folder)
    steps = Steps()
    client = Client(engine, limits=Limits(max_cost=10**9))
    work.begin(Work(is_gone=steps))
    body = orjson.loads((await client.answer(query, **used)).body)
    work.begin(Work())
    await engine.close()
    assert "errors" not in body, body["errors"]
    declared_cost = cost(query, used)
    target(steps.count / declared_cost)  # looks for the dearest ones
    assert steps.count <= MOST * declared_cost
