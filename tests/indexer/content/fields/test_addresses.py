"""The addresses of posts."""

import pytest

from indexer.content.fields.addresses import Name, Post, address
from indexer.content.fields.rules import STYLES

SITE = "https://me.example/blog"


def url(path: str, *, written: str = "", pattern: str = "", style: str = "", slug: str = "") -> str | None:
    post = Post(
        name=Name.of(path),
        date="2021-03-04T23:00:00-05:00",
        slug=slug,
        title="Owls Return",
        categories=("Big News", "x"),
    )
    return address(post, written=written, pattern=pattern, site=SITE, style=STYLES.get(style))


@pytest.mark.parametrize(
    ("path", "style", "expected"),
    [
        ("2021-03-01-owls.md", "", "/big-news/x/2021/03/04/owls.html"),
        ("2021-03-01-owls.md", "jekyll", "/big-news/x/2021/03/04/owls.html"),
        ("2021-03-01-owls.md", "hugo", "/2021-03-01-owls/"),
        ("2021-03-01-owls.md", "eleventy", "/owls/"),
        ("posts/Owls Return.md", "", "/posts/owls-return/"),
        ("posts/Owls Return.md", "eleventy", "/posts/Owls-Return/"),
        ("posts/owls/index.md", "hugo", "/posts/owls/"),
        ("posts/owls/index.fr.md", "hugo", "/fr/posts/owls/"),
        ("posts/owls.pt-br.mdx", "astro", "/pt-br/posts/owls/"),
        ("posts/node.js.md", "astro", "/posts/node.js/"),
        ("2021-03-01-owls/index.md", "zola", "/owls/"),
    ],
)
def test_an_address_follows_the_habits_of_a_generator(path: str, style: str, expected: str) -> None:
    assert url(path, style=style) == SITE + expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/owls/", f"{SITE}/owls/"),
        ("owls and bats.html", f"{SITE}/owls%20and%20bats.html"),
        ("/owls/index.html", f"{SITE}/owls/"),
        ("https://other.example/owls", "https://other.example/owls"),
        ("/:categories/:year/:i_month/:title/", f"{SITE}/big-news/x/2021/3/owls-return/"),
        ("pretty", f"{SITE}/big-news/x/2021/03/04/owls-return/"),
        ("/a:b/", f"{SITE}/a:b/"),
        ("/{{ page.fileSlug }}/", f"{SITE}/owls/"),
        ("{% if x %}y{% endif %}", f"{SITE}/owls/"),
        ("false", f"{SITE}/owls/"),
    ],
)
def test_a_permalink_is_used_but_where_a_template_completes_it(written: str, expected: str) -> None:
    assert url("owls.md", written=written) == expected


def test_a_pattern_is_filled() -> None:
    pattern = "https://w.example/{year}/{month}/{day}/{folder}/{slug}?{name}-{title}-{category}-{language}"
    assert url("a/owls.fr.md", pattern=pattern, slug="bats") == (
        "https://w.example/2021/03/04/a/bats?owls-owls-return-big-news-fr"
    )
    assert url("owls.md", pattern="/{path}/") == f"{SITE}/owls/"


def test_without_a_site_there_is_no_relative_address() -> None:
    post = Post(name=Name.of("owls.md"))
    assert address(post, written="/owls/", pattern="", site=None, style=None) is None
    assert address(post, written="https://x.example/", pattern="", site=None, style=None) == "https://x.example/"


def test_a_name_suggests_a_title() -> None:
    assert Name.of("2021-03-04-owls_return-home.md").title == "Owls Return Home"
