"""Any edits, one build after another: incremental builds against a model, and against builds from scratch."""

from typing import NamedTuple

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.content.build import build
from indexer.content.parse import key_of
from tests.indexer.folder import BROKEN, Folder, Recorder, article_text
from tests.plain_index import PlainIndex


def url(name: str) -> str:
    return f"https://daily.example/{name}"


class Text(NamedTuple):
    """The content of a file without fault."""

    title: str
    url: str
    is_draft: bool


PATHS = ("a.md", "b.md", "b.yml", "c/a.md", "c.md")
texts = st.builds(Text, st.sampled_from("xyz"), st.sampled_from("123"), st.booleans())
contents = st.none() | st.just(BROKEN) | texts
edits = st.dictionaries(st.sampled_from(PATHS), contents, max_size=3)


def written(content: Text | str, path: str) -> str:
    if isinstance(content, str):
        return content
    text = article_text(content.title, url=url(content.url), more=f"published: {not content.is_draft}\n")
    return text.strip("-\n") if path.endswith(".yml") else text


def expected(files: dict[str, Text | str], served: dict[str, Text]) -> dict[str, Text]:
    """The version of each file that is to be served, where `served` was before: its text, else its last good one.

    Of several files with one key or URL, one that falls back on its last good version has it, or else one that had it
    before, or else the first.
    """
    shown = {path: text for path, text in files.items() if isinstance(text, Text) and not text.is_draft}
    fallen = {path: served[path] for path, text in files.items() if path in served and text == BROKEN}
    while True:
        claims: dict[str, list[tuple[int, str, str]]] = {}
        for path, text in {**shown, **fallen}.items():
            had = names_of(path, served[path]) if path in served else ()
            for name in names_of(path, text):
                claims.setdefault(name, []).append((path not in fallen, name not in had, path))
        ranked = (sorted(all_, key=lambda claim: (*claim[:2], key_of(claim[2]), claim[2])) for all_ in claims.values())
        refused = {path for first, *others in ranked for _, _, path in others}
        if not refused:
            return {**shown, **fallen}
        fallen.update((path, served[path]) for path in refused if path in served)
        shown = {path: text for path, text in shown.items() if path not in refused}


def names_of(path: str, text: Text) -> tuple[str, str]:
    return key_of(path), text.url


def titles_in(index: PlainIndex) -> dict[str, tuple[str, str]]:
    return {key: (a.title, a.web_url) for key, a in index.newest.articles.items()}


def built(folder: Folder, index: PlainIndex) -> tuple[int, list[str]]:
    recorder = Recorder()
    with index.open_writer() as writer:
        report = build(folder.content, writer, progress=recorder, processes=1)
    assert report.articles == len(index.newest.articles)
    return report.parsed, sorted(map(str, recorder.problems))


@settings(max_examples=150)
@given(st.lists(edits, min_size=1, max_size=6))
@example([{"a.md": Text("x", "1", False)}, {"a.md": BROKEN, "b.md": Text("x", "1", False)}, {"a.md": None}])  # noqa: FBT003 - a field
@example([{"b.yml": Text("x", "1", False)}, {"b.md": Text("y", "2", False)}, {"b.md": BROKEN}, {"b.md": None}])  # noqa: FBT003 - a field
def test_after_any_edits_the_index_is_what_a_build_from_scratch_would_make_but_for_last_good_versions(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, Text | str | None]]
) -> None:
    folder, index = Folder(tmp_path_factory.mktemp("edits")), PlainIndex()
    files: dict[str, Text | str] = {}
    served: dict[str, Text] = {}
    for step in steps:
        for path, content in step.items():
            if content is not None:
                folder.write(path, written(content, path))
                files[path] = content
            elif files.pop(path, None):
                folder.delete(path)
        served = expected(files, {path: text for path, text in served.items() if path in files})
        parsed, told = built(folder, index)
        assert titles_in(index) == {key_of(path): (t.title, url(t.url)) for path, t in served.items()}
        assert built(folder, index)[1] == told
        scratch = PlainIndex()
        _, told_from_scratch = built(folder, scratch)
        shown = {path: text for path, text in files.items() if isinstance(text, Text) and not text.is_draft}
        if served == shown:  # nobody was refused, or fell back
            assert titles_in(scratch) == titles_in(index)
            assert told_from_scratch == told
        assert parsed <= len(files)
