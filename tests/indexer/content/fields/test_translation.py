"""Front matter as other tools have it, read as articles."""

import json
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article, Image, Provider
from indexer.content.fields.rules import OWN, STRICT, STYLES, WELL_KNOWN, FieldRules
from indexer.content.parse import Parsed, parse_article
from tests.indexer.folder import Folder, article_text
from tests.replacing import replace

POSTS = FieldRules(site="https://me.example", is_lenient=True)


def parsed(front: str, *, path: str = "owls.md", rules: FieldRules = POSTS, body: str = "") -> Parsed:
    return parse_article(path, f"---\n{front}\n---\n{body}".encode(), rules)


def article(front: str, *, path: str = "owls.md", rules: FieldRules = POSTS, body: str = "") -> Article:
    """The article of a post, whose title and date may be left out."""
    needed = "".join(line for line in ("title: Owls\n", "date: 2021-03-04\n") if line.split(":")[0] not in front)
    result = parsed(needed + front, path=path, rules=rules, body=body)
    assert result.article, result.problems
    return result.article


def test_a_jekyll_post_is_read() -> None:
    front = """
layout: post
title:  "Owls: back"
date:   2021-03-04 10:00:00 +0200
categories: news birds
tags: [Owls, Mills]
description: They are back.
image: /img/owl.png
author: ann
"""
    result = parsed(front, path="2021-03-04-owls-back.markdown")
    assert result.article == Article(
        key="2021-03-04-owls-back",
        title="Owls: back",
        published_date_time=datetime(2021, 3, 4, 8, tzinfo=UTC),
        web_url="https://me.example/news/birds/2021/03/04/owls-back.html",
        provider=Provider(domain="me.example"),
        excerpt="They are back.",
        category="news",
        topics=("Owls", "Mills", "news", "birds"),
        authors=("ann",),
        images=(Image(url="https://me.example/img/owl.png"),),
    )
    assert result.problems == ()
    assert "layout" in result.ignored


def test_a_hugo_post_in_toml_is_read() -> None:
    text = """+++
Title = "Owls"
date = 2021-03-04T10:00:00+02:00
draft = false
slug = "owls-are-back"
[taxonomies]
tags = ["Owls"]
+++
Text
"""
    result = parse_article("post/2021/owls/index.md", text.encode(), POSTS)
    assert result.article
    assert result.article.web_url == "https://me.example/post/2021/owls-are-back/"
    assert (result.article.title, result.article.topics) == ("Owls", ("Owls",))


def test_an_astro_post_is_read() -> None:
    front = """
title: 'Owls'
pubDate: 'Jul 08 2022'
updatedDate: 'Jul 09 2022'
heroImage: './owl.jpg'
tags:
  - owls
"""
    result = article(front, path="owls.mdx")
    assert result.published_date_time == datetime(2022, 7, 8, tzinfo=UTC)
    assert result.updated_date_time == datetime(2022, 7, 9, tzinfo=UTC)
    assert result.images == (Image(url="https://me.example/owls/owl.jpg"),)


