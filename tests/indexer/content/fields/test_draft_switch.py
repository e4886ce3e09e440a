"""The switch that hides an article: however it is misspelt, nothing is published by mistake."""

import pytest

from indexer.content.parse import parse_article
from indexer.errors import Severity
from tests.indexer.folder import article_text


def published(more: str) -> bool | None:
    """True if an article with these lines is published; None where it has an error."""
    article = parse_article("a.md", article_text(more=more).encode()).article
    return article.published if article else None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("published: false\n", False),
        ("published: true\n", True),
        ("published:\n", True),
        ("draft: true\n", False),
        ("draft: yes\n", False),
        ("draft: false\n", True),
        ("draft: true\npublished: false\n", False),
        ("draft: false\npublished: true\n", True),
        ("colour: blue\n", True),
        ("public: true\n", True),
        ("private: no\n", True),
        ("publishedDate: 2020-01-01\n", True),
        ("publisher: Lamp\n", True),
        ("status: published\n", True),
        ("live: https://lamp.example/stream\n", True),
        ("hide: [toc]\n", True),
        ("publish: 2020-01-01\n", True),
        ("related: [{title: x, webUrl: 'https://a.example', draft: true}]\n", True),
    ],
)
def test_published_and_draft_say_the_same_and_other_fields_say_nothing(more: str, expected: bool) -> None:  # noqa: FBT001
    assert published(more) is expected


@pytest.mark.parametrize(
    "more",
    [
        "Published: false\n",
        "PUBLISHED: true\n",
        "publish: no\n",
        "publised: false\n",
        "is_published: false\n",
        "unpublished: true\n",
        "Draft: true\n",
        "drafts: true\n",
        "is-draft: no\n",
        "hidden: true\n",
        "private: yes\n",
        "visible: off\n",
        "unpublish: yes\n",
        "is hidden: true\n",
        "isPublic: no\n",
        "publishing: no\n",
        "publish: never\n",
        "hidden: 1\n",
        "published?: n\n",
        "embargo: 2030-01-01\n",
        "status: draft\n",
        "visibility: private\n",
        "draft: maybe\n",
        "published: later\n",
        "published: [false]\n",
        "draft: true\npublished: true\n",
        "draft: false\npublished: false\n",
    ],
)
def test_a_near_miss_of_the_switch_is_an_error_at_its_place(more: str) -> None:
    parsed = parse_article("a.md", article_text(more=more).encode())
    assert parsed.article is None
    [problem] = parsed.problems
    assert problem.severity is Severity.ERROR
    assert problem.line == 6
