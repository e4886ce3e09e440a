"""One content file to an article."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from indexer.article import Article, Image, Provider, Related
from indexer.content.fields.rules import FieldRules
from indexer.content.markup.markdown import first_paragraph
from indexer.content.parse import key_of, parse_article
from indexer.errors import Severity
from tests.replacing import replace
from tests.strategies import articles

COMPLETE = """\
---
category: news
title: "Ferry: later, and later still"
excerpt: >
  Two lines
  folded into one.
publishedDateTime: 2020-02-06 01:27:00 +1
webUrl: https://Daily.example/ferry
ampWebUrl: https://amp.daily.example/ferry
cdnAmpWebUrl: https://cdn.example/ferry
type: article
quality: 80
heat: 107
published: no
provider:
  name: The Daily
  domain: Daily.Example.
  images:
  - {url: /logo.png, width: 10, height: 20, title: Logo}
topics: [NO, 2020, AI, ai]
images: [{url: "https://i.example/1"}, {url: /2.png}]
related:
- title: Boats
  excerpt: They float
  publishedDateTime: 2020-02-05
  webUrl: https://weekly.example/boats
  ampWebUrl: https://weekly.example/amp/boats
  cdnAmpWebUrl: https://cdn.example/boats
  type: article
  quality: 5
  provider: {domain: weekly.example}
  images: [{url: /boats.png}]
- {title: Bare, webUrl: "https://weekly.example/bare"}
authors: [Ann Lee, Bo]
updatedDateTime: 2020-02-07 01:00:00 +1
language: en-GB
secured: gAAAAAB-opaque
---

# Ferry