@pytest.mark.parametrize(
    ("front", "path", "expected"),
    [
        ("date: 2021-03-04", "owls.md", "2021-03-04"),
        ("date: March 4, 2021", "owls.md", "2021-03-04"),
        ("pubDatetime: 2021-03-04T00:00:00Z", "owls.md", "2021-03-04"),
        ("publish_date: 2021-03-04", "owls.md", "2021-03-04"),
        ("date: 2020-01-01\npublishDate: 2021-03-04", "owls.md", "2021-03-04"),
        ("published: 2021-03-04", "owls.md", "2021-03-04"),
        ("published: true\ncreated: 2021-03-04", "owls.md", "2021-03-04"),
        ("date:", "2021-03-04-owls.md", "2021-03-04"),
        ("x: y", "2021-03-04-owls/index.md", "2021-03-04"),
        ("path: 2021/03/04/owls", "owls.md", "2021-03-04"),
        ("date: 2021-03-05", "2021-03-04-owls.md", "2021-03-05"),
        ("publishedDateTime: 2021-03-04\ndate: 2020-01-01", "owls.md", "2021-03-04"),
    ],
)
def test_the_date_comes_from_a_field_or_the_name_or_the_address(front: str, path: str, expected: str) -> None:
    result = parsed(f"title: Owls\n{front}", path=path)
    assert result.article, result.problems
    assert result.article.published_date_time.date().isoformat() == expected


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("tags: owls mills", ("owls", "mills")),
        ("tags: Big Owls, Mills", ("Big Owls", "Mills")),
        ("tags: [Big Owls, [Mills]]", ("Big Owls", "Mills")),
        ("tags:\n- {name: Owls, slug: o}\n- label: Mills", ("Owls", "Mills")),
        ("tags:\ncategories: [Birds]", ("Birds",)),
        ("tags: [Owls]\ncategories: Birds", ("Owls", "Birds")),
        ("topics: [Owls]\ntags: [Mills]", ("Owls",)),
        ("topics: Big Owls", ("Big Owls",)),
        ("tags: [~, '', 2021]", ("2021",)),
        (f"tags: [{'x' * 201}, Owls]", ("Owls",)),
        ("taxonomies: {tags: [Owls]}", ("Owls",)),
        ("Tags: [Owls]", ("Owls",)),
    ],
)
def test_topics_are_tags_in_any_form(front: str, expected: tuple[str, ...]) -> None:
    assert article(front).topics == expected


def test_tags_of_a_tool_that_does_not_divide_them_stay_whole() -> None:
    rules = FieldRules(site="https://me.example", style=STYLES["hugo"], is_lenient=True)
    assert article("tags: Big Owls", rules=rules).topics == ("Big Owls",)


@pytest.mark.parametrize(
    ("front", "published"),
    [
        ("draft: true", False),
        ("draft: 'true'", False),
        ("draft: false", True),
        ("draft:", True),
        ("published: false", False),
        ("Draft: yes", False),
        ("publish: false", False),
        ("isDraft: true", False),
        ("private: true", False),
        ("unlisted: true", False),
        ("status: draft", False),
        ("status: publish", True),
        ("draft: true\npublished: true", False),
        ("public: true", True),
        ("hidden: false", True),
        ("hidden: true", True),  # left out of a list, but published
        ("disabled: true", False),
        ("draft: 1", False),
        ("published: n", False),
        ("unpublish: yes", False),
        ("isVisible: no", False),
        ("visibility: private", False),
        ("draft: false\npublished: false", False),
        ("live: https://lamp.example/stream", True),
        ("hide: [toc]", True),
    ],
)
def test_a_draft_is_told_as_other_tools_do(front: str, published: bool) -> None:  # noqa: FBT001 - a table
    assert article(front).published is published


@pytest.mark.parametrize(
    "front",
    ["draft: maybe", "published: later", "publised: false", "darft: true", "draft: 2030-01-01", "draft: [true]"],
)
def test_a_switch_that_is_not_understood_is_an_error_also_here(front: str) -> None:
    result = parsed(f"title: Owls\ndate: 2021-03-04\n{front}")
    assert result.article is None
    assert [problem.line for problem in result.problems] == [4]


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("image: https://i.example/o w l.png", "https://i.example/o%20w%20l.png"),
        ("image: //i.example/owl.png", "https://i.example/owl.png"),
        ("image: /owl.png", "https://me.example/owl.png"),
        ("cover: {image: owl.png, alt: An owl}", "https://me.example/owls/owl.png"),
        ("cover_image: ./owl.png", "https://me.example/owls/owl.png"),
        ("images: [owl.png, bat.png]", "https://me.example/owls/owl.png"),
        ("header: {teaser: /owl.png}", "https://me.example/owl.png"),
        ("thumbnail: {src: /owl.png, width: 3}", "https://me.example/owl.png"),
        ("image: ''\ncover: /owl.png", "https://me.example/owl.png"),
    ],
)
def test_an_image_has_many_names_and_forms(front: str, expected: str) -> None:
    assert article(front).images[0].url == expected


