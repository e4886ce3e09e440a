"""A folder of broken files: each is named with its place, what is wrong and what to do, and all others are indexed."""

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from indexer.content.check import check
from indexer.content.markup.frontmatter import MAX_BYTES
from indexer.errors import ContentProblem, Severity
from tests.indexer.folder import Folder, article_text

ROOT = Path(__file__).parent / "broken"
GOOD = {
    "articles/coffee": "Coffee, slowly",
    "articles/ferry": "Ferry: later, and later still",
    "articles/owls": "Owls return to the mill",
}


class Case(NamedTuple):
    """The one error of a file: its exact place and field, and phrases of its reason and remedy."""

    path: str
    line: int
    column: int
    field: str
    reason: str
    remedy: str


CASES = (
    Case("alias-undefined.md", 7, 10, "excerpt", "*owls has no anchor", "define it before"),
    Case("amp-url-unfit.md", 7, 12, "ampWebUrl", "'amp.daily.example' is not an absolute", "beginning with https://"),
    Case("articles/owls.yml", 1, 1, "", "same key as articles/owls.yaml", "rename one"),
    Case("at-sign-unquoted.md", 9, 5, "topics", "cannot start any token", "in double quotes"),
    Case("bracket-unclosed.md", 7, 9, "topics", "expected ',' or ']'", "close the bracket"),
    Case("colon-unquoted.md", 2, 12, "title", "mapping values are not allowed", "because it holds a colon"),
    Case("control-character.md", 7, 14, "excerpt", r"'\x07' is not allowed", "remove it"),
    Case("date-impossible.md", 3, 20, "publishedDateTime", "no day or time '2021-02-30'", "2020-02-06T01:27:00Z"),
    Case("date-in-words.md", 3, 20, "publishedDateTime", "'last Thursday' is not a date", "2020-02-06T01:27:00Z"),
    Case("date-missing.md", 2, 1, "publishedDateTime", "is missing", "add `publishedDateTime:`"),
    Case("emphasis-as-alias.md", 7, 11, "excerpt", "while scanning an alias", "begins with an asterisk"),
    Case("empty.md", 1, 1, "", "does not begin with front matter", "a line ---"),
    Case("empty.yaml", 1, 1, "", "front matter is empty", "title, publishedDateTime, webUrl and provider"),
    Case("front-matter-below-text.md", 1, 1, "", "does not begin with front matter", "a line ---"),
    Case("front-matter-blank.md", 1, 1, "", "front matter is empty", "title, publishedDateTime, webUrl and provider"),
    Case("front-matter-unterminated.md", 8, 1, "", "does not end", "end it with a line ---"),
    Case("heat-too-large.md", 7, 7, "heat", "'99999999999' is too large", "from -2147483647 to 2147483647"),
    Case("image-url-unfit.md", 8, 10, "images[0].url", "'owls.png' is not an absolute", "from / on"),
    Case("image-width-unfit.md", 9, 12, "images[0].width", "'640px' is not a whole number", "digits only"),
    Case("image-without-url.md", 9, 5, "images[1].url", "is missing", "add `url:`"),
    Case("images-item-list.md", 8, 5, "images[0]", "is not a mapping", "`field: value`"),
    Case("images-item-text.md", 8, 5, "images[0].url", "'the owls' holds a space", "%20"),
    Case("indentation-uneven.md", 7, 3, "provider", "did not find expected key", "indent fields of one mapping alike"),
    Case("key-empty.md", 7, 1, "provider", "did not find expected key", "indent fields of one mapping alike"),
    Case("key-no-scalar.md", 7, 3, "", "name must be a word", "`field: value`"),
    Case("key-too-long.md", 7, 1, "", "name must be a word", "`field: value`"),
    Case("key-twice.md", 7, 1, "title", "title is given twice", "keep one"),
    Case("no-front-matter.md", 1, 1, "", "does not begin with front matter", "a line ---"),
    Case("not-a-mapping.yaml", 2, 1, "", "is not a mapping", "`field: value`"),
    Case("not-utf-8.md", 2, 13, "", "byte 0xfc is not UTF-8", "save the file in UTF-8"),
    Case("not-utf-8-after-a-mark.md", 7, 16, "", "byte 0x96 is not UTF-8", "save the file in UTF-8"),
    Case("nul-character.md", 7, 14, "excerpt", r"'\x00' is not allowed", "remove it"),
    Case("provider-domain-url.md", 6, 11, "provider.domain", "'https://daily.example' is not a domain", "cnet.com"),
    Case("provider-missing.md", 2, 1, "provider", "is missing", "add `provider:`"),
    Case("provider-list.md", 5, 11, "provider", "is not a mapping", "`field: value`"),
    Case("provider-text.md", 5, 11, "provider.domain", "is not a domain name", "like cnet.com"),
    Case("provider-without-domain.md", 6, 3, "provider.domain", "is missing", "add `domain:`"),
    Case("published-maybe.md", 7, 12, "published", "'maybe' is neither true nor false", "write true or false"),
    Case("quality-fraction.md", 7, 10, "quality", "'79.5' is not a whole number", "digits only"),
    Case("quality-in-words.md", 7, 10, "quality", "'high' is not a whole number", "digits only"),
    Case("quote-unclosed.md", 2, 8, "title", "scanning a quoted scalar", "close the quotation mark"),
    Case(
        "quote-within-quotes.md", 2, 14, "title", "did not find expected key", "no double quotes within double quotes"
    ),
    Case("related-provider-without-domain.md", 11, 7, "related[0].provider.domain", "is missing", "add `domain:`"),
    Case("related-without-web-url.md", 8, 5, "related[0].webUrl", "is missing", "add `webUrl:`"),
    Case("tab-indentation.md", 6, 1, "provider", "cannot start any token", "spaces, never tabs"),
    Case("tag-unknown.md", 7, 10, "excerpt", "tag !!python/name:os.system is not allowed", "remove it"),
    Case("text-only.md", 2, 1, "", "is not a mapping", "`field: value`"),
    Case("title-blank.md", 2, 1, "title", "is empty", "a value after `title:`"),
    Case("title-list.md", 3, 3, "title", "is not a single value", "`title: value`"),
    Case("title-missing.md", 2, 1, "title", "is missing", "add `title:`"),
    Case("title-mistyped.md", 2, 1, "title", "is missing", "add `title:`"),
    Case("topics-mapping.md", 8, 5, "topics[0]", "is not a text", "`- name`"),
    Case("topics-as-mapping.md", 7, 9, "topics", "is not a list", "begins with `- `"),
    Case("topics-too-many.md", 7, 9, "topics", "has 201 entries", "at most 200"),
    Case("two-documents.yaml", 6, 1, "", "second YAML document", "one article a file"),
    Case("url-ftp.md", 4, 9, "webUrl", "is not an absolute http or https URL", "beginning with https://"),
    Case("url-missing.md", 2, 1, "webUrl", "is missing", "add `webUrl:`"),
    Case("url-of-another.md", 4, 9, "webUrl", "that of articles/coffee.md already", "a webUrl of its own"),
    Case("url-relative.md", 4, 9, "webUrl", "'/owls' is not an absolute", "beginning with https://"),
    Case("url-with-space.md", 4, 9, "webUrl", "holds a space", "write %20 for a space"),
)