It is late.
"""


def test_every_field_is_read() -> None:
    parsed = parse_article("news/ferry.late.md", COMPLETE.encode())
    assert parsed.article == Article(
        key="news/ferry.late",
        title="Ferry: later, and later still",
        published_date_time=datetime(2020, 2, 6, 0, 27, tzinfo=UTC),
        web_url="https://Daily.example/ferry",
        provider=Provider(
            domain="daily.example",
            name="The Daily",
            images=(Image(url="/logo.png", width=10, height=20, title="Logo"),),
        ),
        excerpt="Two lines folded into one.",
        body="# Ferry\n\nIt is late.",
        category="news",
        type="article",
        quality=80,
        heat=107,
        published=False,
        amp_web_url="https://amp.daily.example/ferry",
        cdn_amp_web_url="https://cdn.example/ferry",
        topics=("NO", "2020", "AI"),
        images=(Image(url="https://i.example/1"), Image(url="/2.png")),
        related=(
            Related(
                title="Boats",
                web_url="https://weekly.example/boats",
                excerpt="They float",
                published_date_time=datetime(2020, 2, 5, tzinfo=UTC),
                amp_web_url="https://weekly.example/amp/boats",
                cdn_amp_web_url="https://cdn.example/boats",
                type="article",
                quality=5,
                provider=Provider(domain="weekly.example"),
                images=(Image(url="/boats.png"),),
            ),
            Related(title="Bare", web_url="https://weekly.example/bare"),
        ),
        authors=("Ann Lee", "Bo"),
        updated_date_time=datetime(2020, 2, 7, tzinfo=UTC),
        language="en-GB",
    )
    assert (parsed.problems, parsed.location) == ((), (8, 9))


def test_the_complete_file_has_every_field() -> None:
    article = parse_article("news/ferry.late.md", COMPLETE.encode()).article
    assert article is not None
    names = [field.name for field in structs.fields(article) if getattr(article, field.name) == field.default]
    assert names == ["lead", "text", "extras"]  # of articles without an excerpt, with searched bodies, of a mapping


def test_lenient_rules_read_every_field_too() -> None:
    path, data, lenient = "news/ferry.late.md", COMPLETE.encode(), FieldRules(is_lenient=True)
    assert parse_article(path, data, lenient).article == parse_article(path, data).article


@pytest.mark.parametrize("excerpt", ["", "excerpt:\n", "excerpt: ' '\n"])
def test_without_an_excerpt_the_first_paragraph_of_the_body_leads(excerpt: str) -> None:
    text = re.sub("excerpt: >\n.*\n.*\n", excerpt, COMPLETE, count=1)
    article = parse_article("a.md", text.encode()).article
    assert article is not None
    assert (article.excerpt, article.lead, article.summary) == (None, "It is late.", "It is late.")
    bare = parse_article("a.md", text.replace("It is late.", "").encode()).article
    assert bare is not None
    assert (bare.body, bare.lead, bare.summary) == ("# Ferry", None, None)


@pytest.mark.parametrize(
    ("path", "lead", "text"),
    [
        ("a.md", "import x", "import x\nOwls code\nThey hoot."),
        ("a.mdx", "Owls tar code", "Owls code\nThey hoot."),
        ("a.HTML", "They hoot.", "import x Owls `tar` code They hoot."),
    ],
)
def test_a_body_is_plain_text_where_it_is_asked_for(path: str, lead: str, text: str) -> None:
    body = "import x\n\nOwls `tar` code\n\n<p>They <b>hoot</b>.</p>"
    data = COMPLETE.replace("\n# Ferry\n\nIt is late.\n", body).encode()
    without = parse_article(path, data).article
    assert without is not None
    assert without.text is None
    article = parse_article(path, data, FieldRules(with_text=True, is_lenient=path == "a.mdx")).article
    assert article is not None
    assert (article.body, article.lead, article.text) == (body, None, text)
    leading = re.sub(b"excerpt: >\n.*\n.*\n", b"", data, count=1)
    article = parse_article(path, leading, FieldRules(with_text=True, is_lenient=path == "a.mdx")).article
    assert article is not None
    assert (article.lead, article.text) == (lead, text)


def test_an_excerpt_is_the_summary() -> None:
    article = parse_article("a.md", COMPLETE.encode()).article
    assert article is not None
    assert (article.lead, article.summary) == (None, "Two lines folded into one.")


@pytest.mark.parametrize(
    "secured", ["gAAAAAB-opaque", "[gAAAAAB-opaque]", "{a: {b: gAAAAAB-opaque}}", "&s gAAAAAB-opaque"]
)
def test_nothing_of_what_is_secured_is_kept(secured: str) -> None:
    text = COMPLETE.replace("secured: gAAAAAB-opaque", f"secured: {secured}")
    parsed = parse_article("a.md", text.encode())
    assert parsed.article
    assert "gAAAAAB" not in repr(parsed)


@pytest.mark.parametrize(
    "secured",
    [
        "*gAAAAAB",
        "!gAAAAAB x",
        "!<gAAAAAB> x",
        "{a: *gAAAAAB}",
        "{gAAAAAB: 1, gAAAAAB: 2}",
        "{<<: *gAAAAAB}",
        "'gAAAAAB",
    ],
)
@pytest.mark.parametrize("is_lenient", [False, True])
def test_nothing_of_what_is_secured_is_told_where_it_cannot_be_read(secured: str, *, is_lenient: bool) -> None:
    text = COMPLETE.replace("secured: gAAAAAB-opaque", f"secured: {secured}")
    parsed = parse_article("a.md", text.encode(), FieldRules(is_lenient=is_lenient))
    assert parsed.article is None
    [problem] = parsed.problems
    assert "gAAAAAB" not in str(problem)
    assert (problem.line, problem.field) == (text[: text.index("secured:")].count("\n") + 1, "secured")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_a_byte_order_mark_change_nothing(line_end: str, mark: str) -> None:
    text = mark + COMPLETE.replace("\n", line_end)
    assert parse_article("a.md", text.encode()) == parse_article("a.md", COMPLETE.encode())


def test_all_errors_of_a_file_are_found_in_one_go() -> None:
    parsed = parse_article("a.yaml", b"title:\nquality: x\nprovider: {images: [{width: y}]}\nrelated: [1]\n")
    assert [problem.field for problem in parsed.problems] == [
        *("title", "publishedDateTime", "webUrl", "quality"),
        *("provider.domain", "provider.images[0].url", "provider.images[0].width", "related[0]"),
    ]
    assert parsed.article is None


def test_a_warning_alone_keeps_the_article() -> None:
    parsed = parse_article("a.md", COMPLETE.replace("heat:", "Heat:").encode())
    assert parsed.article
    assert [problem.severity for problem in parsed.problems] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("a.md", "a"),
        ("news/2020/02/06/a.markdown", "news/2020/02/06/a"),
        ("v1.2/a.b.yaml", "v1.2/a.b"),
        ("ü/東京.yml", "ü/東京"),
        ("a b?.md", "a b?"),
    ],
)
def test_a_key_is_the_path_without_its_suffix(path: str, key: str) -> None:
    assert key_of(path) == key


@pytest.mark.parametrize("suffix", [".yaml", ".yml"])
def test_a_file_of_yaml_only_is_an_article_without_a_body(suffix: str) -> None:
    front_matter = COMPLETE.split("---\n")[1]
    article = parse_article(f"a{suffix}", front_matter.encode()).article
    assert article
    assert article.body is None


LINES = COMPLETE.encode().splitlines(keepends=True)
broken_lines = st.lists(st.sampled_from(LINES) | st.binary(max_size=8), max_size=40).map(b"".join)


@given(
    st.binary() | broken_lines, st.sampled_from((".md", ".yml")), st.sampled_from((b"", b"---\n", b"\xef\xbb\xbf---\n"))
)
def test_no_bytes_whatever_make_it_raise(data: bytes, suffix: str, beginning: bytes) -> None:
    # One file must never keep the others out.
    parsed = parse_article(f"a{suffix}", beginning + data)
    errors = [problem for problem in parsed.problems if problem.severity is Severity.ERROR]
    assert (parsed.article is None) == bool(errors)


@given(st.data())
def test_a_damaged_file_is_read_or_named(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(COMPLETE)))
    damaged = COMPLETE.encode()[:start] + data.draw(st.binary(max_size=4)) + COMPLETE.encode()[start + 1 :]
    parsed = parse_article("a.md", damaged)
    assert parsed.article or parsed.problems


NAMES = {
    "published_date_time": "publishedDateTime",
    "web_url": "webUrl",
    "amp_web_url": "ampWebUrl",
    "cdn_amp_web_url": "cdnAmpWebUrl",
    "updated_date_time": "updatedDateTime",
}
# PyYAML writes these rare line breaks in places where YAML folds them.
texts = (
    st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"], exclude_characters="\x85\u2028\u2029"), min_size=1)
    .map(str.strip)
    .filter(bool)
)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def lead_of(article: Article) -> str | None:
    return None if article.excerpt else first_paragraph(article.body or "")


written_articles = st.builds(
    replace,
    articles.filter(lambda article: article.published_date_time.year > 1),
    title=texts | st.sampled_from(("NO", "2020", "null", "~", "true", "- a", "a: b", "*x", "1e3", "2020-02-06")),
    excerpt=st.none() | texts,
    extras=st.just(()),  # which only a mapping has
    body=st.none() | texts.filter(lambda text: text == text.strip("\r\n")),
).map(lambda article: replace(article, lead=lead_of(article), text=None))


def as_content(value: Any) -> Any:
    """A part of an article as an editor would write it, with nothing where there is nothing."""
    if isinstance(value, dict):
        named = {NAMES.get(name, name): as_content(part) for name, part in value.items()}
        return {name: part for name, part in named.items() if part not in (None, [])}
    if isinstance(value, (list, tuple)):
        return [as_content(part) for part in value]
    return value


@given(written_articles, zones, st.sampled_from((None, '"', "'")), st.sampled_from((True, False, None)), st.booleans())
def test_an_article_written_as_yaml_is_read_with_equal_values(
    article: Article,
    zone: timezone,
    quotes: str | None,
    flow: bool | None,  # noqa: FBT001 - drawn
    allow_unicode: bool,  # noqa: FBT001 - drawn
) -> None:
    values = msgspec.to_builtins(
        replace(article, published_date_time=article.published_date_time.astimezone(zone)), builtin_types=[datetime]
    )
    body = values.pop("body", None)
    key = values.pop("key")
    values.pop("lead", None)
    values.pop("text", None)
    front_matter = yaml.safe_dump(
        as_content(values), default_flow_style=flow, default_style=quotes, allow_unicode=allow_unicode, sort_keys=False
    )
    parsed = parse_article(f"{key}.md", f"---\n{front_matter}---\n{body or ''}".encode())
    assert parsed.problems == ()
    assert parsed.article == article


@pytest.mark.parametrize(("field", "most"), [("title", 1_000), ("excerpt", 10_000), ("topics[0]", 200)])
def test_texts_that_are_read_whole_have_a_limit(field: str, most: int) -> None:
    for length in (most, most + 1):
        texts = {"title": "Title", "excerpt": "Excerpt", "topics[0]": "topic", field: "x" * length}
        front = {
            "title": texts["title"],
            "excerpt": texts["excerpt"],
            "topics": [texts["topics[0]"]],
            "publishedDateTime": "2020-02-06",
            "webUrl": "https://daily.example/1",
            "provider": {"domain": "daily.example"},
        }
        parsed = parse_article("a.yaml", json.dumps(front).encode())
        told = [(problem.field, problem.reason, problem.remedy) for problem in parsed.problems]
        refusal = (field, f"has {length} characters", f"keep at most {most}")
        assert told == ([] if length == most else [refusal])
