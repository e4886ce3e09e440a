"""Engine contract: whatever was added, replaced, deleted and abandoned, what is served is what the builds left."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.article import Article
from indexer.search.ranking import Ranking
from indexer.search.requests import SearchRequest
from tests.asking import ALL, keys
from tests.engine_place import Place
from tests.plain_engine import PlainEngine
from tests.plain_index import PlainIndex
from tests.samples import NOW
from tests.strategies import KEYS, corpora, texts


@dataclass(frozen=True, slots=True)
class Build:
    """One opening of the writer."""

    deleted: list[str]
    added: list[Article]
    is_committed: bool
    state: bytes


builds = st.builds(
    Build,
    st.lists(st.sampled_from(KEYS), max_size=3),
    corpora(max_size=4),
    st.sampled_from((True, True, False)),
    st.binary(),
)


def carry_out(build: Build, index: Place | PlainIndex) -> bytes:
    """Do what the build says; the state that it found."""
    with index.open_writer() as writer:
        found = writer.state
        writer.delete(build.deleted)
        writer.add(build.added)
        if build.is_committed:
            writer.commit(build.state)
    return found


@settings(max_examples=15)
@given(history=st.lists(builds, max_size=4), text=texts)
async def test_an_index_is_what_its_builds_made_of_it(
    new_place: Callable[[], Place], history: list[Build], text: str
) -> None:
    place, index = new_place(), PlainIndex()
    for build in (Build([], [], is_committed=True, state=b""), *history):
        assert carry_out(build, place) == carry_out(build, index)
    asked = [
        SearchRequest(now=NOW, text=words, ranking=Ranking.QUALITY, window=ALL, total=True) for words in ("", text)
    ]
    engine, oracle = await place.open_engine(), PlainEngine(index=index)
    for answer, expected in zip(await engine.search(asked), await oracle.search(asked), strict=True):
        assert (keys(answer), answer.total) == (keys(expected), expected.total)
    assert await engine.fetch(KEYS, now=NOW) == await oracle.fetch(KEYS, now=NOW)
    await engine.close()