@pytest.fixture(scope="module")
def problems() -> list[ContentProblem]:
    """All problems of the folder."""
    return list(check(ROOT, processes=1))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_the_error_of_a_file_names_place_field_reason_and_remedy(case: Case, problems: list[ContentProblem]) -> None:
    [problem] = [one for one in problems if one.path == case.path and one.severity is Severity.ERROR]
    assert (problem.line, problem.column, problem.field) == (case.line, case.column, case.field)
    assert case.reason in problem.reason
    assert case.remedy in problem.remedy
    place = f"{case.path}:{case.line}:{case.column}: error: "
    assert str(problem).startswith(place + (f"{case.field}: " if case.field else ""))
    assert str(problem).isprintable()


async def test_everything_else_in_the_folder_is_indexed_and_every_problem_told(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for file in ROOT.rglob("*.*"):
        folder.write(file.relative_to(ROOT).as_posix(), file.read_bytes())
    report, told = folder.build()
    errors = sorted(line.split(":", 1)[0] for line in told if ": error: " in line)
    assert errors == sorted(case.path for case in CASES)
    [warning] = [line for line in told if ": error: " not in line]
    assert warning == "title-mistyped.md:2:1: warning: titel: is not a known field; did you mean title?"
    assert await folder.titles() == GOOD
    assert (report.files, report.articles) == (len(CASES) + len(GOOD), len(GOOD))
    assert (report.errors, report.warnings) == (len(CASES), 1)


async def test_the_good_files_say_what_they_seem_to(tmp_path: Path) -> None:
    # No file should be fine because nobody looked.
    folder = Folder(tmp_path)
    for file in (ROOT / "articles").iterdir():
        folder.write(file.name, file.read_bytes())
    folder.build()
    coffee = (await folder.served())["coffee"]
    assert (coffee.topics, coffee.body) == (("Food", "NO"), "Water *first*.")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("web_url", "webUrl"),
        ("ampweburl", "ampWebUrl"),
        ("AMP-web-url", "ampWebUrl"),
        ("Topics", "topics"),
        ("exerpt", "excerpt"),
        ("catagory", "category"),
        ("publishedDate", "publishedDateTime"),
        ("secure", "secured"),
    ],
)
async def test_a_field_under_a_wrong_name_is_guessed_and_keeps_no_file_out(
    tmp_path: Path, written: str, meant: str
) -> None:
    folder = Folder(tmp_path)
    folder.write("owls.md", article_text(more=f"{written}: x\n"))
    _, told = folder.build()
    assert told == [f"owls.md:6:1: warning: {written}: is not a known field; did you mean {meant}?"]
    assert list(await folder.served()) == ["owls"]


