"""The file of a mapping: what it says, and what is told of its mistakes."""

from pathlib import Path

import pytest

from indexer.content.fields.mapping_file import UnusableMapping, load, read
from indexer.content.fields.rules import STYLES, FieldRules
from indexer.content.parse import parse_article

GOOD = """\
publishedDateTime: [publishedDateTime, written.on]
topics: [keywords, series]
published: {not: wip}
title: name
webUrl: "https://me.example/{year}/{month}/{slug}/"
style: hugo
extra: [layout]
"""


def problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "fields.yaml"
    path.write_text(text)
    return [str(problem).removeprefix(f"{path}:") for problem in read(path).problems]


def test_fields_are_read_from_the_names_of_the_mapping(tmp_path: Path) -> None:
    path = tmp_path / "fields.yaml"
    path.write_text(GOOD)
    rules = load(path)
    assert (rules.style, rules.extra, rules.hiders) == (STYLES["hugo"], ("layout",), ("wip",))
    post = "name: Owls\ntitle: Not this\nwritten: {on: 2021-03-04}\nkeywords: [a]\nseries: B c\ntags: [d]\nwip: true"
    parsed = parse_article("x/owls.md", f"---\n{post}\nprovider: me.example\n---\n".encode(), rules)
    assert parsed.article, parsed.problems
    assert (parsed.article.title, parsed.article.topics) == ("Owls", ("a", "B c"))
    assert (parsed.article.web_url, parsed.article.published) == ("https://me.example/2021/03/owls/", False)
    assert parsed.ignored == ("title", "tags")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("titel: name\n", "1:1: error: titel: is no field of an article; did you mean title?"),
        ("title: [[a]]\n", "1:9: error: title: is not a name or a list of names; write it like `[tags, categories]`"),
        ("title: '{slug}'\n", "1:8: error: title: '{slug}' is no name of a field; write a pattern for an address only"),
        ("webUrl: /{sluk}/\n", "1:9: error: webUrl: there is no {sluk} in addresses; choose among {year}"),
        (
            "webUrl: https://me.example/\n",
            "1:9: error: webUrl: 'https://me.example/' is the same address for",
        ),
        ("published: {if: draft}\n", "1:13: error: published.if: is no condition; write it like"),
        ("style: gatsby\n", "1:8: error: style: is no site generator that is known; choose among jekyll, hugo"),
        ("extra: [secured]\n", "1:9: error: extra: secured is never indexed, served or logged; remove it"),
        ("title: secured.x\n", "1:8: error: title: secured is never indexed"),
        ("title: SECURED\n", "1:8: error: title: secured is never indexed"),
        ("topics: [tags, x.Secured]\n", "1:16: error: topics: secured is never indexed"),
        ("published: {not: Secured}\n", "1:18: error: published.not: secured is never indexed"),
        ("- title\n", "1:1: error: the mapping is not a mapping; write it as lines"),
        ("", "1:1: error: the mapping is empty; write lines like"),
        ("title: 'x\n", "1:8: error: title: not YAML"),
    ],
)
def test_a_mistake_is_told_at_its_place_with_its_remedy(tmp_path: Path, text: str, told: str) -> None:
    [problem] = problems(tmp_path, text)
    assert problem.startswith(told)
    with pytest.raises(UnusableMapping, match=r"fields\.yaml:1:"):
        load(tmp_path / "fields.yaml")


def test_a_file_that_is_not_there_is_told_with_the_names_of_mappings(tmp_path: Path) -> None:
    with pytest.raises(UnusableMapping, match=r"cannot be read: .*name a file that can be, or one of jekyll, hugo"):
        load(tmp_path / "missing.yaml")


def test_rules_are_compared_by_all_that_they_say() -> None:
    rules = FieldRules(site="https://me.example", is_lenient=True)
    others = [FieldRules(), FieldRules(site="https://you.example", is_lenient=True), FieldRules(style=STYLES["hugo"])]
    contexts = {each.context("a/b.md") for each in (rules, *others)}
    assert len(contexts) == 4
    assert "" in contexts
    assert rules.context("a/b.md") == rules.context("c.md")


@pytest.mark.parametrize(
    ("switch", "front", "is_published"),
    [
        ("{not: wip}", "wip: true", False),
        ("{not: wip}", "WIP: yes", False),
        ("{not: inWork}", "in-work: true", False),
        ("{not: [wip, later]}", "later: true", False),
        ("{not: params.wip}", "params: {wip: true}", False),
        ("{not: params.wip}", "params: {wip: false}", True),
        ("online", "online: false", False),
        ("online", "Online: no", False),
        ("[online, params.online]", "params: {online: false}", False),
        ("online", "online: true", True),
        ("status", "status: published", True),
        ("status", "status: private", False),
        ("{not: wip}", "draft: true", False),
        ("online", "online: true\ndraft: true", False),
        ("{not: wip}", "wip: perhaps", None),
        ("{not: wip}", "wip: 2030-01-01", None),
        ("{not: wip}", "wpi: true", None),
        ("online", "onlin: false", None),
        ("status", "status: perhaps", None),
        ("{not: wip}", "wiki: true\nlayout: post", True),
    ],
)
def test_the_switch_that_a_mapping_names_hides_in_any_spelling(
    tmp_path: Path, switch: str, front: str, *, is_published: bool | None
) -> None:
    path = tmp_path / "fields.yaml"
    path.write_text(f"published: {switch}\n")
    text = f"title: Owls\ndate: 2021-03-04\nprovider: me.example\nwebUrl: https://me.example/owls\n{front}"
    parsed = parse_article("owls.md", f"---\n{text}\n---\n".encode(), load(path))
    assert (parsed.article.published if parsed.article else None) is is_published


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "published: draft",
            "1:12: error: published: 'draft' is true for drafts; write it like `published: {not: draft}`",
        ),
        (
            "published: {not: [wip, published]}",
            "1:24: error: published.not: 'published' is false for drafts; write it like `published: published`",
        ),
    ],
)
def test_a_switch_the_wrong_way_round_is_an_error(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, text) == [problem]