@pytest.mark.parametrize(
    "front",
    ["image: true", "image: '{{ site.logo }}'", "image: ../../assets/owl.png", "image: '@assets/owl.png'", "image: 3"],
)
def test_an_image_without_an_address_is_none(front: str) -> None:
    assert article(front).images == ()
    assert "image" in parsed(f"title: Owls\ndate: 2021-03-04\n{front}").ignored


@pytest.mark.parametrize(
    ("front", "path", "body", "expected"),
    [
        ("title: Owls", "a.md", "# Bats", "Owls"),
        ("title:", "a.md", "# Bats #\n\nText", "Bats"),
        ("x: y", "owls.md", "## Bats\n\n# Mice\n", "Owls"),
        ("x: y", "2021-03-04-owls-return.md", "Text", "Owls Return"),
        ("title: 2021", "a.md", "", "2021"),
    ],
)
def test_a_title_that_is_missing_is_the_heading_or_the_name(front: str, path: str, body: str, expected: str) -> None:
    assert article(f"titles: x\ndate: 2021-03-04\n{front}", path=path, body=body).title == expected


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("permalink: /birds/:title/", "https://me.example/birds/owls/"),
        ("url: /birds/owls.html", "https://me.example/birds/owls.html"),
        ("slug: bats", "https://me.example/bats/"),
        ("slug: /birds/bats", "https://me.example/birds/bats"),
        ("permalink: https://you.example/x", "https://you.example/x"),
        ("webUrl: https://you.example/x\nslug: bats", "https://you.example/x"),
        ("permalink: false", "https://me.example/owls/"),
    ],
)
def test_the_address_comes_from_what_is_written_or_the_name(front: str, expected: str) -> None:
    assert article(front).web_url == expected


def test_fields_of_our_names_that_mean_something_else_elsewhere_keep_no_post_out() -> None:
    front = "type: [post]\nrelated: true\nquality: high\nexcerpt: [a]\nprovider: {name: x}\nheat: 3\n"
    front += "category: [A, B]"
    result = article(front)
    assert (result.type, result.related, result.quality, result.heat, result.category) == ("post", (), None, 3, "A")
    assert result.provider == Provider(domain="me.example")


def test_unknown_fields_are_counted_and_not_reported() -> None:
    result = parsed("title: Owls\ndate: 2021-03-04\nlayout: post\ncomments: true\nsecured: abc")
    assert (result.problems, result.ignored) == ((), ("layout", "comments"))


@pytest.mark.parametrize(
    ("front", "told"),
    [
        (
            "title: Owls\ndate: soon",
            (
                "3:7: error: date: 'soon' is not a date and time; write it like 2020-02-06T01:27:00Z; `date` is "
                "`publishedDateTime` here"
            ),
        ),
        (
            "title: Owls",
            (
                "2:1: error: publishedDateTime: is missing; add `date:` with a value, begin the file's name with the "
                "date, or list it in .newsstandignore if it is no article"
            ),
        ),
        (
            "title: {a: b}\ndate: 2021-03-04",
            "2:8: error: title: is not a single value; write it as `title: value`",
        ),
    ],
)
def test_a_problem_is_told_by_the_name_and_at_the_place_that_are_written(front: str, told: str) -> None:
    assert list(map(str, parsed(front).problems)) == [f"owls.md:{told}"]


@pytest.mark.parametrize("path", ["authors.yml", "layout.html"])
def test_a_file_that_is_no_article_is_a_warning(path: str) -> None:
    result = parse_article(path, b"ann: {name: Ann}\n", POSTS)
    assert result.article is None
    assert [problem.severity for problem in result.problems] == ["warning"]


def test_without_a_site_well_known_names_are_read_where_ours_are_missing() -> None:
    front = "title: Owls\ndate: 4 March 2021\npermalink: https://me.example/owls\nprovider: me.example\ntags: [a]"
    result = parsed(front, rules=STRICT)
    assert result.article, result.problems
    assert result.article.published_date_time == datetime(2021, 3, 4, tzinfo=UTC)
    assert (result.article.topics, result.article.web_url) == (("a",), "https://me.example/owls")