async def test_a_field_that_resembles_no_other_is_ignored_also_within_others(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("owls.md", article_text(more="images: [{url: /owls.png, blurb: x, Width: 3}]\nlayout: wide\n"))
    _, told = folder.build()
    assert told == [
        "owls.md:7:1: warning: layout: is not a known field; remove it; it is ignored",
        "owls.md:6:27: warning: images[0].blurb: is not a known field; remove it; it is ignored",
        "owls.md:6:37: warning: images[0].Width: is not a known field; did you mean width?",
    ]
    assert list(await folder.served()) == ["owls"]


BOMB = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 20))


async def test_what_would_exhaust_memory_is_refused_and_the_rest_is_indexed(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("good.md", article_text())
    folder.write("alias-bomb.yaml", f"l0: &l0 [lol]\n{BOMB}")
    folder.write("deep.yaml", "title: " + "[" * 400_000)
    folder.write("deep-block.yaml", "".join(f"{' ' * level}a:\n" for level in range(600)))
    folder.write("huge.md", article_text() + "x" * MAX_BYTES)
    folder.write("many-values.yaml", "topics: [" + "a, " * 100_000 + "]")
    folder.write("own-alias.yaml", "topics: &a [*a]\n")
    _, told = folder.build()
    assert told == [
        "alias-bomb.yaml:13:18: error: l12: more than 100 aliases; write the values out",
        "deep.yaml:1:19: error: title: nested more than 12 levels deep; flatten it",
        "deep-block.yaml:13:13: error: a: nested more than 12 levels deep; flatten it",
        "huge.md:1:1: error: the file has more than 1,000,000 bytes; shorten it, or split the article",
        "many-values.yaml:1:60001: error: topics: more than 20,000 values; split the article",
        "own-alias.yaml:1:13: error: topics: the alias *a has no anchor; define it before, or write it out",
    ]
    assert list(await folder.served()) == ["good"]


OWN_URL = "give it a webUrl of its own, or remove one of the two"


async def test_what_is_no_ordinary_file_of_the_folder_is_refused_and_the_rest_is_indexed(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.write("good.md", article_text())
    outside = tmp_path / "outside.md"
    outside.write_text(article_text(url="https://daily.example/outside"))
    (folder.content / "out.md").symlink_to(outside)
    (folder.content / "out").symlink_to(tmp_path)
    (folder.content / "nowhere.md").symlink_to("missing.md")
    (folder.content / "round.md").symlink_to("round.md")
    (folder.content / "inside.md").symlink_to("good.md")
    (folder.content / "again").symlink_to(".")
    os.mkfifo(folder.content / "pipe.md")
    folder.write(os.fsdecode(b"k\xe4uze.md"), article_text())
    (folder.content / "folder.md").mkdir()
    _, told = folder.build()
    assert told == [
        "again:1:1: error: the symbolic link leads to a folder; remove it; that folder is read already",
        "k\ufffduze.md:1:1: error: the name is not UTF-8; rename it",
        "nowhere.md:1:1: error: the symbolic link leads nowhere; mend or remove the link",
        "out:1:1: error: the symbolic link leads out of the content folder; copy the file into the folder",
        "out.md:1:1: error: the symbolic link leads out of the content folder; copy the file into the folder",
        "pipe.md:1:1: error: it is no ordinary file; remove it from the content folder",
        "round.md:1:1: error: the symbolic link leads nowhere; mend or remove the link",
        f"inside.md:4:9: error: webUrl: is that of good.md already; {OWN_URL}",
    ]
    assert list(await folder.served()) == ["good"]
