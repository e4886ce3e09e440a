"""Keys and webUrls, and the files that have them: a newcomer takes nothing away."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.indexer.content.site import Site, at
from tests.indexer.folder import BROKEN


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.mark.parametrize("draft", [False, True])
def test_a_newcomer_with_the_address_of_a_served_article_gets_the_error(site: Site, draft: bool) -> None:  # noqa: FBT001
    assert site.build({"m.md": at("x")}) == {"x": "m.md"}
    assert site.build({"a.md": at("x", draft=draft)}) == {"x": "m.md"}
    assert site.problems("a.md") == ["webUrl: is that of m.md already"]
    assert site.problems("m.md") == []
    assert site.build({"m.md": at("x", title="Still here")}) == {"x": "m.md"}
    assert site.build({"m.md": BROKEN}) == {"x": "m.md"}
    assert site.build({"m.md": None}) == ({} if draft else {"x": "a.md"})
    assert site.problems("a.md") == []


def test_a_newcomer_with_the_key_of_a_served_article_gets_the_error(site: Site) -> None:
    assert site.build({"a.md": at("x")}) == {"x": "a.md"}
    assert site.build({"a.markdown": at("y")}) == {"x": "a.md"}
    assert site.problems("a.markdown") == [": the file has the same key as a.md"]
    assert site.build({"a.md": None}) == {"y": "a.markdown"}


def test_names_in_composed_and_decomposed_letters_are_one_key(site: Site) -> None:
    composed, decomposed = "caf\u00e9.md", "cafe\u0301.md"
    assert site.build({decomposed: at("x")}) == {"x": decomposed}
    assert site.found[decomposed].key == "caf\u00e9"
    assert site.build({composed: at("y")}) == {"x": decomposed}
    assert site.problems(composed) == [f": the file has the same key as {decomposed}"]
    assert site.build({decomposed: None, composed: at("x")}) == {"x": composed}


def test_an_address_that_its_article_gives_up_can_be_had_in_the_same_build(site: Site) -> None:
    site.build({"m.md": at("x")})
    assert site.build({"a.md": at("x"), "m.md": at("y")}) == {"x": "a.md", "y": "m.md"}
    assert site.build({"a.md": at("y"), "m.md": at("x")}) == {"y": "a.md", "x": "m.md"}
    assert site.build({"z.md": at("x"), "m.md": None}) == {"y": "a.md", "x": "z.md"}


def test_who_is_refused_keeps_its_address_and_others_are_refused_for_it(site: Site) -> None:
    site.build({"a.md": at("x"), "b.md": at("y"), "c.md": at("z")})
    # c stays, so b is refused and stays, so a is refused and stays.
    assert site.build({"a.md": at("y"), "b.md": at("z")}) == {"x": "a.md", "y": "b.md", "z": "c.md"}
    assert (site.problems("a.md"), site.problems("b.md")) == (
        ["webUrl: is that of b.md already"],
        ["webUrl: is that of c.md already"],
    )
    assert site.build({"c.md": at("w")}) == {"y": "a.md", "z": "b.md", "w": "c.md"}


def test_a_draft_holds_no_address_and_gives_up_its_own(site: Site) -> None:
    assert site.build({"a.md": at("x", draft=True), "b.md": at("x")}) == {"x": "b.md"}
    assert site.problems("a.md") == ["webUrl: is that of b.md already"]
    assert site.build({"b.md": at("x", draft=True)}) == {}
    assert site.build({"a.md": at("x")}) == {"x": "a.md"}


ADDRESSES = st.sampled_from("wxyz")
CHANGES = st.dictionaries(
    st.sampled_from(["a.md", "a.markdown", "b.md", "c.md", "d.md"]),
    st.none() | st.just(BROKEN) | st.builds(at, ADDRESSES, draft=st.booleans()),
)


@settings(max_examples=150)
@given(st.lists(CHANGES, min_size=1, max_size=4))
def test_whatever_happens_nothing_served_is_lost_and_no_two_share_a_name(
    tmp_path_factory: pytest.TempPathFactory, builds: list[dict[str, str | None]]
) -> None:
    site = Site(tmp_path_factory.mktemp("site"))
    served: dict[str, str] = {}
    for files in builds:
        here = {path: text for path, text in files.items() if text or (site.folder.content / path).exists()}
        before, served = served, site.build(here)
        keys = [site.found[path].key for path, state in site.known.items() if state.is_served]
        assert len(set(keys)) == len(keys) == len(served)
        for path in before.values():
            # It is there still, unless its file was deleted or has become a draft.
            is_meant = path in here and (here[path] is None or "published: false" in (here[path] or ""))
            assert path in served.values() or is_meant
        for path, outcome in site.found.items():
            if here.get(path, BROKEN) not in (None, BROKEN) and not outcome.problems:
                assert outcome.state.indexed == outcome.state.current