def test_without_a_site_a_post_is_told_what_would_give_it_an_address() -> None:
    problems = parsed("title: Owls\ndate: 2021-03-04\ntags: [a]", rules=STRICT).problems
    assert [(problem.field, "--site" in problem.remedy) for problem in problems] == [
        ("webUrl", True),
        ("provider", True),
    ]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("date: 2020-01-01\n", "date: is not a known field; remove it, or publishedDateTime: `date` is"),
        ("topics: [a]\ntags: [b]\n", "tags: is not a known field; remove it, or topics: `tags` is `topics` here"),
    ],
)
def test_a_name_of_other_tools_beside_ours_is_told_to_mean_the_same(more: str, told: str) -> None:
    [problem] = parse_article("a.md", article_text(more=more).encode()).problems
    assert told in str(problem)


@pytest.mark.parametrize(
    ("more", "check"),
    [
        ("topics: AI, Big Cities\n", lambda it: it.topics == ("AI", "Big Cities")),
        ("image: x.jpg\n", lambda it: it.images == (Image(url="https://daily.example/x.jpg"),)),
        ("images: [/x.jpg, {url: /y.jpg}]\n", lambda it: it.images == (Image(url="/x.jpg"), Image(url="/y.jpg"))),
        ("image: {url: /x.jpg, title: X}\n", lambda it: it.images == (Image(url="/x.jpg", title="X"),)),
    ],
)
def test_short_forms_are_understood(more: str, check: object) -> None:
    result = parse_article("a.md", article_text(more=more).encode())
    assert result.article, result.problems
    assert check(result.article)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("author: Ann Lee, PhD", ("Ann Lee, PhD",)),
        ("authors: [Ann, {name: Bo, url: /bo}]", ("Ann", "Bo")),
        ("author: {name: Ann, email: a@x.example}", ("Ann",)),
        ("author: [Ann]\nauthors: [Bo]", ("Bo",)),
        ("taxonomies: {authors: [Ann]}", ("Ann",)),
        ("author:", ()),
    ],
)
def test_authors_are_texts_or_mappings_or_lists_of_both(front: str, expected: tuple[str, ...]) -> None:
    assert article(front).authors == expected


@pytest.mark.parametrize(
    ("front", "path", "expected"),
    [
        ("lang: pt-BR", "a.md", "pt-BR"),
        ("language: English", "a.md", None),
        ("x: y", "a/index.fr.md", "fr"),
        ("lang: de", "a/index.fr.md", "de"),
    ],
)
def test_the_language_is_a_code_from_a_field_or_the_name(front: str, path: str, expected: str | None) -> None:
    assert article(front, path=path).language == expected


def test_a_change_that_is_no_date_is_ignored_in_posts_and_an_error_in_our_own_files() -> None:
    assert article("lastmod: today").updated_date_time is None
    assert article("last_modified_at: 2021-03-05").updated_date_time == datetime(2021, 3, 5, tzinfo=UTC)
    own = "updatedDateTime: today\nlanguage: English\nauthors: {x: y}\n"
    problems = parse_article("a.md", article_text(more=own).encode()).problems
    assert [problem.field for problem in problems] == ["updatedDateTime", "language"]


@pytest.mark.parametrize(
    ("path", "body", "lead"),
    [
        ("a.md", "{% include toc.html %}\n\nOwls {{ site.name }}are *back*.", "Owls are back."),
        ("a.md", '{{< figure src="x.png" >}}\n\nOwls.', "Owls."),
        ("a.md", "{: .lead}\nOwls.", "Owls."),
        ("a.mdx", "import A from 'a'\nimport {\n  B,\n} from 'b'\n\nexport const c = 1\n\nOwls.", "Owls."),
        ("a.mdx", "important owls.", "important owls."),
        ("a.md", "import owls", "import owls"),
    ],
)
def test_what_a_generator_fills_in_is_no_first_paragraph(path: str, body: str, lead: str) -> None:
    result = article("x: y", path=path, body=body)
    assert (result.lead, result.body) == (lead, body)


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("title = [1, 2]", "write it as `title = value`"),
        ("topics = {a = 1}", 'write its entries in brackets, as in `["a", "b"]`'),
        ("provider = [1]", "write it as a table, as in `{ field = value }`"),
        ("topics = [[1]]", 'write it as `"name"`'),
        ('title = ""', "write a value after `title =`"),
        ("", "add `title =` with a value"),
    ],
)
def test_remedies_for_toml_are_in_toml(line: str, remedy: str) -> None:
    needed = {
        "title": '"x"',
        "publishedDateTime": "2021-03-04",
        "webUrl": '"https://x.example"',
        "provider": '"x.example"',
    }
    if not line:
        del needed["title"]
    lines = [f"{name} = {value}" for name, value in needed.items() if name != line.split(" ", maxsplit=1)[0]]
    text = "\n".join(("+++", *lines, line, "+++"))
    [problem] = parse_article("a.md", text.encode()).problems
    assert problem.remedy == remedy


def test_the_second_of_two_posts_with_one_address_is_told_the_address(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    for name in ("a", "b"):
        folder.write(f"{name}.md", "---\ntitle: x\ndate: 2021-03-04\nslug: owls\n---\n")
    _, [told] = folder.build(rules=POSTS)
    assert told.startswith(
        "b.md:4:7: error: webUrl: is that of a.md already; its address is https://me.example/owls/; "
    )
    assert told.endswith("; give it a permalink or a slug of its own, or remove one of the two")


def test_a_draft_needs_no_date() -> None:
    assert parsed("title: Owls\ndraft: true").article is not None
    assert parsed("title: Owls\ndraft: false").article is None


def test_of_a_field_that_is_given_twice_the_last_counts_as_for_generators() -> None:
    front = "title: Owls\ndate: 2021-03-04\ntags: [a]\ntags: [b]"
    result = parsed(front)
    assert result.article
    assert result.article.topics == ("b",)
    [problem] = result.problems
    assert str(problem).startswith("owls.md:5:1: warning: tags: tags is given twice, in lines 4 and 5; keep one")
    assert parsed(front, rules=STRICT).article is None


names = st.sampled_from(
    (*OWN, *chain.from_iterable(WELL_KNOWN.values()), "draft", "status", "secured", "extra", "header", "taxonomies")
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(
        (
            "2021-03-04",
            "03/04/2020",
            "/a/:year/:title/",
            "{{ x }}",
            "https://x.example/{slug}",
            "//",
            "/",
            ".",
            "..",
            "a.png",
        )
    )
)
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(names | st.sampled_from(("name", "url")), inner, max_size=3)
    ),
    max_leaves=6,
)
RULES = (
    STRICT,
    POSTS,
    FieldRules(site="https://me.example/b/", style=STYLES["jekyll"], is_lenient=True, extra=("header", "extra.image")),
    FieldRules(is_lenient=True, sources={"topics": ("topics", "tags"), "webUrl": ("{path}",)}, hiders=("status",)),
)


@given(
    st.dictionaries(names, anything, max_size=6),
    st.sampled_from(("a.md", "2021-03-04-a.mdx", "a/index.fr.html", "2021-02-30-x/index.md", "b/.md", "a.yml")),
    st.sampled_from(RULES),
)
def test_no_front_matter_whatever_makes_it_raise(front: dict[str, object], path: str, rules: FieldRules) -> None:
    text = json.dumps(front) if path.endswith(".yml") else f"---\n{json.dumps(front)}\n---\nText\n"
    result = parse_article(path, text.encode(), rules)
    assert result.article or result.problems


@pytest.mark.parametrize(
    ("front", "told"),
    [
        ("private: true", "private"),
        ("hidden: true", None),
        ("visibility: private", "visibility"),
        ("draft: true", None),
        ("Published: false", None),
        ("wip: true", None),
        ("hidden: false", None),
    ],
)
def test_a_post_that_another_word_hides_is_told_of_and_a_plain_draft_is_not(front: str, told: str | None) -> None:
    rules = replace(POSTS, hiders=("wip",))
    warned = [problem.field for problem in parsed(f"title: Owls\ndate: 2021-03-04\n{front}", rules=rules).problems]
    assert warned == ([told] if told else [])
